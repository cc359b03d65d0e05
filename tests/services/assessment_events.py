"""Every event of an assessment that has a service: where it starts, how to ask for it, who may, who hears."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentEvent as E
from idp.rules.terms import AssessmentState as S
from idp.rules.terms import EmployeeOpinion, RaterKind, SecondOpinion
from idp.services import assessments, exemptions, ratings, reconsiderations, reopenings, results
from tests.factories import steps
from tests.factories.sample import Sample, at

Ask = Callable[[Session, Actor, int, int | None], Any]


@dataclass(frozen=True)
class Case:
    event: E
    bring: Callable[[Session, Sample], object]
    ask: Ask
    by: str
    target: S
    told: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.event}-by-{self.by}"


def not_started(session: Session, sample: Sample) -> Assessment:
    return sample.assessment


def self_filled(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = steps.entries(sample, steps.SELF_LEVELS)
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, at(steps.SELF_DAY)
    )


def rating_filled(session: Session, sample: Sample) -> None:
    steps.rating(session, sample)
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    ratings.save_ratings(
        session, sample.cast.suda, sample.assessment.id, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY)
    )


def moderated(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    assessments.moderate(session, sample.cast.malee, sample.assessment.id, at(steps.SECOND_DAY))


def start_self(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.start_self(session, actor, number, at(steps.SELF_DAY), version)


def submit_self(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.submit_self(session, actor, number, at(steps.SELF_DAY), version)


def withdraw_self(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.withdraw_self(session, actor, number, at(steps.SELF_DAY), version)


def return_self(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.return_self(session, actor, number, "โปรดเพิ่มเหตุการณ์", at(steps.RATING_DAY), version)


def start_rating(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.start_rating(session, actor, number, at(steps.RATING_DAY), version)


def submit_rating(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.submit_rating(session, actor, number, at(steps.RATING_DAY), version)


def withdraw_rating(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.withdraw_rating(session, actor, number, at(steps.RATING_DAY), version)


def return_rating(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.return_rating(session, actor, number, "โปรดทบทวน", at(steps.SECOND_DAY), version)


def ask_reconsideration(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return reconsiderations.ask_reconsideration(
        session, actor, number, "โปรดทบทวน", steps.RELEASE_DAY, at(steps.SECOND_DAY), version
    )


def give_second_opinion(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.give_second_opinion(
        session, actor, number, SecondOpinion.DIFFERS, "เห็นว่าสูงไป", at(steps.SECOND_DAY), version
    )


def moderate(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return assessments.moderate(session, actor, number, at(steps.SECOND_DAY), version)


def release(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return results.release_assessment(session, actor, number, at(steps.RELEASE_DAY), version)


def receive(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return results.receive(
        session, actor, number, at(steps.RECEIPT_DAY), EmployeeOpinion.DISAGREES, "ประเมินต่ำไป", version
    )


def refuse(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return results.record_refusal(
        session,
        actor,
        number,
        at(steps.RECEIPT_DAY),
        steps.RECEIPT_DAY,
        "นายพยาน รู้เห็น",
        "นิติกร",
        version,
    )


def exempted(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    exempt(session, sample.cast.malee, sample.assessment.id, None)


def exempt(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return exemptions.exempt(session, actor, number, "ลาคลอดบุตร", at(steps.RATING_DAY), version)


def reinstate(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return exemptions.reinstate(session, actor, number, "กลับมาก่อนกำหนด", at(steps.RATING_DAY), version)


def reopen_self(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return reopenings.reopen_self(
        session, actor, number, steps.RATING_DAY, "ข้อมูลใหม่", at(steps.RATING_DAY), version
    )


def reopen_rating(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return reopenings.reopen_rating(
        session, actor, number, steps.RELEASE_DAY, "ข้อมูลใหม่", at(steps.SECOND_DAY), version
    )


CASES = (
    Case(E.START_SELF, not_started, start_self, "somchai", S.SELF_ASSESSING),
    Case(E.SUBMIT_SELF, self_filled, submit_self, "somchai", S.SELF_SUBMITTED, ("suda",)),
    Case(E.WITHDRAW_SELF, steps.self_submitted, withdraw_self, "somchai", S.SELF_ASSESSING, ("suda",)),
    Case(E.RETURN_SELF, steps.self_submitted, return_self, "suda", S.SELF_ASSESSING, ("somchai",)),
    Case(E.START_RATING, steps.self_submitted, start_rating, "suda", S.RATING),
    Case(E.SUBMIT_RATING, rating_filled, submit_rating, "suda", S.RATED, ("prasit",)),
    Case(E.WITHDRAW_RATING, steps.rated, withdraw_rating, "suda", S.RATING, ("prasit",)),
    Case(E.RETURN_RATING, steps.rated, return_rating, "prasit", S.RATING, ("suda",)),
    Case(E.GIVE_SECOND_OPINION, steps.rated, give_second_opinion, "prasit", S.SECOND_OPINION, ("suda",)),
    Case(E.MODERATE, steps.second_opinion, moderate, "malee", S.MODERATED),
    *(
        Case(E.ASK_RECONSIDERATION, bring, ask_reconsideration, "malee", S.RATING, ("suda",))
        for bring in (steps.rated, steps.second_opinion, moderated)
    ),
    Case(E.RELEASE, steps.second_opinion, release, "malee", S.RELEASED, ("somchai", "suda")),
    Case(E.RELEASE, moderated, release, "malee", S.RELEASED, ("somchai", "suda")),
    Case(E.RECEIVE, steps.released, receive, "somchai", S.RECEIVED, ("suda",)),
    Case(E.RECORD_REFUSAL, steps.released, refuse, "suda", S.REFUSED, ("malee", "somchai")),
    *(
        Case(E.EXEMPT, bring, exempt, "malee", S.EXEMPTED, ("somchai", "suda"))
        for bring in (not_started, self_filled, steps.self_submitted, rating_filled, steps.rated)
    ),
    Case(E.EXEMPT, steps.second_opinion, exempt, "malee", S.EXEMPTED, ("somchai", "suda")),
    Case(E.EXEMPT, moderated, exempt, "malee", S.EXEMPTED, ("somchai", "suda")),
    *(
        Case(E.REOPEN_SELF, bring, reopen_self, "malee", S.SELF_ASSESSING, ("somchai", "suda"))
        for bring in (steps.self_submitted, steps.rating)
    ),
    *(
        Case(E.REOPEN_RATING, bring, reopen_rating, "malee", S.RATING, ("suda", "prasit"))
        for bring in (steps.rated, steps.second_opinion, moderated)
    ),
    Case(E.REINSTATE, exempted, reinstate, "malee", S.NOT_STARTED, ("somchai", "suda")),
)
