"""What comes along to a dictionary's next version: the library's actions, the organisation's own, never
another's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Competency, DevelopmentAction, FrameworkVersion, ProficiencyLevel
from idp.rules.terms import VersionState
from idp.services import framework_drafts, framework_publishing
from idp.services.catalogue import drafts, exclusions, publishing
from tests.factories.sample import Sample
from tests.services.catalogue_cast import FILLED, NOW, indicators, own_published
from tests.services.framework_cast import derived, published


def actions_of(session: Session, version: FrameworkVersion) -> list[DevelopmentAction]:
    return list(
        session.scalars(
            select(DevelopmentAction)
            .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
            .join(Competency, Competency.id == ProficiencyLevel.competency_id)
            .where(
                Competency.framework_version_id == version.id,
                DevelopmentAction.state == VersionState.PUBLISHED,
            )
            .order_by(DevelopmentAction.key)
        )
    )


def own_of(session: Session, version: FrameworkVersion) -> list[DevelopmentAction]:
    return [each for each in actions_of(session, version) if each.organisation_id is not None]


def test_own_and_adapted_actions_come_along_with_their_organisation(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    own = own_published(session, sample, indicator_ids=sample.dictionary.indicators["c1", 2][:1])
    source = sample.dictionary.actions["c1", 2][1]
    adapted = publishing.publish_action(
        session, malee, drafts.adapt_action(session, malee, source.id, NOW).id, NOW
    )
    version = derived(session, sample)
    framework_publishing.publish_version(session, malee, version.id, NOW)
    came = {each.key: each for each in own_of(session, version)}
    assert came.keys() == {own.key, adapted.key}
    for each in (own, adapted):
        copy = came[each.key]
        assert copy.organisation_id == sample.organisation.id and copy.id != each.id
        assert (copy.number, copy.title_th) == (each.number, each.title_th)
        assert copy.based_on_action_id == each.based_on_action_id
        assert len(indicators(session, copy.id)) == 1
    beside = [each for each in actions_of(session, version) if each.key.startswith("sample.own/c1/2/")]
    assert len(beside) == 3, "what was adapted does not come along beside its copy"


def test_another_organisations_actions_never_do(session: Session, sample: Sample) -> None:
    own = own_published(session, sample)
    own.organisation_id = sample.cast.olan.organisation_id
    session.flush()
    version = derived(session, sample)
    carried = framework_publishing.publish_version(session, sample.cast.malee, version.id, NOW)
    assert own_of(session, version) == []
    assert carried.left_behind == 0


def test_drafts_and_retired_ones_stay_behind(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    own = own_published(session, sample)
    drafts.begin_next_version(session, malee, own.id, NOW)
    publishing.retire_action(session, malee, own.id, "เลิกใช้", NOW)
    assert own_of(session, published(session, sample)) == []


def test_keys_of_the_dictionary_hold_for_its_next_version(session: Session, sample: Sample) -> None:
    """What was left out stays left out, whatever stays behind."""
    malee = sample.cast.malee
    first = published(session, sample)
    before = actions_of(session, first)
    left_out = before[1]
    exclusions.exclude_action(session, malee, left_out.id, "ไม่ใช้", NOW)
    own = drafts.adapt_action(session, malee, before[2].id, NOW)
    publishing.publish_action(session, malee, own.id, NOW)
    second = framework_drafts.begin_next_version(session, malee, first.id, NOW)
    framework_publishing.publish_version(session, malee, second.id, NOW)
    after = {each.key: each for each in actions_of(session, second)}
    assert after.keys() == {each.key for each in before} | {own.key}
    assert all(after[each.key].title_th == each.title_th for each in before)
    assert after[own.key].organisation_id == sample.organisation.id


def test_each_versions_action_is_edited_by_itself(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    first = published(session, sample)
    there = actions_of(session, first)[0]
    own = publishing.publish_action(
        session, malee, drafts.adapt_action(session, malee, there.id, NOW).id, NOW
    )
    second = framework_drafts.begin_next_version(session, malee, first.id, NOW)
    framework_publishing.publish_version(session, malee, second.id, NOW)
    (copy,) = own_of(session, second)
    draft = drafts.begin_next_version(session, malee, copy.id, NOW)
    assert (draft.number, draft.level_id) == (2, copy.level_id)
    drafts.update_draft(session, malee, draft.id, FILLED, NOW)
    publishing.publish_action(session, malee, draft.id, NOW)
    assert (copy.state, own.state) == (VersionState.RETIRED, VersionState.PUBLISHED)
