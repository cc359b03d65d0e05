"""What the page of an assessment says about supervisors who handed it over, and a round split by days."""

from dataclasses import dataclass
from typing import Any

from idp.database import db
from idp.queries.assessments import AssessmentPage
from idp.queries.handovers import parts_of, statements_on
from idp.services.day_splits import split_by_days


@dataclass(frozen=True)
class SplitLine:
    """One competency: what each supervisor rated, in the order of the parts, and the level over all days."""

    name_th: str
    name_en: str | None
    expected: int
    levels: tuple[str, ...]
    attained: str
    formula: str


@dataclass(frozen=True)
class SplitOnPage:
    """`parts`: each supervisor with their days. A line is missing while one of them has not rated it."""

    parts: tuple[tuple[str, int], ...]
    lines: tuple[SplitLine, ...]


def handover_context(page: AssessmentPage) -> dict[str, Any]:
    """The names that `handovers/on_assessment.html` uses; nothing for a reader without the result."""
    if not page.shows_result:
        return {"handed_over": (), "split": None}
    return {"handed_over": statements_on(db.session(), page.header.id), "split": _split(page)}


def _split(page: AssessmentPage) -> SplitOnPage | None:
    """As it was released; before that as it stands with what has been rated so far."""
    explained = (page.header.score_explanation or {}).get("day_split")
    if explained is None and page.header.released_at is None:
        parts = parts_of(db.session(), [page.header.id]).get(page.header.id, ())
        ratings = {
            item.id: item.supervisor_rating.attained if item.supervisor_rating else None
            for item in page.items
        }
        explained = split_by_days(parts, ratings)[1]
    if not explained:
        return None
    found = {line["id"]: line for line in explained["items"]}
    lines = tuple(
        SplitLine(
            item.name_th,
            item.name_en,
            item.expected,
            tuple(found[item.id]["levels"]),
            found[item.id]["attained"],
            found[item.id]["formula"],
        )
        for item in page.items
        if item.id in found
    )
    return SplitOnPage(tuple((name, days) for name, days in explained["parts"]), lines)
