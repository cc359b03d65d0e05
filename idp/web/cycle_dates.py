"""Move the dates of a cycle's phases, also while it is open (an extension for everybody)."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Cycle
from idp.queries.cycles import cycle_with_parts
from idp.rules.errors import InvalidInput, StaleVersion
from idp.rules.phases import kinds_of
from idp.rules.terms import Permission, PhaseKind
from idp.services.access import load_cycle
from idp.services.cycles import update_phases
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.cycle_creation import messages_of
from idp.web.cycles import blueprint as cycles
from idp.web.forms.cycles import read_phases, typed_dates, understood_dates, written_dates
from idp.web.guards import current_actor, guarded


@cycles.get("/<int:cycle_id>/dates")
@guarded(Permission.CYCLE_RUN)
def dates(cycle_id: int) -> Response:
    """The dates as they stand."""
    return _page(cycle_id, None, {}, 200)


@cycles.post("/<int:cycle_id>/dates")
@guarded(Permission.CYCLE_RUN)
def save_dates(cycle_id: int) -> Response:
    """Write the dates. Where somebody else wrote before, nothing is written and nothing typed is lost:
    the page shows both.
    """
    session, form = db.session(), request.form
    try:
        cycle, _standing = load_cycle(session, current_actor(), cycle_id, Permission.CYCLE_RUN, clock.today())
        phases = read_phases(form, cycle.starts_on, cycle.ends_on, _kinds(cycle))
        update_phases(
            session, current_actor(), cycle_id, phases, clock.now(), expected_version=sent_version()
        )
    except InvalidInput as error:
        session.rollback()
        return _page(cycle_id, typed_dates(form, tuple(PhaseKind)), messages_of(error), 422)
    except StaleVersion:
        session.rollback()
        return _page(cycle_id, typed_dates(form, tuple(PhaseKind)), {}, 409)
    session.commit()
    flash(_("บันทึกกำหนดเวลาแล้ว"), "success")
    return redirect(url_for("cycles.show", cycle_id=cycle_id))  # type: ignore[return-value]


def _kinds(cycle: Cycle) -> tuple[PhaseKind, ...]:
    """The phases that the cycle has; before it opens, those that the rules of today ask for."""
    if cycle.opened_at is not None:
        return kinds_of(with_agreement=any(each.kind is PhaseKind.AGREEMENT for each in cycle.phases))
    rules = rules_on(db.session(), cycle.organisation_id, clock.today())
    return kinds_of(with_agreement=rules.agreement_at_start)


def _page(cycle_id: int, typed: dict[str, str] | None, errors: dict[str, str], status: int) -> Response:
    session = db.session()
    load_cycle(session, current_actor(), cycle_id, Permission.CYCLE_RUN, clock.today())
    cycle = cycle_with_parts(session, cycle_id)
    stored = written_dates({phase.kind: (phase.opens_on, phase.due_on) for phase in cycle.phases})
    shown = stored if typed is None else typed
    changed = {name: text for name, text in stored.items() if status == 409 and shown.get(name) != text}
    page = render_template(
        "cycles/dates.html",
        cycle=cycle,
        dates=shown,
        understood=understood_dates(shown),
        errors=errors,
        kinds=_kinds(cycle),
        stored=changed,
        is_stale=status == 409,
        # A refused form keeps the version that its reader saw; a conflict shows the new one beside it.
        version=sent_version() if status == 422 else cycle.version,
    )
    return make_response(page, status)
