"""An organisation's own dictionaries: derived, edited while they are drafts, published for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    DevelopmentAction,
    DevelopmentActionIndicator,
    FrameworkVersion,
    HistoryEntry,
    ProficiencyLevel,
)
from idp.queries.framework_contents import content_of
from idp.queries.framework_library import framework_document, list_frameworks
from idp.queries.framework_versions import own_versions, visible_version
from idp.queries.frameworks import latest_version
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.framework_differences import framework_difference
from idp.rules.terms import CompetencyCategory, SubjectType, VersionState
from idp.services import framework_competencies as competencies
from idp.services import framework_drafts as drafts
from idp.services import framework_publishing as publishing
from idp.services.framework_competencies import CompetencyFields
from idp.services.framework_drafts import FrameworkFields
from idp.services.framework_ladders import LevelFields
from tests.factories.sample import Sample
from tests.services.framework_cast import NAMES, NOW, SIMPLE, competency, derived, empty, fields_of, published


def contents(session: Session, version_id: int) -> list[Any]:
    return [each.content for each in content_of(session, version_id)]


def state_of(session: Session, version: FrameworkVersion) -> VersionState:
    return session.get_one(FrameworkVersion, version.id).state


def events(session: Session, version: FrameworkVersion) -> list[str]:
    rows = select(HistoryEntry.event).where(
        HistoryEntry.subject_type == SubjectType.FRAMEWORK, HistoryEntry.subject_id == version.id
    )
    return list(session.scalars(rows.order_by(HistoryEntry.id)))


def test_a_copy_says_the_same_under_the_organisations_own_code(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    assert (version.framework.code, version.number, version.state) == ("sample.own", 1, VersionState.DRAFT)
    assert version.based_on_version_id == sample.dictionary.version.id
    before, after = contents(session, sample.dictionary.version.id), contents(session, version.id)
    assert before == after and framework_difference(before, after).is_empty
    assert events(session, version) == ["create"]


def test_two_organisations_may_use_the_same_word_and_see_only_their_own(
    session: Session, sample: Sample
) -> None:
    mine = published(session, sample)
    theirs = drafts.create_framework(
        session, sample.cast.olan, "own", NAMES, NOW, sample.dictionary.version.id
    )
    publishing.publish_version(session, sample.cast.olan, theirs.id, NOW)
    here, there = sample.organisation.id, sample.other_organisation.id
    assert theirs.framework.code == "other.own"
    assert [each.code for each in list_frameworks(session, here)] == ["sample.own", "sample-core"]
    assert [each.code for each in list_frameworks(session, there)] == ["other.own", "sample-core"]
    assert [each.code for each in list_frameworks(session)] == ["sample-core"]
    assert [each.code for each in own_versions(session, here)] == ["sample.own"]
    assert latest_version(session, "sample.own", here).id == mine.id
    for organisation_id in (there, None):
        with pytest.raises(NotVisible):
            latest_version(session, "sample.own", organisation_id)
        with pytest.raises(NotVisible):
            framework_document(session, "sample.own", organisation_id=organisation_id, with_drafts=True)
        with pytest.raises(NotVisible):
            visible_version(session, organisation_id, mine.id)
    with pytest.raises(InvalidInput) as refused:
        drafts.create_framework(session, sample.cast.olan, "copy", NAMES, NOW, mine.id)
    assert refused.value.field == "source"


@pytest.mark.parametrize(
    ("code", "problem"),
    [("", "missing"), ("Own", "not_a_code"), ("a b", "not_a_code"), ("x" * 20, "too_long"), ("own", "taken")],
)
def test_a_code_is_short_plain_and_new(session: Session, sample: Sample, code: str, problem: str) -> None:
    derived(session, sample)
    with pytest.raises(InvalidInputs) as refused:
        drafts.create_framework(session, sample.cast.malee, code, FrameworkFields(""), NOW, 999_999)
    found = {each.field: each.code for each in refused.value.problems}
    assert found == {"code": problem, "name_th": "missing", "source": "unknown_choice"}


def test_only_the_personnel_office_has_drafts(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    for actor in (sample.cast.somchai, sample.cast.suda, sample.cast.prasit, sample.cast.anong):
        with pytest.raises(NotPermitted):
            drafts.create_framework(session, actor, "x", NAMES, NOW)
        with pytest.raises(NotPermitted):
            drafts.update_head(session, actor, version.id, NAMES, NOW)
    with pytest.raises(NotVisible):
        drafts.update_head(session, sample.cast.olan, version.id, NAMES, NOW)
    with pytest.raises(NotPermitted):
        drafts.update_head(session, sample.cast.malee, sample.dictionary.version.id, NAMES, NOW)


def test_a_draft_is_shown_to_nobody_who_may_not_read_it(session: Session, sample: Sample) -> None:
    derived(session, sample)
    here = sample.organisation.id
    with pytest.raises(NotVisible):
        framework_document(session, "sample.own", organisation_id=here)
    with pytest.raises(NotVisible):
        latest_version(session, "sample.own", here)
    document = framework_document(session, "sample.own", organisation_id=here, with_drafts=True)
    assert document.state is VersionState.DRAFT and document.is_own


def test_a_competency_is_rewritten_with_its_whole_ladder(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    c1 = competency(session, version, "c1")
    fields = CompetencyFields(
        code="CC-01",
        category=CompetencyCategory.FUNCTIONAL,
        name_th=" ชื่อใหม่ ",
        name_en="New",
        definition_th="บรรทัดหนึ่ง\r\nบรรทัดสอง",
        levels=(
            LevelFields(6, "หก", ("ก", "", " ข ")),
            LevelFields(None, "", ("",)),
            LevelFields(0, "ศูนย์"),
            LevelFields(2, "", ("ค",)),
        ),
    )
    drawn = version.version
    competencies.save_competency(session, sample.cast.malee, version.id, c1.id, fields, NOW, drawn)
    content = contents(session, version.id)[0]
    assert (content.code, content.name_th, content.name_en) == ("CC-01", "ชื่อใหม่", "New")
    assert content.definition_th == "บรรทัดหนึ่ง\nบรรทัดสอง"
    assert [(each.number, each.title, each.indicators) for each in content.levels] == [
        (0, "ศูนย์", ()),
        (2, "", ("ค",)),
        (6, "หก", ("ก", "ข")),
    ]
    assert version.version > drawn and events(session, version)[-1] == "edit_competency"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name_th": "  "}, "name_th", "missing"),
        ({"name_th": "ก" * 301}, "name_th", "too_long"),
        ({"code": "c2"}, "code", "taken"),
        ({"code": "a b"}, "code", "no_space_in_code"),
        ({"code": "a/b"}, "code", "no_space_in_code"),
        ({"definition_th": "\x00"}, "definition_th", "not_text"),
        ({"levels": (LevelFields(None, "ชื่อ"),)}, "level-0-number", "required"),
        ({"levels": (LevelFields(10, "ชื่อ"),)}, "level-0-number", "out_of_range"),
        ({"levels": (LevelFields(1), LevelFields(1, "ซ้ำ"))}, "level-1-number", "level_twice"),
        ({"levels": (LevelFields(1, "ก" * 4001),)}, "level-0-title", "too_long"),
        (
            {"levels": (LevelFields(None), LevelFields(1, "", ("ก", "ข" * 4001)))},
            "level-1-indicator-1",
            "too_long",
        ),
    ],
)
def test_what_is_wrong_is_named_at_its_place_and_nothing_is_written(
    session: Session, sample: Sample, change: dict[str, Any], field: str, code: str
) -> None:
    version = derived(session, sample)
    before = contents(session, version.id)
    c1 = competency(session, version, "c1")
    with pytest.raises(InvalidInputs) as refused:
        competencies.save_competency(
            session, sample.cast.malee, version.id, c1.id, replace(SIMPLE, **change), NOW
        )
    assert [(each.field, each.code) for each in refused.value.problems] == [(field, code)]
    assert contents(session, version.id) == before


def test_a_key_of_ours_is_never_used_again_for_something_else(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    malee = sample.cast.malee
    competencies.remove_competency(session, malee, version.id, competency(session, version, "c3").id, NOW)
    added = competencies.add_competency(session, malee, version.id, SIMPLE, NOW)
    assert (added.code, added.code_is_official) == ("c4", False)


def test_competencies_are_moved_and_stay_at_the_ends(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    c3 = competency(session, version, "c3")

    def move(by: int) -> list[str]:
        competencies.move_competency(session, sample.cast.malee, version.id, c3.id, by, NOW)
        return [each.code for each in contents(session, version.id)]

    assert move(1) == ["c1", "c2", "c3"]
    assert move(-1) == ["c1", "c3", "c2"]
    assert move(-1) == move(-1) == ["c3", "c1", "c2"]


def test_two_at_once_the_second_is_told(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    drawn, c1 = version.version, competency(session, version, "c1").id
    competencies.save_competency(session, sample.cast.malee, version.id, c1, SIMPLE, NOW, drawn)
    for act in steps_on_a_draft(session, sample, version, drawn):
        with pytest.raises(StaleVersion):
            act()


def steps_on_a_draft(
    session: Session, sample: Sample, version: FrameworkVersion, drawn: int | None = None
) -> list[Callable[[], object]]:
    """Everything that changes a draft."""
    malee, place = sample.cast.malee, competency(session, version, "c2").id
    return [
        lambda: drafts.update_head(session, malee, version.id, FrameworkFields("อื่น"), NOW, drawn),
        lambda: drafts.discard_draft_version(session, malee, version.id, NOW, drawn),
        lambda: competencies.add_competency(session, malee, version.id, SIMPLE, NOW, drawn),
        lambda: competencies.save_competency(session, malee, version.id, place, SIMPLE, NOW, drawn),
        lambda: competencies.remove_competency(session, malee, version.id, place, NOW, drawn),
        lambda: competencies.move_competency(session, malee, version.id, place, 1, NOW, drawn),
        lambda: publishing.publish_version(session, malee, version.id, NOW, drawn),
    ]


@pytest.mark.parametrize("state", [VersionState.PUBLISHED, VersionState.RETIRED])
def test_what_is_published_is_changed_by_nothing(
    session: Session, sample: Sample, state: VersionState
) -> None:
    version = published(session, sample)
    if state is VersionState.RETIRED:
        publishing.retire_version(session, sample.cast.malee, version.id, "เลิกใช้", NOW)
    session.flush()
    before = rows(session, version)
    for act in steps_on_a_draft(session, sample, version):
        with pytest.raises(TransitionNotAllowed):
            act()
    assert rows(session, version) == before


def rows(session: Session, version: FrameworkVersion) -> list[Any]:
    return [
        contents(session, version.id),
        version.name_th,
        version.state,
        version.version,
        version.content_hash,
        session.scalar(select(func.count()).select_from(DevelopmentAction)),
    ]


def test_a_next_version_is_a_copy_and_the_published_one_stays(session: Session, sample: Sample) -> None:
    first = published(session, sample)
    malee = sample.cast.malee
    second = drafts.begin_next_version(session, malee, first.id, NOW)
    assert (second.number, second.based_on_version_id) == (2, first.id)
    assert drafts.begin_next_version(session, malee, first.id, NOW).id == second.id
    before = contents(session, first.id)
    competencies.remove_competency(session, malee, second.id, competency(session, second, "c2").id, NOW)
    assert contents(session, first.id) == before
    assert latest_version(session, "sample.own", sample.organisation.id).id == first.id
    publishing.publish_version(session, malee, second.id, NOW)
    assert latest_version(session, "sample.own", sample.organisation.id).id == second.id
    assert first.state is VersionState.PUBLISHED


def test_what_was_retired_is_not_taken_up_again(session: Session, sample: Sample) -> None:
    """A next version continues the latest published one; without any there is nothing to continue."""
    first = published(session, sample)
    malee = sample.cast.malee
    second = drafts.begin_next_version(session, malee, first.id, NOW)
    publishing.publish_version(session, malee, second.id, NOW)
    publishing.retire_version(session, malee, second.id, "มีข้อผิดพลาด", NOW)
    third = drafts.begin_next_version(session, malee, second.id, NOW)
    assert (third.number, third.based_on_version_id) == (3, first.id)
    drafts.discard_draft_version(session, malee, third.id, NOW)
    publishing.retire_version(session, malee, first.id, "เลิกใช้", NOW)
    for version in (first, second):
        with pytest.raises(InvalidInput) as refused:
            drafts.begin_next_version(session, malee, version.id, NOW)
        assert (refused.value.field, refused.value.code) == ("version", "nothing_published")
    assert session.scalar(select(func.count()).where(FrameworkVersion.state == VersionState.DRAFT)) == 0
    with pytest.raises(NotVisible):
        drafts.begin_next_version(session, sample.cast.olan, first.id, NOW)
    with pytest.raises(NotPermitted):
        drafts.begin_next_version(session, sample.cast.suda, first.id, NOW)


def test_a_discarded_draft_is_gone_and_its_code_and_number_are_free(session: Session, sample: Sample) -> None:
    malee, here = sample.cast.malee, sample.organisation.id
    version = derived(session, sample)
    drafts.discard_draft_version(session, malee, version.id, NOW, version.version)
    assert own_versions(session, here) == () and contents(session, version.id) == []
    assert events(session, version) == ["create", "discard_draft"]
    with pytest.raises(NotVisible):
        drafts.update_head(session, malee, version.id, NAMES, NOW)
    first = published(session, sample)
    second = drafts.begin_next_version(session, malee, first.id, NOW)
    drafts.discard_draft_version(session, malee, second.id, NOW)
    assert drafts.begin_next_version(session, malee, first.id, NOW).number == 2
    assert first.framework.code == "sample.own"


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (LevelFields(0, "ศูนย์"),),
        (LevelFields(1, "", ()),),
    ],
    ids=["no level", "level 0 alone", "an empty level"],
)
def test_what_cannot_be_rated_is_not_published(
    session: Session, sample: Sample, levels: tuple[LevelFields, ...]
) -> None:
    version = empty(session, sample)
    malee = sample.cast.malee
    with pytest.raises(InvalidInput, match="not_ready"):
        publishing.publish_version(session, malee, version.id, NOW)
    competencies.add_competency(session, malee, version.id, replace(SIMPLE, levels=levels), NOW)
    with pytest.raises(InvalidInput, match="not_ready"):
        publishing.publish_version(session, malee, version.id, NOW)
    assert state_of(session, version) is VersionState.DRAFT
    one = competency(session, version, "c1")
    competencies.save_competency(session, malee, version.id, one.id, SIMPLE, NOW)
    publishing.publish_version(session, malee, version.id, NOW)
    assert state_of(session, version) is VersionState.PUBLISHED and len(version.content_hash) == 64
    assert events(session, version)[-1] == "publish_version"


def actions_of(session: Session, version: FrameworkVersion) -> dict[tuple[str, int], list[DevelopmentAction]]:
    found: dict[tuple[str, int], list[DevelopmentAction]] = {}
    for action, code, number in session.execute(
        select(DevelopmentAction, Competency.code, ProficiencyLevel.number)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id == version.id)
        .order_by(DevelopmentAction.key)
    ):
        found.setdefault((code, number), []).append(action)
    return found


def test_every_action_of_an_unchanged_copy_comes_along(session: Session, sample: Sample) -> None:
    version = derived(session, sample)
    carried = publishing.publish_version(session, sample.cast.malee, version.id, NOW)
    before = actions_of(session, sample.dictionary.version)
    after = actions_of(session, version)
    assert carried.left_behind == 0 and after.keys() == before.keys()
    for place, actions in after.items():
        kept = [each for each in before[place] if each.state is VersionState.PUBLISHED]
        assert [each.title_th for each in actions] == [each.title_th for each in kept]
        assert {each.key for each in actions} == {
            f"sample.own/{place[0]}/{place[1]}/{number}" for number in range(1, len(actions) + 1)
        }
    assert texts_developed(session, version) == texts_developed(session, sample.dictionary.version)
    assert [(each.competency, each.level, each.had_some) for each in carried.levels_without] == [
        ("การมุ่งผลสัมฤทธิ์", 4, False)
    ]


def texts_developed(session: Session, version: FrameworkVersion) -> list[Any]:
    return sorted(
        tuple(row)
        for row in session.execute(
            select(DevelopmentAction.title_th, BehaviouralIndicator.text_th)
            .join(DevelopmentActionIndicator, DevelopmentActionIndicator.action_id == DevelopmentAction.id)
            .join(BehaviouralIndicator, BehaviouralIndicator.id == DevelopmentActionIndicator.indicator_id)
            .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
            .join(Competency, Competency.id == ProficiencyLevel.competency_id)
            .where(
                Competency.framework_version_id == version.id,
                DevelopmentAction.state == VersionState.PUBLISHED,
            )
        )
    )


def test_an_action_for_what_was_reworded_stays_behind(session: Session, sample: Sample) -> None:
    version, malee = derived(session, sample), sample.cast.malee
    fields = fields_of(session, version, "c1")
    levels = list(fields.levels)
    # Level 1: the first indicator is reworded, the others change places; level 2 says something else.
    one, two, three = levels[1].indicators
    levels[1] = replace(levels[1], indicators=("ถ้อยคำใหม่", three, two))
    levels[2] = LevelFields(2, "ใหม่ทั้งระดับ", ("เรื่องอื่น",))
    c1 = competency(session, version, "c1")
    competencies.save_competency(
        session, malee, version.id, c1.id, replace(fields, levels=tuple(levels)), NOW
    )
    competencies.remove_competency(session, malee, version.id, competency(session, version, "c2").id, NOW)
    carried = publishing.publish_version(session, malee, version.id, NOW)
    after = actions_of(session, version)
    assert [each.title_th for each in after["c1", 1]] == [
        "กิจกรรมที่ 2 สู่ระดับที่ 1",
        "กิจกรรมที่ 3 สู่ระดับที่ 1",
        "กิจกรรมที่ 4 สู่ระดับที่ 1",
    ]
    assert ("c1", 2) not in after and not any(code == "c2" for code, _level in after)
    assert ("กิจกรรมที่ 2 สู่ระดับที่ 1", two) in texts_developed(session, version)
    assert not any(text == one for _title, text in texts_developed(session, version))
    assert carried.left_behind == 1 + 4 + 4 * 4
    assert ("การมุ่งผลสัมฤทธิ์", 2, True) in {
        (each.competency, each.level, each.had_some) for each in carried.levels_without
    }
