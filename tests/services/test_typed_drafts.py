"""What is typed is kept for its typist alone, replaced as it grows, and forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, TypedDraft
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.relations import SYSTEM
from idp.services.typed_drafts import (
    KEPT_FOR,
    LARGEST,
    LONGEST_KEY,
    MOST_FIELDS,
    discard_draft,
    draft_of,
    drafts_of,
    keep_draft,
    sweep_drafts,
    throw_away,
)
from tests.factories.sample import Sample, at
from tests.factories.steps import SELF_DAY

KEY = "/assessments/1/self-rating"
NOW = at(SELF_DAY)


def kept(session: Session) -> list[TypedDraft]:
    return list(session.scalars(select(TypedDraft).order_by(TypedDraft.id)))


def test_a_form_has_one_draft_which_holds_what_was_typed_last(session: Session, sample: Sample) -> None:
    somchai = sample.cast.somchai
    first = keep_draft(session, somchai, KEY, [("a", "หนึ่ง")], 1, NOW)
    later = keep_draft(session, somchai, KEY, [("a", "สอง"), ("b", "")], 2, NOW + timedelta(minutes=1))
    assert first.id == later.id
    (draft,) = kept(session)
    assert draft.content == [["a", "สอง"], ["b", ""]]
    assert (draft.based_on_version, draft.updated_at) == (2, NOW + timedelta(minutes=1))


def test_nobody_else_finds_it_not_even_the_personnel_office(session: Session, sample: Sample) -> None:
    draft = keep_draft(session, sample.cast.somchai, KEY, [("a", "ส่วนตัว")], None, NOW)
    assert draft_of(session, sample.cast.somchai, draft.id) is draft
    for name in ("suda", "prasit", "malee", "anong", "olan"):
        other = getattr(sample.cast, name)
        assert drafts_of(session, other, [KEY]) == {}
        with pytest.raises(NotVisible):
            draft_of(session, other, draft.id)
        with pytest.raises(NotVisible):
            throw_away(session, other, draft.id)
        assert discard_draft(session, other, KEY) == 0
    with pytest.raises(NotVisible):
        draft_of(session, SYSTEM, draft.id)
    with pytest.raises(NotPermitted):
        keep_draft(session, SYSTEM, KEY, [], None, NOW)
    assert kept(session) == [draft]


def test_two_people_type_into_one_form_without_meeting(session: Session, sample: Sample) -> None:
    keep_draft(session, sample.cast.somchai, KEY, [("a", "ของสมชาย")], 1, NOW)
    keep_draft(session, sample.cast.suda, KEY, [("a", "ของสุดา")], 1, NOW)
    assert drafts_of(session, sample.cast.suda, [KEY])[KEY].content == [["a", "ของสุดา"]]


def test_it_stands_in_no_history(session: Session, sample: Sample) -> None:
    before = session.scalars(select(HistoryEntry.id)).all()
    keep_draft(session, sample.cast.somchai, KEY, [("a", "ก")], 1, NOW)
    assert session.scalars(select(HistoryEntry.id)).all() == before


def test_sending_the_form_forgets_it_under_each_of_its_names(session: Session, sample: Sample) -> None:
    somchai = sample.cast.somchai
    for key in (KEY, f"{KEY}#two", f"{KEY}-other", f"{KEY}/more"):
        keep_draft(session, somchai, key, [("a", "ก")], 1, NOW)
    assert discard_draft(session, somchai, KEY) == 2
    assert {draft.form_key for draft in kept(session)} == {f"{KEY}-other", f"{KEY}/more"}


def test_what_nobody_came_back_to_is_forgotten_after_its_time(session: Session, sample: Sample) -> None:
    keep_draft(session, sample.cast.somchai, KEY, [("a", "ก")], 1, NOW)
    keep_draft(session, sample.cast.somchai, "/newer", [("a", "ก")], 1, NOW + timedelta(seconds=1))
    assert sweep_drafts(session, NOW + KEPT_FOR) == 0
    assert sweep_drafts(session, NOW + KEPT_FOR + timedelta(seconds=1)) == 1
    assert [draft.form_key for draft in kept(session)] == ["/newer"]


@pytest.mark.parametrize(
    ("key", "content", "code"),
    [
        (KEY, [("a", "x" * LARGEST)], "too_long"),
        (KEY, [("a", "")] * (MOST_FIELDS + 1), "too_long"),
        ("/" + "x" * LONGEST_KEY, [], "too_long"),
        (KEY, [("a", "ก\x00ข")], "not_text"),
        (KEY, [("a\x00", "ก")], "not_text"),
        (KEY, [("a", "\ud800")], "not_text"),
        ("/\x00", [], "not_text"),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    session: Session, sample: Sample, key: str, content: list[tuple[str, str]], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        keep_draft(session, sample.cast.somchai, key, content, None, NOW)
    assert refusal.value.code == code
    assert kept(session) == []
