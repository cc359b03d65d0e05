"""A course and its run in the cells of a file, and as a judgement keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from idp.adapters.spreadsheets import text_of
from idp.models import Course, CourseRun
from idp.queries.form_words import METHODS
from idp.rules.terms import DevelopmentMethod
from idp.services.training.course_fields import CourseFields, RunFields

CODE, TITLE, PROVIDER, METHOD, HOURS = "code", "title", "provider", "method", "hours"
PRICE, DETAIL, LEVELS = "price_baht", "detail", "level_ids"
MEASURE, EVIDENCE = "measure", "evidence"
STARTS, ENDS, SEATS, RUN_PRICE, PLACE = "starts_on", "ends_on", "seats", "run_price", "place"
OF_COURSE = (CODE, TITLE, PROVIDER, METHOD, HOURS, PRICE, DETAIL, MEASURE, EVIDENCE, LEVELS)
OF_RUN = (STARTS, ENDS, SEATS, RUN_PRICE, PLACE)

RunKey = tuple[date, date, str]
"""Days and place: what makes a run the same one."""


@dataclass(frozen=True)
class KnownLevels:
    """`by_text`: the numbers of the levels by how a file may write them; `written`: how ours write each."""

    by_text: Mapping[str, int]
    written: Mapping[int, str]


@dataclass(frozen=True)
class CourseOfFile:
    """A course and its run as one row has them; `run` None: the row speaks of the course alone."""

    course: CourseFields
    run: RunFields | None


def shown_course(course: Course, levels: KnownLevels) -> dict[str, str]:
    """The course in the words of a file."""
    return shown_fields(
        CourseFields(
            course.code,
            course.title_th,
            course.method,
            course.hours,
            course.price_baht,
            course.provider_th,
            course.detail_th,
            course.measure_th,
            course.evidence_th,
            frozenset(level.level_id for level in course.levels),
        ),
        levels,
    )


def shown_run(run: CourseRun) -> dict[str, str]:
    """The run in the words of a file."""
    return shown_run_fields(RunFields(run.starts_on, run.ends_on, run.seats, run.price_baht, run.place_th))


def fields_of(target: Mapping[str, Any]) -> CourseOfFile:
    """The way back of what a judgement keeps."""
    course, run = target["course"], target["run"]
    return CourseOfFile(
        CourseFields(
            course[CODE],
            course[TITLE],
            DevelopmentMethod(course[METHOD]),
            course[HOURS],
            Decimal(course[PRICE]),
            course[PROVIDER],
            course[DETAIL],
            course[MEASURE],
            course[EVIDENCE],
            frozenset(course[LEVELS]),
        ),
        None
        if run is None
        else RunFields(
            date.fromisoformat(run[STARTS]),
            date.fromisoformat(run[ENDS]),
            run[SEATS],
            None if run[RUN_PRICE] is None else Decimal(run[RUN_PRICE]),
            run[PLACE],
        ),
    )


def shown_fields(course: CourseFields, levels: KnownLevels) -> dict[str, str]:
    written = sorted(levels.written[each] for each in course.level_ids if each in levels.written)
    return {
        CODE: course.code.strip(),
        TITLE: course.title.strip(),
        PROVIDER: course.provider.strip(),
        METHOD: METHODS[course.method] if course.method else "",
        HOURS: str(course.hours),
        PRICE: f"{course.price_baht or 0:.2f}",
        DETAIL: course.detail.strip(),
        MEASURE: course.measure.strip(),
        EVIDENCE: course.evidence.strip(),
        LEVELS: ", ".join(written),
    }


def shown_run_fields(run: RunFields) -> dict[str, str]:
    assert run.starts_on and run.ends_on
    return {
        STARTS: text_of(run.starts_on),
        ENDS: text_of(run.ends_on),
        SEATS: str(run.seats),
        RUN_PRICE: "" if run.price_baht is None else f"{run.price_baht:.2f}",
        PLACE: run.place.strip(),
    }


def kept_course(course: CourseFields) -> dict[str, Any]:
    return {
        CODE: course.code,
        TITLE: course.title,
        PROVIDER: course.provider,
        METHOD: course.method,
        HOURS: course.hours,
        PRICE: str(course.price_baht),
        DETAIL: course.detail,
        MEASURE: course.measure,
        EVIDENCE: course.evidence,
        LEVELS: sorted(course.level_ids),
    }


def kept_run(run: RunFields | None) -> dict[str, Any] | None:
    if run is None or run.starts_on is None or run.ends_on is None:
        return None
    return {
        STARTS: run.starts_on.isoformat(),
        ENDS: run.ends_on.isoformat(),
        SEATS: run.seats,
        RUN_PRICE: None if run.price_baht is None else str(run.price_baht),
        PLACE: run.place,
    }
