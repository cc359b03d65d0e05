"""A new cycle in two steps: which year and by which name, then the dates of its phases."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from idp.database import db
from idp.models import Cycle
from idp.queries.frameworks import latest_version
from idp.rules.calendar import FiscalYear
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.phases import default_phases, kinds_of
from idp.rules.terms import Permission, PhaseKind
from idp.services.cycles import create_cycle
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.cycles import blueprint as cycles
from idp.web.forms.cycles import (
    proposed_code,
    proposed_name,
    read_fiscal_year,
    read_phases,
    typed_dates,
    understood_dates,
    written_dates,
)
from idp.web.guards import current_actor, current_user, guarded
from idp.web.messages import message_of

NAME_FIELDS = ("code", "name_th", "name_en")


@cycles.get("/new")
@guarded(Permission.CYCLE_RUN)
def new() -> Response:
    """Step 1: the fiscal year, the code and the name, proposed for the year that we are in."""
    year = _proposed_year()
    proposed = {"fiscal_year": str(year), "code": proposed_code(year), "name_th": proposed_name(year)}
    return _names_page(proposed | {name: text for name, text in request.args.items() if text}, {}, 200)


@cycles.get("/new/dates")
@guarded(Permission.CYCLE_RUN)
def new_dates() -> Response:
    """Step 2: the dates of the phases, proposed for the year chosen in step 1."""
    typed = {name: request.args.get(name, "").strip() for name in ("fiscal_year", *NAME_FIELDS)}
    try:
        year = read_fiscal_year(request.args)
        typed = _proposed_again(typed, year.be_year)
        _check_names(typed)
    except InvalidInput as error:
        return _names_page(typed, {error.field: message_of(error)}, 422)
    with_agreement = _asks_for_agreement()
    dates = written_dates(default_phases(year, with_agreement=with_agreement))
    return _dates_page(typed, dates, {}, 200)


@cycles.post("/new/dates")
@guarded(Permission.CYCLE_RUN)
def create() -> Response:
    """Create the cycle; a wrong value comes back at its field with everything else as it was typed."""
    form = request.form
    typed = {name: form.get(name, "").strip() for name in ("fiscal_year", *NAME_FIELDS)}
    try:
        fiscal_year = read_fiscal_year(form)
        phases = read_phases(form, fiscal_year.start, fiscal_year.end, _kinds())
        cycle = create_cycle(
            db.session(),
            current_actor(),
            code=typed["code"],
            name_th=typed["name_th"],
            name_en=typed["name_en"],
            fiscal_year=fiscal_year.be_year,
            phases=phases,
            now=clock.now(),
        )
    except InvalidInputs as error:
        return _dates_page(typed, typed_dates(form, _kinds()), messages_of(error), 422)
    except InvalidInput as error:
        db.session.rollback()
        return _names_page(typed, messages_of(error), 422)
    db.session.commit()
    flash(_("จัดทำรอบการประเมินแล้ว ขั้นต่อไปคือตรวจสอบความพร้อมและประกาศรอบการประเมิน"), "success")
    return redirect(url_for("cycles.show", cycle_id=cycle.id))  # type: ignore[return-value]


def messages_of(error: InvalidInput) -> dict[str, str]:
    """The texts by field, of one problem or of several."""
    problems = error.problems if isinstance(error, InvalidInputs) else (error,)
    return {problem.field: message_of(problem) for problem in problems}


def _proposed_year() -> int:
    """The fiscal year that we are in; the next one where this one's code is taken already."""
    current = FiscalYear.of(clock.today()).be_year
    return current + 1 if _is_taken(proposed_code(current)) else current


def _is_taken(code: str) -> bool:
    organisation_id = current_user().organisation_id
    taken = select(Cycle.id).where(Cycle.organisation_id == organisation_id, Cycle.code == code)
    return db.session().scalar(taken) is not None


def _proposed_again(typed: dict[str, str], fiscal_year: int) -> dict[str, str]:
    """Where the year was changed but not the names proposed for another one, those of the new year."""
    before = request.args.get("proposed_for", type=int)
    if before is None or before == fiscal_year:
        return typed
    changed = dict(typed)
    if typed["code"] == proposed_code(before):
        changed["code"] = proposed_code(fiscal_year)
    if typed["name_th"] == proposed_name(before):
        changed["name_th"] = proposed_name(fiscal_year)
    return changed


def _check_names(typed: dict[str, str]) -> None:
    """What step 1 can already say; the service checks everything again."""
    for field in ("code", "name_th"):
        if not typed[field]:
            raise InvalidInput(field, "required")
    if _is_taken(typed["code"]):
        raise InvalidInput("code", "taken")


def _names_page(typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    current = FiscalYear.of(clock.today()).be_year
    page = render_template(
        "cycles/new.html",
        typed=typed,
        errors=errors,
        years=sorted({current - 1, current, current + 1}),
        proposed_for=_proposed_year(),
        **_rules_of_today(),
    )
    return make_response(page, status)


def _dates_page(
    names: dict[str, str], dates: dict[str, str], errors: dict[str, str], status: int
) -> Response:
    page = render_template(
        "cycles/new_dates.html",
        names=names,
        dates=dates,
        understood=understood_dates(dates),
        errors=errors,
        kinds=_kinds(),
        **_rules_of_today(),
    )
    return make_response(page, status)


def _kinds() -> tuple[PhaseKind, ...]:
    """The phases of a cycle made today."""
    return kinds_of(with_agreement=_asks_for_agreement())


def _asks_for_agreement() -> bool:
    return rules_on(db.session(), current_user().organisation_id or 0, clock.today()).agreement_at_start


def _rules_of_today() -> dict[str, Any]:
    session = db.session()
    rules = rules_on(session, current_user().organisation_id or 0, clock.today())
    return {
        "rules": rules,
        "frameworks": [
            (use.category, latest_version(session, use.code, current_user().organisation_id))
            for use in rules.frameworks
        ],
    }
