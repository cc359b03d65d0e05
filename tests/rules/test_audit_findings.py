"""Whatever is done to a chain of entries, one of the findings says so; an untouched chain has none."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from idp.rules.audit_chain import BEGINNING, CHAINED_FIELDS, chained_hash, digest_of_entries, set_hash
from idp.rules.audit_findings import ChainedEntry, Trouble, check_entries

AT = datetime(2026, 3, 1, 7, 0, 0, 5, tzinfo=UTC)
LENGTHS = st.integers(2, 12)


def chain(length: int, subject_id: int = 1) -> list[ChainedEntry]:
    entries: list[ChainedEntry] = []
    previous = BEGINNING
    for place in range(1, length + 1):
        fields = dict.fromkeys(CHAINED_FIELDS) | {
            "subject_type": "plan",
            "subject_id": subject_id,
            "event": f"event {place}",
            "at": AT,
            "detail": {"ข้อ": [1, None, "ก"]},
            "sequence": place,
        }
        own = chained_hash(previous, fields)
        entries.append(ChainedEntry(place * 10, fields, previous, own, 0, ""))
        previous = own
    return [replace(entry, head_sequence=length, head_hash=previous) for entry in entries]


def troubles(entries: list[ChainedEntry]) -> set[Trouble]:
    return {finding.trouble for finding in check_entries(entries)}


def placed(entry: ChainedEntry, place: int) -> ChainedEntry:
    return replace(entry, fields={**entry.fields, "sequence": place})


@given(LENGTHS, LENGTHS)
def test_untouched_chains_are_whole(one: int, other: int) -> None:
    assert troubles([*chain(one), *chain(other, subject_id=2)]) == set()


@given(LENGTHS, st.data())
def test_a_changed_field_is_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(
        st.sampled_from([each for each in CHAINED_FIELDS if each[:7] not in ("subject", "sequenc")])
    )
    entries[place] = replace(entries[place], fields={**entries[place].fields, name: "forged"})
    assert troubles(entries) == {Trouble.CHANGED}


@given(LENGTHS, st.data())
def test_a_removed_entry_is_found_also_the_last(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    del entries[data.draw(st.integers(0, length - 1))]
    assert troubles(entries) == {Trouble.REMOVED}


@given(LENGTHS, st.data())
def test_two_in_each_others_place_are_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    one, other = data.draw(st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True))
    entries[one], entries[other] = placed(entries[other], one + 1), placed(entries[one], other + 1)
    assert Trouble.REORDERED in troubles(entries)


@given(LENGTHS, st.data())
def test_one_put_in_is_found_wherever_it_stands(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length))
    previous = entries[at - 1].hash if at else BEGINNING
    fields = {**entries[0].fields, "event": "forged", "sequence": at + 1}
    forged = replace(
        entries[0], id=999, fields=fields, previous_hash=previous, hash=chained_hash(previous, fields)
    )
    following = [placed(entry, entry.sequence + 1) for entry in entries[at:]]
    assert troubles([*entries[:at], forged, *following]) & {Trouble.INSERTED, Trouble.REORDERED}


@given(st.lists(st.tuples(st.integers(), st.text(), st.none() | st.floats(allow_nan=False)), max_size=30))
def test_the_hash_of_a_set_tells_every_row_and_its_place(rows: list[tuple[object, ...]]) -> None:
    whole = set_hash(rows)
    assert whole == set_hash(iter(rows))
    assert whole != set_hash([*rows, (1, "", None)])
    if rows and rows != rows[::-1]:
        assert whole != set_hash(rows[::-1])


def test_the_hash_of_a_set_does_not_depend_on_how_many_are_read_at_once() -> None:
    rows = [(number, "ก") for number in range(2500)]
    assert set_hash(rows) == set_hash(row for row in rows)
    assert digest_of_entries([(1, "a"), (5, "b")])[1:] == (1, 5, 2)
