"""What the pages for rating a team need besides their queries: cards, words, addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from idp.database import db
from idp.queries.ladders import ladders_of
from idp.queries.previous_levels import NO_BACKGROUND, backgrounds
from idp.queries.team_rating_rows import ROWS_AT_ONCE, CompetencyOfTeam, RowToRate, people_of_items
from idp.queries.team_ratings import PersonToRate, TeamMatrix, people_rated
from idp.rules.bulk import BulkAction
from idp.rules.errors import NotPermitted, NotVisible, RequirementNotMet, TransitionNotAllowed
from idp.rules.terms import RaterKind
from idp.rules.thai import full_name, position_with_level
from idp.services.team_ratings import Outcome, Refusal
from idp.web import clock
from idp.web.acting import represented_names
from idp.web.formats import digits, number
from idp.web.forms.rating_cards import Card, rating_cards
from idp.web.forms.team_ratings import TeamAttempt
from idp.web.guards import current_actor
from idp.web.labels import label


@dataclass(frozen=True)
class RowShown:
    """One person's row. `compares`: what somebody else saved is shown beside what was typed; `has_error`:
    something in it is wrong; `average`: what stands in that field, be it a number or not."""

    row: RowToRate
    name: str
    card: Card
    compares: bool
    has_error: bool
    average: str

    @property
    def is_refused(self) -> bool:
        return self.compares or self.has_error


@dataclass(frozen=True)
class LeftOver:
    """What was typed for somebody who cannot be rated here any more; `name` is empty where the reader has
    nothing to do with them."""

    name: str
    reason: str
    texts: tuple[str, ...]


def form_context(page: CompetencyOfTeam | None, attempt: TeamAttempt, cycle_id: int) -> dict[str, Any]:
    """The names that `team_ratings/show.html` uses; without a page those of `left.html`."""
    rows = _rows(page, attempt) if page else ()
    shown = {row.row.item.id for row in rows}
    left = _left_over(
        {item_id: attempt.refused.get(item_id) for item_id in attempt.entries.keys() - shown}, attempt
    )
    return {
        "page": page,
        "attempt": attempt,
        "rows": rows,
        "left": left,
        "errors": attempt.errors,
        "refused_rows": [row for row in rows if row.is_refused],
        "represented_names": represented_names(row.row.person.on_behalf_of for row in rows),
        "overview": url_for("team_ratings.index", cycle=cycle_id),
        "position_with_level": position_with_level,
    }


def matrix_context(matrix: TeamMatrix | None) -> dict[str, Any]:
    """The names that `team_ratings/index.html` uses besides the cycles."""
    waiting = matrix.waiting if matrix else ()
    people = matrix.people if matrix else ()
    return {
        "matrix": matrix,
        "parts": _parts(matrix) if matrix else {},
        "complete": [each for each in people if not matrix.remaining_of(each.assessment_id)]
        if matrix
        else [],
        "submit_action": BulkAction.SUBMIT_RATINGS.value,
        "ready": [each.person for each in waiting if not each.waits_for],
        "not_ready": [
            (_name(each.person), ", ".join(sorted(str(label(why)) for why in each.waits_for)))
            for each in waiting
            if each.waits_for
        ],
        "name_of_person": _name,
        "position_with_level": position_with_level,
        "represented_names": represented_names(
            person.on_behalf_of for person in (*people, *(each.person for each in waiting))
        ),
    }


def say_what_came_of_the_start(outcome: Outcome) -> None:
    """How many were started; who could not be, by name, and why."""
    if outcome.done:
        count = digits(str(len(outcome.done)))
        flash(
            ngettext(
                "เริ่มประเมินแล้ว %(count)s คน", "เริ่มประเมินแล้ว %(count)s คน", len(outcome.done), count=count
            ),
            "success",
        )
    people = people_rated(db.session(), current_actor(), outcome.refused, clock.today())
    for assessment_id, refusal in outcome.refused.items():
        if assessment_id in people:
            name, why = _name(people[assessment_id]), _why(refusal)
            flash(_("เริ่มประเมิน%(name)sไม่ได้: %(why)s", name=name, why=why), "warning")
    if not outcome.done and not people:
        flash(_("ไม่มีผู้ที่เริ่มประเมินได้"), "warning")


def _rows(page: CompetencyOfTeam, attempt: TeamAttempt) -> tuple[RowShown, ...]:
    ladders = ladders_of(db.session(), {row.item.competency_id for row in page.rows})
    before = backgrounds(db.session(), [row.person.assessment_id for row in page.rows])
    typed = {item_id: each.entry for item_id, each in attempt.entries.items()}
    found = []
    for row in page.rows:
        known = before.get(row.person.assessment_id, NO_BACKGROUND)
        cards = rating_cards([row.item], RaterKind.SUPERVISOR, page.rules, ladders, typed, known)
        found.append(_row(row, cards[0], attempt))
    return tuple(found)


def _row(row: RowToRate, card: Card, attempt: TeamAttempt) -> RowShown:
    item_id, average = row.item.id, card.entry.average_level
    is_out_of_date = attempt.is_out_of_date(item_id) or item_id in attempt.compared
    return RowShown(
        row,
        _name(row.person),
        card,
        compares=is_out_of_date and card.saved is not None,
        has_error=card.has_error_in(attempt.errors),
        average=attempt.typed_average(item_id, "" if average is None else number(average)),
    )


def _left_over(refused: Mapping[int, Refusal | None], attempt: TeamAttempt) -> list[LeftOver]:
    people = people_of_items(db.session(), current_actor(), refused, clock.today()) if refused else {}
    return [
        LeftOver(
            _name(people[item_id]) if item_id in people else "",
            _why(refusal),
            tuple(
                text.strip()
                for text in (
                    attempt.entries[item_id].entry.evidence,
                    *attempt.entries[item_id].entry.notes.values(),
                )
                if text.strip()
            ),
        )
        for item_id, refusal in refused.items()
    ]


def _why(refusal: Refusal | None) -> str:
    match refusal:
        case NotVisible() | NotPermitted():
            return str(_("ท่านไม่ได้เป็นผู้ประเมินของผู้นี้แล้ว"))
        case TransitionNotAllowed():
            return str(_("สถานะของการประเมินเปลี่ยนไปแล้ว"))
        case RequirementNotMet():
            return ", ".join([*(str(label(each)) for each in refusal.missing), *refusal.details])
        case _:
            return str(_("มีผู้บันทึกข้อมูลนี้ก่อนท่าน"))


def _name(person: PersonToRate) -> str:
    return full_name(person.title_th, person.first_name, person.last_name)


def _parts(matrix: TeamMatrix) -> dict[tuple[int, int], int]:
    """On which page of its competency each person stands, by (assessment, competency)."""
    found = {}
    for competency in matrix.competencies:
        expected = [
            each.assessment_id
            for each in matrix.people
            if (each.assessment_id, competency.id) in matrix.cells
        ]
        for place, assessment_id in enumerate(expected):
            found[assessment_id, competency.id] = place // ROWS_AT_ONCE + 1
    return found
