"""The note at a ticked indicator, and the average level of several raters: what is kept of them."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Rating, RatingTick
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.settings import OrganisationRules
from idp.rules.terms import RaterKind
from idp.services import ratings
from idp.services.handovers import kept_rating
from idp.services.kept_entries import entries_of, put_entries_back
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

NOW = at(steps.SELF_DAY)


def save(session: Session, sample: Sample, form: Mapping[str, RatingEntry]) -> None:
    entries = {sample.items[code].id: entry for code, entry in form.items()}
    number, somchai = sample.assessment.id, sample.cast.somchai
    ratings.save_ratings(session, somchai, number, RaterKind.SELF, entries, NOW)


def kept(session: Session, sample: Sample, code: str) -> Rating:
    return session.scalars(select(Rating).where(Rating.item_id == sample.items[code].id)).one()


def notes(session: Session, sample: Sample, code: str) -> dict[int, str]:
    return {tick.indicator_id: tick.note for tick in kept(session, sample, code).ticks}


def last_change(session: Session) -> dict[str, dict[str, object]]:
    line = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert line is not None
    [item] = line.detail["items"]
    return dict(item)


@pytest.fixture
def averaging(session: Session) -> Sample:
    sample = make_sample(session, OrganisationRules(takes_average_levels=True))
    steps.self_assessing(session, sample)
    return sample


def test_each_ticked_indicator_may_have_its_note(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    first, second, third = sample.dictionary.indicators["c1", 1]
    said = {first: " ลดเวลาให้บริการเหลือ 10 นาที ", second: ""}
    save(session, sample, {"c1": RatingEntry(frozenset({first, second}), notes=said)})
    assert notes(session, sample, "c1") == {first: "ลดเวลาให้บริการเหลือ 10 นาที", second: ""}
    said = {first: "ลดเวลาเหลือ 5 นาที", third: "จัดคิวออนไลน์"}
    save(session, sample, {"c1": RatingEntry(frozenset({first, third}), notes=said)})
    assert notes(session, sample, "c1") == said
    assert session.scalar(select(func.count()).select_from(RatingTick)) == 2


def test_a_note_alone_changed_is_told_in_the_history(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    first = sample.dictionary.indicators["c1", 1][0]
    ticks = frozenset({first})
    save(session, sample, {"c1": RatingEntry(ticks, notes={first: "เดิม"})})
    version = sample.assessment.version
    save(session, sample, {"c1": RatingEntry(ticks, notes={first: "ใหม่"})})
    change = last_change(session)
    assert sample.assessment.version == version + 1
    assert (change["before"]["notes"], change["after"]["notes"]) == ({str(first): "เดิม"}, {str(first): "ใหม่"})
    lines = session.scalar(select(func.count()).select_from(HistoryEntry))
    save(session, sample, {"c1": RatingEntry(ticks, notes={first: " ใหม่\r\n"})})
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) == lines
    assert sample.assessment.version == version + 1


def test_a_note_at_an_indicator_that_is_not_ticked_is_refused(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    first, second, _third = sample.dictionary.indicators["c1", 1]
    with pytest.raises(InvalidInput) as refusal:
        save(session, sample, {"c1": RatingEntry(frozenset({first}), notes={second: "เห็นเมื่อเดือนมกราคม"})})
    place = f"item-{sample.items['c1'].id}-note-{second}"
    assert (refusal.value.field, refusal.value.code) == (place, "note_without_tick")
    save(session, sample, {"c1": RatingEntry(frozenset({first}), notes={second: " "})})
    assert notes(session, sample, "c1") == {first: ""}


def test_everything_that_is_wrong_is_told_at_once(session: Session, averaging: Sample) -> None:
    sample = averaging
    first, second, _third = sample.dictionary.indicators["c1", 1]
    c1, c2 = sample.items["c1"].id, sample.items["c2"].id
    wrong = {
        "c1": RatingEntry(frozenset({first}), 6, "ก" * 4001, {first: "ก" * 501, second: "ไม่ได้เลือก"}),
        "c2": RatingEntry(average_level=Decimal("NaN")),
    }
    with pytest.raises(InvalidInputs) as refusal:
        save(session, sample, wrong)
    assert [(each.field, each.code) for each in refusal.value.problems] == [
        (f"item-{c1}-note-{first}", "too_long"),
        (f"item-{c1}-note-{second}", "note_without_tick"),
        (f"item-{c1}-evidence", "too_long"),
        (f"item-{c1}-level", "level_not_on_ladder"),
        (f"item-{c2}-average", "not_a_number"),
    ]
    assert session.scalar(select(func.count()).select_from(Rating)) == 0


@pytest.mark.parametrize(
    ("code", "level"), [("c1", "3.25"), ("c1", "0"), ("c1", "5"), ("c2", "2"), ("c3", "5.99")]
)
def test_an_average_is_the_level_as_it_stands(
    session: Session, averaging: Sample, code: str, level: str
) -> None:
    """Also where the ladder has no such level: it lies between two."""
    save(session, averaging, {code: RatingEntry(average_level=Decimal(level))})
    rating = kept(session, averaging, code)
    assert rating.attained_level == rating.average_level == Decimal(level)
    assert (rating.stated_level, rating.blocked_by) == (None, None)


def test_ticks_beside_an_average_are_kept_and_do_not_count(session: Session, averaging: Sample) -> None:
    first = averaging.dictionary.indicators["c1", 1][0]
    save(session, averaging, {"c1": RatingEntry(frozenset({first}), average_level=Decimal("3.25"))})
    assert last_change(session)["after"] == {
        "ticks": [first],
        "notes": {},
        "stated": None,
        "average": "3.25",
        "attained": "3.25",
        "evidence": "",
    }


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (RatingEntry(average_level=Decimal("5.01")), "out_of_range"),
        (RatingEntry(average_level=Decimal("-0.01")), "out_of_range"),
        (RatingEntry(average_level=Decimal("3.255")), "too_many_places"),
        (RatingEntry(average_level=Decimal("Infinity")), "not_a_number"),
        (RatingEntry(stated_level=3, average_level=Decimal("3")), "one_level_only"),
    ],
)
def test_an_average_has_its_bounds(
    session: Session, averaging: Sample, entry: RatingEntry, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save(session, averaging, {"c1": entry})
    place = f"item-{averaging.items['c1'].id}-average"
    assert (refusal.value.field, refusal.value.code) == (place, code)


def test_an_average_is_refused_where_the_organisation_takes_none(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        save(session, sample, {"c1": RatingEntry(average_level=Decimal(3))})
    assert refusal.value.code == "average_not_taken"


def test_what_was_handed_in_comes_back_with_its_notes_and_averages(
    session: Session, averaging: Sample
) -> None:
    sample = averaging
    first = sample.dictionary.indicators["c1", 1][0]
    ticks = frozenset({first})
    said = {"c1": RatingEntry(ticks, notes={first: "เดิม"}), "c2": RatingEntry(average_level=Decimal("2.5"))}
    save(session, sample, said)
    before = entries_of(session, sample.assessment, RaterKind.SELF)
    again = {"c1": RatingEntry(ticks, notes={first: "ใหม่"}), "c2": RatingEntry(stated_level=1)}
    save(session, sample, again)
    put_entries_back(session, sample.assessment, RaterKind.SELF, before)
    session.flush()
    session.expire_all()
    assert notes(session, sample, "c1") == {first: "เดิม"}
    assert kept(session, sample, "c2").average_level == Decimal("2.5")
    assert entries_of(session, sample.assessment, RaterKind.SELF)["ratings"] == before["ratings"]


def test_a_record_handed_over_takes_notes_and_averages_along(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(takes_average_levels=True))
    steps.rating(session, sample)
    first = sample.dictionary.indicators["c1", 1][0]
    c1, c2 = sample.items["c1"].id, sample.items["c2"].id
    form = {
        c1: RatingEntry(frozenset({first}), notes={first: "เห็นเอง"}),
        c2: RatingEntry(average_level=Decimal("2.5")),
    }
    number, suda = sample.assessment.id, sample.cast.suda
    ratings.save_ratings(session, suda, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))
    taken = kept_rating(session, sample.assessment)
    assert taken[str(c1)]["notes"] == {str(first): "เห็นเอง"}
    assert (taken[str(c2)]["level"], taken[str(c2)]["average"]) == ("2.5", "2.5")
