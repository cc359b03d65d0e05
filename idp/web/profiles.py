"""Position profiles: the lines of work, one group's table as it stands on a day, and its editing."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.position_overrides import override_list
from idp.queries.profile_carry_over import successors
from idp.queries.profile_history import history_of_group
from idp.queries.profile_index import example_levels, frozen_by_cycles, profile_index
from idp.queries.profiles import Group, ProfileColumn, ProfileTable, profile_group, profile_table
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.terms import Permission
from idp.rules.thai import parse_thai_date
from idp.services.imports.registry import all_kinds
from idp.services.profiles import set_profiles
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.forms.profiles import (
    Prefill,
    drawn_cell,
    level_field,
    plain_weight,
    shown_weight,
    typed_table,
    weight_field,
)
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.numbers import record_number

blueprint = Blueprint("profiles", __name__, url_prefix="/profiles")

EVENT = "set_profiles"
DEFAULTS = "defaults"
FILE_KIND = "expected_levels"


@blueprint.get("/")
@guarded(Permission.PROFILE_VIEW)
def index() -> str:
    """The lines of work, with what is lacking in their profiles."""
    session, day, organisation_id = db.session(), clock.today(), _organisation_id()
    return render_template(
        "profiles/index.html",
        index=profile_index(session, organisation_id, day),
        successors=successors(session, organisation_id, day),
        overrides=override_list(session, organisation_id, day),
        expected_levels_address=_address_of_files(),
    )


@blueprint.get("/<profile_group>")
@guarded(Permission.PROFILE_VIEW)
def show(profile_group: str) -> str:
    """One group's table as it stands on `?on=`, today without."""
    group, day = _group(profile_group), _asked_day()
    session = db.session()
    table = profile_table(session, _organisation_id(), group, day)
    return render_template(
        "profiles/show.html",
        table=table,
        name=group_name(group),
        today=clock.today(),
        on_written=written_date(day),
        weight=shown_weight,
        cycles=frozen_by_cycles(session, _organisation_id()),
    )


@blueprint.get("/<profile_group>/history")
@guarded(Permission.PROFILE_VIEW)
def history(profile_group: str) -> str:
    """What was set in the group's profiles, by whom, from what to what."""
    group = _group(profile_group)
    return render_template(
        "profiles/history.html",
        group=group,
        name=group_name(group),
        page=history_of_group(
            db.session(), _organisation_id(), group, record_number(request.args.get("before", ""))
        ),
        weight=shown_weight,
    )


@blueprint.get("/<profile_group>/edit")
@guarded(Permission.PROFILE_EDIT)
def edit(profile_group: str) -> Response:
    """The table to type in. `?column=` adds a competency; `?source=` fills it from the seeded example or
    another line of work, `?from_level=` and `?to_level=` one row from another: nothing is kept before it is
    sent."""
    return _edit_page(_group(profile_group), NOTHING_SENT)


@blueprint.post("/<profile_group>/edit")
@guarded(Permission.PROFILE_EDIT)
def save(profile_group: str) -> Response:
    """Set the rows that were typed otherwise, from the day typed."""
    group = _group(profile_group)
    try:
        from_on, count = _save(group)
    except REFUSED as refusal:
        db.session.rollback()
        return _edit_page(group, attempt_of(refusal, EVENT))
    db.session.commit()
    flash(
        _(
            "บันทึกมาตรฐานสมรรถนะของ %(count)s ระดับตำแหน่งแล้ว มีผลตั้งแต่ %(day)s",
            count=count,
            day=show_date(from_on),
        ),
        "success",
    )
    day = None if from_on == clock.today() else from_on.isoformat()
    return redirect(url_for("profiles.show", profile_group=profile_group, on=day))  # type: ignore[return-value]


def _save(group: Group) -> tuple[date, int]:
    """The day and how many position levels were set. Raises what `REFUSED` names."""
    table = profile_table(db.session(), _organisation_id(), group, _day_of(request.form.get("on", "")))
    columns = _columns(table, request.form.getlist("column"))
    typed = typed_table(request.form, table.rows, columns)
    problems = list(typed.problems)
    from_on = None
    try:
        from_on = typed_day(request.form, "from_on")
    except InvalidInput as problem:
        problems.append(problem)
    if problems or from_on is None:
        raise InvalidInputs(problems)
    changed = set_profiles(
        db.session(), current_actor(), group, typed.wanted, from_on, clock.now(), sent_version()
    )
    return from_on, len(changed)


def _edit_page(group: Group, attempt: Attempt) -> Response:
    session, organisation_id = db.session(), _organisation_id()
    values = request.form if attempt.event else request.args
    table = profile_table(session, organisation_id, group, _day_of(values.get("on", "")))
    prefill = {} if attempt.event else _prefill(table)
    asked = [*values.getlist("column"), *(str(competency_id) for _, competency_id in prefill)]
    columns = _columns(table, asked)
    chosen = {column.competency_id for column in columns}
    index = profile_index(session, organisation_id, clock.today())
    body = render_template(
        "profiles/edit.html",
        table=table,
        name=group_name(group),
        columns=columns,
        added=[each for each in columns if each in table.choices],
        choices=[each for each in table.choices if each.competency_id not in chosen and _fits(each, group)],
        attempt=attempt,
        event=EVENT,
        prefill=prefill,
        weight=shown_weight,
        drawn=drawn_cell,
        level_field=level_field,
        weight_field=weight_field,
        from_written=written_date(max(table.day, clock.today())),
        cycles=frozen_by_cycles(session, organisation_id),
        sources=[row for row in index.lines if row.key != group.key and row.levels],
        defaults=DEFAULTS,
        labels=_labels(table, columns),
    )
    return make_response(body, attempt.status)


def _prefill(table: ProfileTable) -> Prefill:
    """What the page is to be filled with besides what holds."""
    source = request.args.get("source", "")
    found: dict[tuple[int, int], tuple[str, str]] = {}
    if source == DEFAULTS:
        levels = example_levels(db.session(), _organisation_id(), table.group, table.versions)
        found = {place: (str(level), "") for place, level in levels.items()}
    elif source:
        other = profile_table(db.session(), _organisation_id(), _group(source), table.day)
        found = {
            (row.level.id, competency_id): (str(cell.level), plain_weight(cell.weight))
            for row in other.rows
            for competency_id, cell in row.cells.items()
        }
    numbers = [record_number(request.args.get(name, "")) for name in ("from_level", "to_level")]
    rows = {row.level.id: row for row in table.rows}
    if numbers[0] in rows and numbers[1] in rows and numbers[1] is not None and numbers[0] is not None:
        for column in table.columns:
            found[numbers[1], column.competency_id] = drawn_cell(rows[numbers[0]], column.competency_id)
    return {place: texts for place, texts in found.items() if place[0] in rows}


def _columns(table: ProfileTable, asked: Sequence[str]) -> list[ProfileColumn]:
    """Those of the table and those asked for besides, core before functional."""
    ids = {record_number(text) for text in asked}
    more = [each for each in table.choices if each.competency_id in ids]
    is_core = table.group.line_of_work_id is None
    if is_core:
        more += [each for each in table.choices if _fits(each, table.group) and each not in more]
    return [*table.columns, *more]


def _fits(column: ProfileColumn, group: Group) -> bool:
    return column.category is group.category


def _labels(table: ProfileTable, columns: Sequence[ProfileColumn]) -> dict[str, str]:
    """Names of the fields for the list of what is wrong."""
    names = {"from_on": _("มีผลตั้งแต่วันที่")}
    for row in table.rows:
        level = f"{row.level.type_name_th} {row.level.name_th}".strip()
        for column in columns:
            names[level_field(row.level.id, column.competency_id)] = f"{level} · {column.name_th}"
            names[weight_field(row.level.id, column.competency_id)] = f"{level} · {column.name_th}"
    return names


def group_name(group: Group) -> str:
    """The name of the group's page."""
    if group.line_of_work_id is None:
        return str(_("สมรรถนะหลักของทุกสายงาน"))
    return str(_("สายงาน%(name)s", name=group.name_th))


def _group(key: str) -> Group:
    if len(key) > LONGEST_KEY or "\x00" in key:
        raise NotVisible
    return profile_group(db.session(), key)


LONGEST_KEY = 60


def _asked_day() -> date:
    return _day_of(request.args.get("on", ""))


def _day_of(text: str) -> date:
    """A day as an address or a field has it; today for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parse_thai_date(text)
    except ValueError:
        return clock.today()


def _address_of_files() -> str | None:
    """Where the profiles are handed in and out as a file, for who may."""
    kinds = {kind.key: kind for kind in all_kinds()}
    kind = kinds.get(FILE_KIND)
    return url_for("imports.new", import_kind=FILE_KIND) if kind and may(kind.permission) else None


def _organisation_id() -> int:
    return current_user().organisation_id or 0
