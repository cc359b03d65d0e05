"""Figures of a cycle for executives, the personnel office and auditors: no names, no small groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from idp.database import db
from idp.models import Cycle
from idp.queries.cycles import unit_choices
from idp.queries.figure_counts import units_of
from idp.queries.figure_trees import WHOLE_ORGANISATION
from idp.queries.figures import Part, cycles_begun, figures
from idp.queries.relations import executive_unit_paths
from idp.rules.errors import NotVisible
from idp.rules.suppression import LEAST
from idp.rules.terms import Permission, Relation
from idp.services.settings import rules_of_cycle
from idp.web import clock
from idp.web.guards import current_actor, current_standing, current_user, guarded
from idp.web.language import name_of
from idp.web.names.bands import band_name
from idp.web.names.cycles import STAGES
from idp.web.numbers import asked_number

blueprint = Blueprint("figures", __name__, url_prefix="/figures")

EVERYTHING = frozenset({Relation.HR_OFFICER, Relation.AUDITOR})
"""They read the figures of the whole organisation; an executive those of their units."""


@dataclass(frozen=True)
class Bar:
    """One part of a unit's people, as the chart and the table show it."""

    name: str
    count: int
    percent: int


@blueprint.get("/")
@guarded(Permission.FIGURES_VIEW)
def index() -> str:
    """One unit in one cycle; without being asked for any, the latest cycle and the reader's largest unit."""
    session, organisation_id = db.session(), current_user().organisation_id or 0
    cycles = cycles_begun(session, organisation_id)
    if not cycles:
        return render_template("figures/index.html", cycles=(), found=None)
    units = units_in_sight(organisation_id)
    cycle = chosen_cycle(cycles)
    unit_id = chosen_unit(units)
    found = figures(session, cycle, unit_id, rules_of_cycle(cycle))
    return render_template(
        "figures/index.html",
        cycles=cycles,
        cycle=cycle,
        found=found,
        bars=bars(found.unit.parts),
        headings=[(place, part_name(part)) for place, part in enumerate(found.parts_below) if part.count],
        units=units,
        unit_id=unit_id,
        sees_unit={each[0] for each in units}.__contains__,
        least=LEAST,
    )


def bars(parts: tuple[Part, ...]) -> list[Bar]:
    """What a unit's people are divided into, without categories that nobody is in; percent rounded down."""
    total = sum(part.count for part in parts) or 1
    return [Bar(part_name(part), part.count, part.count * 100 // total) for part in parts if part.count]


def part_name(part: Part) -> str:
    """ "ดีเด่น", or of merged categories "ดี · พอใช้"."""
    names = [str(STAGES[stage]) for stage in part.stages]
    names += [band_name(band) or _("แจ้งผลแล้ว ไม่มีระดับผลการประเมิน") for band in part.bands]
    return " · ".join(names)


def _reads_everything() -> bool:
    """Whether the reader is bounded to no unit."""
    return bool(current_standing().relations & EVERYTHING)


def units_in_sight(organisation_id: int) -> list[tuple[int, str, int]]:
    """(number, name, depth) of the units that the reader may choose."""
    session = db.session()
    every = [
        (unit_id, name_of(name_th, name_en), depth)
        for unit_id, name_th, name_en, depth in unit_choices(session, organisation_id)
    ]
    whole = [(WHOLE_ORGANISATION, _("ทั้งหน่วยงาน"), 0)]
    if _reads_everything():
        return whole + every
    paths = executive_unit_paths(session, current_actor(), clock.today())
    if "/" in paths:
        return whole + every
    inside = {unit.id for unit in units_of(session, organisation_id) if unit.path.startswith(paths)}
    return [unit for unit in every if unit[0] in inside]


def chosen_cycle(cycles: Sequence[Cycle]) -> Cycle:
    """The one asked for; what is not among the organisation's is as good as missing. Raises NotVisible."""
    if "cycle" not in request.args:
        return cycles[0]
    wanted = asked_number(request.args, "cycle")
    found = next((each for each in cycles if each.id == wanted), None)
    if found is None:
        raise NotVisible
    return found


def chosen_unit(units: list[tuple[int, str, int]]) -> int:
    """The unit asked for, of those in sight. Raises NotVisible."""
    wanted = asked_number(request.args, "unit") if "unit" in request.args else units[0][0] if units else None
    if wanted not in {each[0] for each in units}:
        raise NotVisible
    assert wanted is not None
    return wanted
