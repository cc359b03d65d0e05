"""Release results of a cycle to those concerned, and see what is missing before it closes."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from idp.database import db
from idp.queries.cycles import releasable, unit_choices, unreleased
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.terms import CycleEvent, Permission
from idp.services.results import release_many
from idp.web import clock
from idp.web.cycles import blueprint as cycles
from idp.web.cycles import load, read_unit
from idp.web.formats import number
from idp.web.guards import current_actor, guarded
from idp.web.numbers import record_number

NAMES_SHOWN = 50


@cycles.get("/<int:cycle_id>/release")
@guarded(Permission.CYCLE_RUN)
def release_preview(cycle_id: int) -> str:
    """How many results would be released: of the people chosen, of a unit, or of everybody."""
    cycle, _standing = load(cycle_id)
    unit_id, chosen = read_unit(cycle.organisation_id), _chosen()
    ids = releasable(db.session(), cycle_id, unit_id, chosen)
    units = {unit[0]: unit for unit in unit_choices(db.session(), cycle.organisation_id)}
    return render_template(
        "cycles/release.html",
        cycle=cycle,
        ids=ids,
        chosen=chosen,
        unit=units.get(unit_id) if unit_id else None,
    )


@cycles.post("/<int:cycle_id>/release")
@guarded(Permission.CYCLE_RUN)
def release(cycle_id: int) -> Response:
    """Release them; who cannot be released any more (somebody else did it) is left out."""
    cycle, _standing = load(cycle_id)
    session = db.session()
    ids = releasable(session, cycle_id, read_unit(cycle.organisation_id), _chosen())
    done = release_many(session, current_actor(), cycle_id, ids, clock.now()) if ids else 0
    session.commit()
    flash(
        ngettext(
            "แจ้งผลการประเมินแล้ว %(count)s คน", "แจ้งผลการประเมินแล้ว %(count)s คน", done, count=number(done)
        ),
        "success" if done else "warning",
    )
    return redirect(url_for("cycles.show", cycle_id=cycle_id))  # type: ignore[return-value]


@cycles.get("/<int:cycle_id>/closing")
@guarded(Permission.CYCLE_RUN)
def closing(cycle_id: int) -> str:
    """What is missing before the cycle can close, and the button when nothing is."""
    cycle, standing = load(cycle_id)
    rows = CYCLE_WORKFLOW.available(cycle.state, standing.relations)
    missing = unreleased(db.session(), cycle_id, NAMES_SHOWN + 1)
    return render_template(
        "cycles/closing.html",
        cycle=cycle,
        missing=missing[:NAMES_SHOWN],
        are_more=len(missing) > NAMES_SHOWN,
        may_close=not missing and any(row.event is CycleEvent.BEGIN_CLOSING for row in rows),
    )


def _chosen() -> tuple[int, ...] | None:
    """The assessments ticked in the list; None when a unit or everybody is meant."""
    ticked = request.values.getlist("assessment")
    if not ticked and request.values.get("scope") != "chosen":
        return None
    named = (record_number(text) for text in ticked)
    return tuple(each for each in named if each is not None)
