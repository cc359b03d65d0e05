"""An organisation's own actions: drafts, versions, retiring, leaving out; the library never changes."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, DevelopmentAction, HistoryEntry, PlanItem, Suggestion
from idp.rules.catalogue import own_key
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType, VersionState
from idp.services import plans
from idp.services.catalogue import drafts, exclusions, publishing
from idp.services.plan_items import accept_suggestion
from idp.services.suggestions import make_suggestions
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.catalogue_cast import (
    FILLED,
    NOW,
    events,
    history,
    indicators,
    level_id,
    own_draft,
    own_published,
    proposed,
)


def test_a_new_action_is_a_draft_that_nobody_is_proposed(session: Session, sample: Sample) -> None:
    chosen = sample.dictionary.indicators["c1", 2][:2]
    draft = own_draft(session, sample, indicator_ids=chosen)
    assert (draft.key, draft.number) == (own_key(sample.organisation.id, 1), 1)
    assert (draft.state, draft.organisation_id) == (VersionState.DRAFT, sample.organisation.id)
    assert (draft.title_th, draft.cost_baht, draft.weeks) == (FILLED.title, Decimal("150.50"), 8)
    assert indicators(session, draft.id) == set(chosen) and len(draft.content_hash) == 64
    assert draft.id not in proposed(session, sample)
    assert own_draft(session, sample, "c2", 3).key == own_key(sample.organisation.id, 2)
    (entry,) = history(session, draft.id)
    assert (entry.event, entry.to_state, entry.actor_person_id) == (
        "create_action",
        "draft",
        sample.cast.malee.person_id,
    )
    assert entry.detail["to"]["indicators"] == [1, 2]


WRONG = [
    ("title", "missing", {"title": " "}),
    ("title", "too_long", {"title": "ก" * 501}),
    ("method", "missing", {"method": None}),
    ("detail", "too_long", {"detail": "ก" * 4001}),
    ("evidence", "too_long", {"evidence": "ก" * 4001}),
    ("measure", "not_text", {"measure": "ก\x00"}),
    ("hours", "out_of_range", {"hours": -1}),
    ("hours", "out_of_range", {"hours": 2001}),
    ("weeks", "out_of_range", {"weeks": 0}),
    ("weeks", "out_of_range", {"weeks": 105}),
    ("cost_baht", "out_of_range", {"cost_baht": Decimal("-0.01")}),
    ("cost_baht", "out_of_range", {"cost_baht": Decimal("NaN")}),
    ("cost_baht", "too_many_places", {"cost_baht": Decimal("1.005")}),
    ("indicator_ids", "unknown", {"indicator_ids": (99_999,)}),
]


@pytest.mark.parametrize(("field", "code", "values"), WRONG)
def test_a_wrong_field_is_named(
    session: Session, sample: Sample, field: str, code: str, values: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputs) as refusal:
        own_draft(session, sample, "c1", 2, **values)
    assert [(each.field, each.code) for each in refusal.value.problems] == [(field, code)]


def test_every_wrong_field_is_named_at_once(session: Session, sample: Sample) -> None:
    wrong = replace(FILLED, title="", method=None, hours=5000, weeks=0, cost_baht=Decimal(-1))
    with pytest.raises(InvalidInputs) as refusal:
        drafts.create_action(session, sample.cast.malee, None, wrong, NOW)
    fields = {each.field for each in refusal.value.problems}
    assert fields == {"level_id", "title", "method", "hours", "weeks", "cost_baht"}


def test_an_indicator_of_another_level_is_refused(session: Session, sample: Sample) -> None:
    with pytest.raises(InvalidInputs, match="indicator_ids"):
        own_draft(session, sample, "c1", 2, indicator_ids=sample.dictionary.indicators["c1", 3][:1])


def test_only_levels_above_0_of_published_frameworks_take_actions(session: Session, sample: Sample) -> None:
    for number in (level_id(sample, "c1", 0), 99_999):
        with pytest.raises(InvalidInput, match="unknown_choice"):
            drafts.create_action(session, sample.cast.malee, number, FILLED, NOW)
    sample.dictionary.version.state = VersionState.DRAFT
    session.flush()
    with pytest.raises(InvalidInput, match="unknown_choice"):
        drafts.create_action(session, sample.cast.malee, level_id(sample, "c1", 2), FILLED, NOW)


def test_another_organisations_dictionary_takes_none_of_ours(session: Session, sample: Sample) -> None:
    sample.dictionary.version.framework.organisation_id = sample.cast.olan.organisation_id
    session.flush()
    with pytest.raises(InvalidInput, match="unknown_choice"):
        own_draft(session, sample)


def test_a_draft_is_published_and_then_proposed_to_this_organisation_alone(
    session: Session, sample: Sample
) -> None:
    action = own_published(session, sample)
    assert (action.state, action.published_at) == (VersionState.PUBLISHED, NOW)
    assert action.id in proposed(session, sample)
    assert action.id not in proposed(session, sample, "c1", sample.cast.olan.organisation_id or 0)
    assert events(session, action.id) == ["create_action", "publish_action"]


def test_what_a_plan_is_made_of_must_be_written_before_publishing(session: Session, sample: Sample) -> None:
    draft = own_draft(session, sample, detail="", evidence="", measure="", hours=0)
    with pytest.raises(InvalidInputs) as refusal:
        publishing.publish_action(session, sample.cast.malee, draft.id, NOW)
    assert [each.field for each in refusal.value.problems] == ["detail", "measure", "evidence", "hours"]
    assert draft.state is VersionState.DRAFT


def test_a_published_action_is_never_edited_but_gets_a_next_version(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    first = own_published(session, sample, indicator_ids=sample.dictionary.indicators["c1", 2][:1])
    with pytest.raises(TransitionNotAllowed):
        drafts.update_draft(session, malee, first.id, FILLED, NOW)
    second = drafts.begin_next_version(session, malee, first.id, NOW)
    assert (second.key, second.number, second.title_th) == (first.key, 2, first.title_th)
    assert indicators(session, second.id) == indicators(session, first.id)
    assert drafts.begin_next_version(session, malee, first.id, NOW).id == second.id
    changed = replace(FILLED, title="หมุนเวียนสองหน่วยงาน", hours=30)
    drafts.update_draft(session, malee, second.id, changed, NOW)
    assert first.title_th == FILLED.title and first.id in proposed(session, sample)
    publishing.publish_action(session, malee, second.id, NOW)
    assert (first.state, first.retired_at, second.state) == (
        VersionState.RETIRED,
        NOW,
        VersionState.PUBLISHED,
    )
    assert second.id in proposed(session, sample) and first.id not in proposed(session, sample)
    assert events(session, first.id)[-1] == "replace_action"
    update = next(entry for entry in history(session, second.id) if entry.event == "update_action")
    assert update.detail["from"] == {"title_th": FILLED.title, "hours": 24, "indicators": [1]}
    assert update.detail["to"] == {"title_th": "หมุนเวียนสองหน่วยงาน", "hours": 30, "indicators": []}


def test_an_unchanged_draft_writes_nothing(session: Session, sample: Sample) -> None:
    draft = own_draft(session, sample)
    version = draft.version
    drafts.update_draft(session, sample.cast.malee, draft.id, FILLED, NOW, version)
    assert draft.version == version and events(session, draft.id) == ["create_action"]


def test_only_the_mapping_changed_counts_as_a_change(session: Session, sample: Sample) -> None:
    draft = own_draft(session, sample)
    version = draft.version
    chosen = sample.dictionary.indicators["c1", 2][1:]
    drafts.update_draft(session, sample.cast.malee, draft.id, replace(FILLED, indicator_ids=chosen), NOW)
    assert draft.version > version and indicators(session, draft.id) == set(chosen)


def test_adapting_takes_the_librarys_place_unless_both_are_kept(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    one, two = sample.dictionary.actions["c1", 2][:2]
    draft = drafts.adapt_action(session, malee, one.id, NOW)
    assert (draft.title_th, draft.based_on_action_id) == (one.title_th, one.id)
    assert indicators(session, draft.id) == indicators(session, one.id)
    assert drafts.adapt_action(session, malee, one.id, NOW).id == draft.id
    assert one.id in proposed(session, sample)
    publishing.publish_action(session, malee, draft.id, NOW)
    assert one.id not in proposed(session, sample) and draft.id in proposed(session, sample)
    assert one.id in proposed(session, sample, "c1", sample.cast.olan.organisation_id or 0)
    assert one.state is VersionState.PUBLISHED
    both = drafts.adapt_action(session, malee, two.id, NOW)
    publishing.publish_action(session, malee, both.id, NOW, keeps_both=True)
    assert {two.id, both.id} <= proposed(session, sample)


def test_adapted_for_another_level_it_takes_nobodys_place(session: Session, sample: Sample) -> None:
    malee, one = sample.cast.malee, sample.dictionary.actions["c1", 2][0]
    draft = drafts.adapt_action(session, malee, one.id, NOW, level_id(sample, "c1", 4))
    assert indicators(session, draft.id) == set()
    publishing.publish_action(session, malee, draft.id, NOW)
    assert {one.id, draft.id} <= proposed(session, sample)
    again = drafts.adapt_action(session, malee, draft.id, NOW, level_id(sample, "c2", 3))
    assert again.level_id == level_id(sample, "c2", 3)
    for source in (draft, again):  # one's own at its own level is edited; a draft is no source
        with pytest.raises(TransitionNotAllowed):
            drafts.adapt_action(session, malee, source.id, NOW)


def test_a_retired_action_is_proposed_no_more_and_stays_where_it_was_used(
    session: Session, sample: Sample
) -> None:
    malee, somchai = sample.cast.malee, sample.cast.somchai
    action = own_published(session, sample, "c1", 3, indicator_ids=sample.dictionary.indicators["c1", 3])
    steps.released(session, sample)
    suggestion = session.scalars(select(Suggestion).where(Suggestion.action_id == action.id)).one()
    plan = plans.draft_plan(session, somchai, sample.assessment.id, NOW)
    item = accept_suggestion(session, somchai, plan.id, suggestion.id, NOW)
    with pytest.raises(InvalidInput, match="missing"):
        publishing.retire_action(session, malee, action.id, "  ", NOW)
    publishing.retire_action(session, malee, action.id, "ไม่มีผู้สอนแล้ว", NOW)
    assert (action.state, action.retired_at) == (VersionState.RETIRED, NOW)
    assert action.id not in proposed(session, sample)
    assert session.get_one(PlanItem, item.id).action_id == action.id
    assert session.get_one(Suggestion, suggestion.id).action_id == action.id
    assert history(session, action.id)[-1].reason == "ไม่มีผู้สอนแล้ว"
    again = drafts.begin_next_version(session, malee, action.id, NOW)
    assert publishing.publish_action(session, malee, again.id, NOW).id in proposed(session, sample)


def test_what_was_left_out_is_not_suggested_until_it_is_taken_in_again(
    session: Session, sample: Sample
) -> None:
    malee = sample.cast.malee
    left_out = sample.dictionary.actions["c1", 3][0]
    with pytest.raises(InvalidInput, match="missing"):
        exclusions.exclude_action(session, malee, left_out.id, "", NOW)
    exclusions.exclude_action(session, malee, left_out.id, "หน่วยงานไม่มีงานลักษณะนี้", NOW, 0)
    steps.released(session, sample)
    count = select(func.count()).where(Suggestion.action_id == left_out.id)
    assert session.scalar(count) == 0
    with pytest.raises(StaleVersion):
        exclusions.exclude_action(session, malee, left_out.id, "อีกครั้ง", NOW)
    with pytest.raises(StaleVersion):
        exclusions.include_action(session, malee, left_out.id, "มีงานแล้ว", NOW, 0)
    exclusions.include_action(session, malee, left_out.id, "มีงานแล้ว", NOW, 1)
    assert left_out.id in proposed(session, sample)
    with pytest.raises(StaleVersion):
        exclusions.include_action(session, malee, left_out.id, "มีงานแล้ว", NOW)
    entries = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.subject_type == SubjectType.ORGANISATION,
            HistoryEntry.event.in_(["exclude_action", "include_action"]),
        )
        .order_by(HistoryEntry.id)
    ).all()
    assert [(each.event, each.reason) for each in entries] == [
        ("exclude_action", "หน่วยงานไม่มีงานลักษณะนี้"),
        ("include_action", "มีงานแล้ว"),
    ]
    make_suggestions(session, [sample.assessment.id])
    assert session.scalar(count) == 1


def test_one_organisation_leaving_out_changes_nothing_for_the_other(session: Session, sample: Sample) -> None:
    action = sample.dictionary.actions["c1", 3][0]
    exclusions.exclude_action(session, sample.cast.malee, action.id, "ไม่ใช้", NOW)
    assert action.id in proposed(session, sample, "c1", sample.cast.olan.organisation_id or 0)
    exclusions.exclude_action(session, sample.cast.olan, action.id, "ไม่ใช้เช่นกัน", NOW, 0)
    assert session.scalar(select(func.count()).select_from(ActionExclusion)) == 2


def test_own_actions_are_retired_and_not_left_out(session: Session, sample: Sample) -> None:
    own = own_published(session, sample)
    with pytest.raises(TransitionNotAllowed):
        exclusions.exclude_action(session, sample.cast.malee, own.id, "ไม่ใช้", NOW)


def test_a_discarded_draft_is_gone_and_its_number_is_free(session: Session, sample: Sample) -> None:
    malee = sample.cast.malee
    first = own_published(session, sample)
    second = drafts.begin_next_version(session, malee, first.id, NOW)
    drafts.discard_draft(session, malee, second.id, NOW, second.version)
    assert events(session, second.id)[-1] == "discard_action"
    with pytest.raises(NotVisible):
        drafts.update_draft(session, malee, second.id, FILLED, NOW)
    assert drafts.begin_next_version(session, malee, first.id, NOW).number == 2
    with pytest.raises(TransitionNotAllowed):
        drafts.discard_draft(session, malee, first.id, NOW)


Deed = Callable[[Session, Actor, int, int | None], object]
DEEDS: dict[str, Deed] = {
    "adapt": lambda session, actor, each, _: drafts.adapt_action(session, actor, each, NOW),
    "next": lambda session, actor, each, seen: drafts.begin_next_version(session, actor, each, NOW, seen),
    "update": lambda session, actor, each, seen: drafts.update_draft(session, actor, each, FILLED, NOW, seen),
    "discard": lambda session, actor, each, seen: drafts.discard_draft(session, actor, each, NOW, seen),
    "publish": lambda session, actor, each, seen: publishing.publish_action(session, actor, each, NOW, seen),
    "retire": lambda session, actor, each, seen: publishing.retire_action(
        session, actor, each, "เลิกใช้", NOW, seen
    ),
    "exclude": lambda session, actor, each, seen: exclusions.exclude_action(
        session, actor, each, "ไม่ใช้", NOW, seen
    ),
    "include": lambda session, actor, each, seen: exclusions.include_action(
        session, actor, each, "ใช้", NOW, seen
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_but_the_personnel_office_edits_the_catalogue(
    session: Session, sample: Sample, deed: str
) -> None:
    own = own_published(session, sample)
    cast = sample.cast
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.anong):
        with pytest.raises(NotPermitted):
            DEEDS[deed](session, actor, own.id, None)
    for number in (own.id, 99_999):
        with pytest.raises(NotVisible):
            DEEDS[deed](session, cast.olan, number, None)


@pytest.mark.parametrize("deed", ["next", "update", "discard", "publish", "retire"])
def test_the_library_is_edited_by_nobody(session: Session, sample: Sample, deed: str) -> None:
    of_library = sample.dictionary.actions["c1", 2][0]
    with pytest.raises(NotPermitted):
        DEEDS[deed](session, sample.cast.malee, of_library.id, None)


@pytest.mark.parametrize("deed", ["next", "update", "discard", "publish", "retire"])
def test_who_read_an_earlier_version_changes_nothing(session: Session, sample: Sample, deed: str) -> None:
    action = own_published(session, sample) if deed in ("next", "retire") else own_draft(session, sample)
    before = (action.state, action.version, action.title_th)
    with pytest.raises(StaleVersion):
        DEEDS[deed](session, sample.cast.malee, action.id, action.version + 1)
    assert (action.state, action.version, action.title_th) == before


@pytest.mark.parametrize("deed", ["update", "discard", "publish"])
def test_only_a_draft_is_written_discarded_or_published(session: Session, sample: Sample, deed: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        DEEDS[deed](session, sample.cast.malee, own_published(session, sample).id, None)


def test_a_draft_is_not_retired(session: Session, sample: Sample) -> None:
    for deed in ("retire", "next"):
        with pytest.raises(TransitionNotAllowed):
            DEEDS[deed](session, sample.cast.malee, own_draft(session, sample).id, None)


def test_the_rows_of_the_library_are_as_they_were(session: Session, sample: Sample) -> None:
    of_library = select(DevelopmentAction).where(DevelopmentAction.organisation_id.is_(None))
    before = [(each.id, each.state, each.version) for each in session.scalars(of_library)]
    draft = drafts.adapt_action(session, sample.cast.malee, sample.dictionary.actions["c1", 2][0].id, NOW)
    publishing.publish_action(session, sample.cast.malee, draft.id, at(steps.REVIEW_DAY))
    assert [(each.id, each.state, each.version) for each in session.scalars(of_library)] == before
