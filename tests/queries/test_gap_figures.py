"""Gaps by competency, unit and position level: never of fewer than five people, nor by subtraction."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from idp.models import Assessment, CrosswalkLink, Gap
from idp.queries.figure_trees import WHOLE_ORGANISATION
from idp.queries.gap_figures import CompetencyGaps, GapFigures, gap_figures
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CrosswalkRelation
from tests.factories.dictionary import Dictionary, make_dictionary
from tests.factories.rounds import earlier_cycle
from tests.factories.sample import add_colleague, make_assessment
from tests.queries.test_figures import S, Scene, scene

__all__ = ["scene"]

RULES = OrganisationRules()


def found_in(scene: Scene, unit: str | None = None, before: bool = False) -> GapFigures:
    earlier = None
    if before:
        cycles = scene.session.query(type(scene.sample.cycle)).filter_by(code="2568").all()
        earlier = (cycles[0], RULES)
    unit_id = scene.units[unit].id if unit else WHOLE_ORGANISATION
    return gap_figures(scene.session, (scene.sample.cycle, RULES), earlier, unit_id)


def only(found: GapFigures) -> CompetencyGaps:
    (competency,) = found.competencies
    return competency


def shown_units(scene: Scene, found: GapFigures) -> dict[str, int]:
    names = {unit.id: name for name, unit in scene.units.items()}
    figures = only(found).by_unit.items()
    return {names[unit_id] + ("*" if is_own else ""): each.with_gap for (unit_id, is_own), each in figures}


def test_strengths_are_told_apart_where_every_part_is_large(scene: Scene) -> None:
    scene.add("a1", 6, "good", gap=1)
    scene.add("a1", 7, "good", gap=0)
    scene.add("a1", 5, "good", gap=-1)
    whole = only(found_in(scene)).whole
    assert (whole.people, whole.with_gap, whole.exceeding, whole.unrated) == (18, 6, 5, 0)
    assert whole.mean_gap == Decimal("0.06") and whole.percent == 33


def test_few_strengths_are_shown_with_those_who_meet_what_is_expected(scene: Scene) -> None:
    scene.add("a1", 6, "good", gap=1)
    scene.add("a1", 7, "good", gap=0)
    scene.add("a1", 2, "good", gap=-1)
    whole = only(found_in(scene)).whole
    assert (whole.people, whole.with_gap, whole.exceeding) == (15, 6, None)


def test_each_unit_stands_beside_the_others(scene: Scene) -> None:
    for unit, short in (("a1", 5), ("a2", 6), ("b", 7)):
        scene.add(unit, short, "good", gap=1)
        scene.add(unit, 8, "good", gap=0)
    assert shown_units(scene, found_in(scene)) == {"a": 11, "b": 7}
    assert shown_units(scene, found_in(scene, "a")) == {"a1": 5, "a2": 6}
    assert found_in(scene, "a").levels == ()


def test_a_gap_in_one_unit_is_not_told_by_the_others(scene: Scene) -> None:
    scene.add("a", 2, "good", gap=1)
    scene.add("a", 10, "good", gap=0)
    scene.add("b", 10, "good", gap=1)
    scene.add("b", 10, "good", gap=0)
    found = found_in(scene)
    assert only(found).whole.with_gap == 12 and found.units == ()
    assert found_in(scene, "a").competencies == () and found_in(scene, "a").hidden_competencies == 1


def test_a_unit_of_four_is_as_good_as_not_released(scene: Scene) -> None:
    scene.add("a1", 4, "good", gap=1)
    scene.add("b", 20, "good", gap=1)
    found = found_in(scene, "a1")
    assert found.released is None and found.competencies == ()


def test_what_is_not_released_counts_nowhere(scene: Scene) -> None:
    scene.add("a1", 20, "good", state=S.MODERATED, gap=1)
    assert found_in(scene).competencies == ()


@pytest.mark.parametrize(("of_k1", "levels"), [(8, 2), (3, 0)])
def test_position_levels_stand_apart_where_each_has_five(scene: Scene, of_k1: int, levels: int) -> None:
    scene.add("a1", 10, "good", gap=1)
    scene.add("b", 10, "good", gap=1)
    changed = scene.session.query(Assessment).filter_by(state=S.RELEASED).limit(of_k1).all()
    for each in changed:
        each.position_level_code, each.position_level_name = "K1", "ปฏิบัติการ"
    scene.session.flush()
    found = found_in(scene)
    assert len(found.levels) == levels
    assert sum(each.with_gap for each in only(found).by_level.values()) == (20 if levels else 0)


def test_a_gap_of_one_level_is_not_told_by_the_other(scene: Scene) -> None:
    """Of K1 two have a gap: K2's ten would tell it, for the whole shows twelve."""
    scene.add("a1", 2, "good", gap=1)
    scene.add("a1", 8, "good", gap=0)
    for each in scene.session.query(Assessment).filter_by(state=S.RELEASED).all():
        each.position_level_code, each.position_level_name = "K1", "ปฏิบัติการ"
    scene.add("a1", 10, "good", gap=1)
    scene.add("a1", 8, "good", gap=0)
    found = found_in(scene)
    assert len(found.levels) == 2 and only(found).by_level == {}


def test_a_mean_is_rounded_half_up_as_people_round(scene: Scene) -> None:
    scene.add("a1", 5, "good", gap=1)
    scene.add("a1", 35, "good", gap=0)
    assert only(found_in(scene)).whole.mean_gap == Decimal("0.13")  # 5 levels of 40 people: 0.125


def test_the_cycle_before_stands_beside(scene: Scene) -> None:
    scene.add("a1", 10, "good", gap=1)
    add_earlier(scene, scene.sample.dictionary)
    found = only(found_in(scene, before=True))
    assert found.before is not None and (found.before.people, found.before.mean_gap) == (8, Decimal("2.00"))
    assert only(found_in(scene)).before is None


@pytest.mark.parametrize(
    ("levels", "is_shown"),
    [
        ({str(number): number for number in range(1, 6)}, True),
        ({"1": 1, "2": 2, "3": None, "4": None, "5": 5}, False),  # some people would have to be assessed anew
    ],
)
def test_means_of_another_dictionary_stand_beside_only_where_every_level_is_aligned(
    scene: Scene, levels: dict[str, int | None], is_shown: bool
) -> None:
    scene.add("a1", 10, "good", gap=1)
    add_earlier(scene, make_dictionary(scene.session, "other-core"))
    scene.session.add(
        CrosswalkLink(
            from_framework="other-core",
            from_competency="c1",
            to_framework="sample-core",
            to_competency="c1",
            relation=CrosswalkRelation.EQUIVALENT,
            note_en="",
            level_map=levels,
        )
    )
    scene.session.flush()
    assert (only(found_in(scene, before=True)).before is not None) == is_shown


def add_earlier(scene: Scene, dictionary: Dictionary) -> None:
    """Eight people with a gap of 2 in the cycle before."""
    earlier = earlier_cycle(scene.session, scene.sample)
    for number in range(500, 508):
        assessment = make_assessment(
            scene.session,
            earlier,
            add_colleague(scene.session, scene.sample, str(number)),
            scene.units["a1"],
            dictionary,
            supervisor=None,
            second_level=None,
            state=S.CLOSED,
            band="good",
        )
        item = assessment.items[0]
        scene.session.add(Gap(item=item, expected_level=3, attained_level=Decimal(1), gap=Decimal(2)))
    scene.session.flush()


def test_as_many_statements_for_many_units_as_for_few(scene: Scene) -> None:
    scene.add("a1", 10, "good", gap=1)
    scene.add("b", 10, "good", gap=1)
    engine = scene.session.get_bind()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    found_in(scene)
    few = len(asked)
    for unit in ("a", "a2", "b", "a1"):
        scene.add(unit, 20, "good", gap=1)
    asked.clear()
    found_in(scene)
    assert len(asked) == few
