"""Which actions people take up and which nobody ever did, over the sample's dictionary."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import Suggestion
from idp.queries.catalogue.use import CatalogueUse, catalogue_use
from idp.rules.terms import PlanItemState, SuggestionState
from tests.factories.sample import Sample
from tests.services.training_cast import person_with_result, plan_of


def suggest(session: Session, sample: Sample, action_id: int, state: SuggestionState) -> None:
    """To Somchai, for his gap in c1."""
    item = sample.items["c1"].id
    values = {"target_level": 3, "rank": 1, "reason": {}, "state": state}
    session.add(Suggestion(assessment_item_id=item, action_id=action_id, **values))
    session.flush()


def use_of(session: Session, sample: Sample, organisation_id: int | None = None) -> CatalogueUse:
    here = organisation_id or sample.organisation.id
    return catalogue_use(session, here, [sample.dictionary.version.id])


def test_what_is_planned_comes_first_and_what_nobody_took_up_is_counted(
    session: Session, sample: Sample
) -> None:
    refused, planned, suggested = (each.id for each in sample.dictionary.actions["c1", 3][:3])
    before = use_of(session, sample)
    suggest(session, sample, suggested, SuggestionState.PROPOSED)
    suggest(session, sample, refused, SuggestionState.REJECTED)
    line = {"action_id": planned, "state": PlanItemState.ACHIEVED}
    plan_of(session, person_with_result(session, sample, 1), line, {"action_id": planned})
    statements: list[object] = []
    connection = session.connection()

    def note(*arguments: object) -> None:
        statements.append(arguments[2])

    event.listen(connection, "before_cursor_execute", note)
    use = use_of(session, sample)
    event.remove(connection, "before_cursor_execute", note)
    assert len(statements) == 1  # the sums over everything are made once
    assert [(each.id, each.lines, each.suggestions) for each in use.most] == [
        (planned, 2, 0),
        *((each, 0, 1) for each in sorted((refused, suggested))),
    ]
    assert use.most[0].achieved == 1
    assert [(each.id, each.rejected) for each in use.refused] == [(refused, 1)]
    assert (before.most, before.never_count - use.never_count) == ((), 3)
    assert not {refused, planned, suggested} & {each.id for each in use.never}


def test_no_organisation_sees_what_another_takes_up(session: Session, sample: Sample) -> None:
    suggest(session, sample, sample.dictionary.actions["c1", 3][0].id, SuggestionState.REJECTED)
    elsewhere = use_of(session, sample, sample.other_organisation.id)
    assert (elsewhere.most, elsewhere.refused) == ((), ())
