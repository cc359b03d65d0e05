"""All plans of the team side by side, as a table and as a file; and those that wait, to be read in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from idp.adapters.spreadsheets import TableFormat, write_csv, write_workbook
from idp.database import db
from idp.queries.plan_reading import PlanToRead, reading_list
from idp.queries.team_plans import PlanOfTeam, team_plans, years_of_team
from idp.rules.bulk import BulkAction
from idp.rules.errors import NotVisible
from idp.rules.looks import LookKind
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.team_overlaps import OverlapKind, away_together, many, overlaps
from idp.rules.terms import MethodGroup, Permission, PlanState
from idp.rules.thai import position_with_level
from idp.web import clock
from idp.web.acting import represented_names
from idp.web.formats import digits, show_period
from idp.web.guards import current_actor, guarded
from idp.web.language import name_of
from idp.web.looking import note_plan_looks
from idp.web.mix import shares_of
from idp.web.names.plan_lines import FIELD_NAMES
from idp.web.names.team_plans import OVERLAPS
from idp.web.numbers import asked_number
from idp.web.plan_lines import in_words, shown
from idp.web.team_plan_sheets import lines_sheet, people_sheet

blueprint = Blueprint("team_plans", __name__, url_prefix="/team/plans")

ON_A_PAGE = 100
"""So many people at once; sums and what they have in common are of all."""

READ_AT_ONCE = 10
FORMATS = (TableFormat.CSV.value, TableFormat.XLSX.value)
STATES = tuple(state for state in PlanState if state in SHARED_STATES)


@dataclass(frozen=True)
class OverlapInWords:
    """What several people have, and who they are: (plan id, name)."""

    title: str
    people: tuple[tuple[int, str], ...]


@blueprint.get("/")
@guarded(Permission.TEAM_VIEW)
def index() -> str:
    """The plans of one fiscal year, the latest unless another is asked for; all, or those in one state."""
    years = years_of_team(db.session(), current_actor(), clock.today())
    if not years:
        return render_template("team_plans/index.html", years=years, plans=())
    year, state = _chosen_year(years), _chosen_state()
    plans = team_plans(db.session(), current_actor(), clock.today(), year, state)
    part = max(asked_number(request.args, "part") or 1, 1)
    shown_plans = plans[(part - 1) * ON_A_PAGE : part * ON_A_PAGE]
    note_plan_looks(plans)
    lines = [line for plan in plans for line in plan.lines]
    names = {plan.id: plan.name for plan in plans}
    return render_template(
        "team_plans/index.html",
        years=years,
        year=year,
        states=STATES,
        state=state,
        plans=plans,
        shown=shown_plans,
        mixes={plan.id: shares_of(plan.hours_by_group) for plan in shown_plans},
        totals=_totals(plans),
        mix=shares_of({group: sum(plan.hours_by_group[group] for plan in plans) for group in MethodGroup}),
        overlaps=_overlaps(plans),
        away=[
            (period, [(each, names[each]) for each in period.people])
            for period in away_together([line.as_line for line in lines], many(len(plans)))
        ],
        least_away=many(len(plans)),
        represented_names=represented_names(plan.on_behalf_of for plan in plans),
        position_with_level=position_with_level,
        formats=FORMATS,
        next_part=_address(year, state, part + 1) if len(plans) > part * ON_A_PAGE else None,
        previous_part=_address(year, state, part - 1) if part > 1 else None,
    )


@blueprint.get("/file")
@guarded(Permission.TEAM_VIEW)
def file() -> Response:
    """The same as a table to work with: a workbook of people and lines, or the lines as CSV."""
    asked = request.args.get("format", TableFormat.XLSX.value)
    if asked not in FORMATS:
        raise NotVisible
    years = years_of_team(db.session(), current_actor(), clock.today())
    if not years:
        return redirect(url_for("team_plans.index"))  # type: ignore[return-value]
    year, form = _chosen_year(years), TableFormat(asked)
    plans = team_plans(db.session(), current_actor(), clock.today(), year, _chosen_state())
    note_plan_looks(plans, LookKind.EXPORT)
    lines = lines_sheet(plans)
    if form is TableFormat.CSV:
        written = write_csv(lines.header, lines.rows)
    else:
        written = write_workbook([people_sheet(plans), lines])
    name = f"team-plans-{year}.{form.value}"
    return send_file(
        BytesIO(written), mimetype=form.media_type, as_attachment=True, download_name=name, max_age=0
    )


@blueprint.get("/reading")
@guarded(Permission.TEAM_VIEW)
def reading() -> str:
    """The plans that wait for the reader's word, ten at a time; those ticked as read are approved or returned
    together."""
    part = max(asked_number(request.args, "part") or 1, 1)
    start = (part - 1) * READ_AT_ONCE
    found, count = reading_list(db.session(), current_actor(), clock.today(), start, READ_AT_ONCE)
    note_plan_looks([each.plan for each in found])
    return render_template(
        "team_plans/reading.html",
        found=found,
        count=count,
        start=start,
        mixes={each.plan.id: shares_of(each.plan.hours_by_group) for each in found},
        differences={each.plan.id: in_words(each.differences) for each in found},
        in_words=_in_words,
        actions=(BulkAction.APPROVE_PLANS, BulkAction.RETURN_PLANS),
        back=url_for("team_plans.reading", part=part) if part > 1 else url_for("team_plans.reading"),
        represented_names=represented_names(each.plan.on_behalf_of for each in found),
        position_with_level=position_with_level,
        next_part=url_for("team_plans.reading", part=part + 1) if count > start + READ_AT_ONCE else None,
        previous_part=url_for("team_plans.reading", part=part - 1) if part > 1 else None,
    )


def _address(year: int, state: PlanState | None, part: int) -> str:
    return url_for("team_plans.index", year=year, state=state.value if state else "", part=part)


def _chosen_year(years: Sequence[int]) -> int:
    """Raises NotVisible for a year without a plan to see."""
    if "year" not in request.args:
        return years[0]
    year = asked_number(request.args, "year")
    if year is None or year not in years:
        raise NotVisible
    return year


def _chosen_state() -> PlanState | None:
    text = request.args.get("state", "")
    return PlanState(text) if text in {state.value for state in STATES} else None


def _totals(plans: Sequence[PlanOfTeam]) -> dict[str, int | Decimal]:
    return {
        "people": len(plans),
        "lines": sum(len(plan.lines) for plan in plans),
        "hours": sum(plan.hours for plan in plans),
        "baht": sum((plan.baht for plan in plans), Decimal(0)),
    }


def _overlaps(plans: Sequence[PlanOfTeam]) -> list[tuple[str, list[OverlapInWords]]]:
    """By kind, what more than one person has; kinds with nothing are left out."""
    names = {plan.id: plan.name for plan in plans}
    lines = {id(line.as_line): line for plan in plans for line in plan.lines}
    by_kind: dict[OverlapKind, list[OverlapInWords]] = {}
    for found in overlaps([line.as_line for plan in plans for line in plan.lines]):
        line = lines[id(found.line)]
        title = {
            OverlapKind.ACTIVITY: line.course_title or line.title,
            OverlapKind.COMPETENCY: name_of(line.competency_name_th, line.competency_name_en),
            OverlapKind.MENTOR: line.mentor_name,
        }[found.kind]
        people = tuple((each, names[each]) for each in found.people)
        by_kind.setdefault(found.kind, []).append(OverlapInWords(title, people))
    return [(str(OVERLAPS[kind]), each) for kind, each in by_kind.items()]


@dataclass(frozen=True)
class LineToRead:
    """A line in words: what is said in a word or two, and what takes a sentence, each (name, value); columns
    that are empty are left out."""

    title: str
    short: tuple[tuple[str, str], ...]
    long: tuple[tuple[str, str], ...]


SENTENCES = ("indicators", "detail", "measure", "evidence_expected")
TOLD_TOGETHER = frozenset({"title", "from_level", "target_level", "starts_on", "ends_on"})


def _in_words(each: PlanToRead) -> list[LineToRead]:
    """The lines to be read, with every column."""
    found = []
    for line in each.lines:
        said = {
            field: (str(name), shown(field, line[field]))
            for field, name in FIELD_NAMES.items()
            if field not in TOLD_TOGETHER and line.get(field) not in (None, "", [])
        }
        days = [
            date.fromisoformat(line[field]) if line[field] else None for field in ("starts_on", "ends_on")
        ]
        short = [said.pop("competency", (_("สมรรถนะที่พัฒนา"), _("รายการที่ไม่ผูกกับสมรรถนะ"))), *_levels(line)]
        short.append((_("ช่วงเวลา"), show_period(days[0], days[1], "short")))
        long = tuple(said.pop(field) for field in SENTENCES if field in said)
        found.append(LineToRead(str(line["title"]), (*short, *said.values()), long))
    return found


def _levels(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    before, target = line["from_level"], line["target_level"]
    if target is None:
        return []
    to = _("สู่ระดับ %(to)s", to=digits(target))
    both = _("จากระดับ %(before)s สู่ระดับ %(to)s", before=digits(before), to=digits(target))
    return [(_("ระดับ"), to if before is None else both)]
