"""The gaps and strengths of those whom one rates or has above oneself."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from idp.charts import Shares, share_sample, stacked_bar
from idp.database import db
from idp.models import Cycle
from idp.queries.team_gaps import cycles_with_gaps, team_gaps
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission, Standing
from idp.rules.thai import full_name, position_with_level
from idp.web import clock
from idp.web.formats import number
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.looking import note_team_look
from idp.web.numbers import asked_number

blueprint = Blueprint("team_gaps", __name__, url_prefix="/team/gaps")

ON_A_PAGE = 100
"""So many people at once; the summary is of all."""


@blueprint.get("/")
@guarded(Permission.TEAM_VIEW)
def index() -> str:
    """People x competencies of one cycle, the latest with a result unless another is asked for."""
    session, actor, day = db.session(), current_actor(), clock.today()
    cycles = cycles_with_gaps(session, actor, day)
    if not cycles:
        return render_template("gaps/team.html", cycles=(), found=None)
    cycle = _chosen_cycle(cycles)
    found = team_gaps(session, actor, cycle.id, day)
    part = max(asked_number(request.args, "part") or 1, 1)
    end = part * ON_A_PAGE
    shown = found.people[end - ON_A_PAGE : end]
    note_team_look([person.assessment_id for person in shown])
    return render_template(
        "gaps/team.html",
        cycles=cycles,
        cycle=cycle,
        found=found,
        people=shown,
        next_part=_address(cycle, part + 1) if len(found.people) > end else None,
        previous_part=_address(cycle, part - 1) if part > 1 else None,
        bars={each.id: share_bar(each.counts) for each in found.competencies},
        legend=share_legend(),
        full_name=full_name,
        position_with_level=position_with_level,
    )


def _address(cycle: Cycle, part: int) -> str:
    return url_for("team_gaps.index", cycle=cycle.id, part=part)


def share_bar(counts: Mapping[Standing, int]) -> Markup:
    """How many stand where, as a bar."""
    return Markup(stacked_bar(Shares(**{each.value: count for each, count in counts.items()}), number))


def share_legend() -> list[tuple[Markup, str]]:
    """(drawn sample, its name)."""
    return [(Markup(share_sample(each)), label(each)) for each in Standing]


def _chosen_cycle(cycles: Sequence[Cycle]) -> Cycle:
    """The one asked for, of those with something to see. Raises NotVisible."""
    if "cycle" not in request.args:
        return cycles[0]
    wanted = asked_number(request.args, "cycle")
    found = next((each for each in cycles if each.id == wanted), None)
    if found is None:
        raise NotVisible
    return found
