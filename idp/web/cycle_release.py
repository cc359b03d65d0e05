"""Release results of a cycle to those concerned, and see what is missing before it closes."""

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from idp.adapters.queue import nudge
from idp.database import db
from idp.queries.cycles import releasable, unit_choices, unreleased
from idp.queries.objection_lists import under_way_in_cycle
from idp.queries.releases import latest_run, named, unready
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.terms import AssessmentState, CycleEvent, Permission, Requirement
from idp.services.releases import AT_ONCE, begin_release, release_ready
from idp.web import clock
from idp.web.cycles import blueprint as cycles
from idp.web.cycles import load, read_unit
from idp.web.formats import number
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.numbers import record_number

NAMES_SHOWN = 50
REFRESH_SECONDS = 5


@cycles.get("/<int:cycle_id>/release")
@guarded(Permission.CYCLE_RUN)
def release_preview(cycle_id: int) -> Response:
    """How many results would be released: of the people chosen, of a unit, or of everybody; who cannot be
    yet, and why. While the workers release many, how far they are."""
    cycle, _standing = load(cycle_id)
    session = db.session()
    unit_id, chosen = read_unit(cycle.organisation_id), _chosen()
    units = {unit[0]: unit for unit in unit_choices(session, cycle.organisation_id)}
    waiting, waiting_count = unready(session, cycle_id, unit_id, NAMES_SHOWN, chosen)
    run = latest_run(session, cycle_id, NAMES_SHOWN)
    body = render_template(
        "cycles/release.html",
        cycle=cycle,
        ids=releasable(session, cycle_id, unit_id, chosen),
        chosen=chosen,
        unit=units.get(unit_id) if unit_id else None,
        waiting=waiting,
        waiting_count=waiting_count,
        run=run,
        reason_name=reason_name,
    )
    response = make_response(body)
    if run is not None and run.is_under_way:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@cycles.post("/<int:cycle_id>/release")
@guarded(Permission.CYCLE_RUN)
def release(cycle_id: int) -> Response:
    """Release them, a whole organisation by the workers; who cannot be released any more is named."""
    cycle, _standing = load(cycle_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    unit_id, chosen = read_unit(cycle.organisation_id), _chosen()
    ids = releasable(session, cycle_id, unit_id, chosen)
    if chosen is None and len(ids) > AT_ONCE:
        begin_release(session, actor, cycle_id, len(ids), now, unit_id)
        session.commit()
        nudge("cycles.carry_on", settings=current_app.extensions["settings"])
        return redirect(url_for("cycles.release_preview", cycle_id=cycle_id))  # type: ignore[return-value]
    outcome = release_ready(session, actor, cycle_id, ids, now)
    left_out = named(session, {each.assessment_id: each.reason for each in outcome.left_out})
    if chosen is not None:
        left_out += unready(session, cycle_id, unit_id, NAMES_SHOWN, chosen)[0]
    session.commit()
    done = outcome.released
    flash(
        ngettext(
            "แจ้งผลการประเมินแล้ว %(count)s คน", "แจ้งผลการประเมินแล้ว %(count)s คน", done, count=number(done)
        ),
        "success" if done else "warning",
    )
    for each in left_out[:NAMES_SHOWN]:
        flash(
            gettext("ยังแจ้งผลของ%(name)s ไม่ได้: %(reason)s", name=each.name, reason=reason_name(each.reason)),
            "warning",
        )
    return redirect(url_for("cycles.show", cycle_id=cycle_id))  # type: ignore[return-value]


def reason_name(reason: str) -> str:
    """Why somebody could not be released: their state, or what is not met."""
    if reason in set(AssessmentState):
        return label(AssessmentState(reason))
    words = [label(Requirement(each)) for each in reason.split(",") if each in set(Requirement)]
    return ", ".join(words) or gettext("ข้อมูลเปลี่ยนไประหว่างการแจ้งผล โปรดตรวจสอบอีกครั้ง")


@cycles.get("/<int:cycle_id>/closing")
@guarded(Permission.CYCLE_RUN)
def closing(cycle_id: int) -> str:
    """What is missing before the cycle can close, and the button when nothing is."""
    cycle, standing = load(cycle_id)
    rows = CYCLE_WORKFLOW.available(cycle.state, standing.relations)
    missing = unreleased(db.session(), cycle_id, NAMES_SHOWN + 1)
    objecting = under_way_in_cycle(db.session(), cycle_id, NAMES_SHOWN)
    may_begin = any(row.event is CycleEvent.BEGIN_CLOSING for row in rows)
    return render_template(
        "cycles/closing.html",
        cycle=cycle,
        missing=missing[:NAMES_SHOWN],
        objecting=objecting,
        are_more=len(missing) > NAMES_SHOWN,
        may_close=not missing and not objecting and may_begin,
    )


def _chosen() -> tuple[int, ...] | None:
    """The assessments ticked in the list; None when a unit or everybody is meant."""
    ticked = request.values.getlist("assessment")
    if not ticked and request.values.get("scope") != "chosen":
        return None
    named = (record_number(text) for text in ticked)
    return tuple(each for each in named if each is not None)
