"""Figures of a cycle by unit, counted by both databases alike; nothing of fewer than five people."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Cycle, DevelopmentPlan, Gap, Unit
from idp.models.engine import make_engine
from idp.queries.figure_trees import WHOLE_ORGANISATION
from idp.queries.figures import Figures, cycles_begun, figures
from idp.rules.settings import OrganisationRules
from idp.rules.stages import Stage
from idp.rules.terms import AssessmentState, CycleState, PlanState
from tests.factories.sample import Sample, add_colleague, make_assessment, make_sample

S = AssessmentState


class Scene:
    """The sample with units to count in: each call adds people of one unit, alike."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sample: Sample = make_sample(session)
        self.sample.assessment.state = S.EXEMPTED  # Somchai counts nowhere
        self._number = 0
        self.units = {
            name: self._unit(name, above)
            for name, above in (("a", None), ("b", None), ("a1", "a"), ("a2", "a"))
        }

    def _unit(self, code: str, above: str | None) -> Unit:
        parent = None if above is None else self.session.query(Unit).filter_by(code=above).one()
        unit = Unit(
            organisation_id=self.sample.organisation.id,
            code=code,
            name_th=f"หน่วย {code}",
            parent_id=parent.id if parent else None,
        )
        self.session.add(unit)
        self.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        return unit

    def add(
        self,
        unit: str,
        count: int,
        band: str | None = None,
        state: AssessmentState | None = None,
        gap: int | None = None,
        plan: PlanState | None = None,
    ) -> None:
        for _ in range(count):
            self._number += 1
            employee = add_colleague(self.session, self.sample, str(self._number))
            assessment = make_assessment(
                self.session,
                self.sample.cycle,
                employee,
                self.units[unit],
                self.sample.dictionary,
                supervisor=None,
                second_level=None,
                state=state or (S.RELEASED if band else S.RATING),
                band=band,
            )
            if gap is not None:
                item: AssessmentItem = assessment.items[0]
                self.session.add(
                    Gap(item=item, expected_level=3, attained_level=Decimal(3 - gap), gap=Decimal(gap))
                )
            if plan is not None:
                self.session.add(
                    DevelopmentPlan(
                        organisation_id=employee.organisation_id,
                        employee_id=employee.id,
                        owner_person_id=employee.person_id,
                        fiscal_year=self.sample.cycle.fiscal_year,
                        assessment_id=assessment.id,
                        state=plan,
                    )
                )
        self.session.flush()

    def figures(self, unit: str | None = None) -> Figures:
        unit_id = self.units[unit].id if unit else WHOLE_ORGANISATION
        return figures(self.session, self.sample.cycle, unit_id, OrganisationRules())


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    engine = make_engine(database_url)
    with Session(engine) as session:
        yield Scene(session)
    engine.dispose()


def named(found: Figures) -> dict[str, int]:
    return {
        " ".join(
            (*(stage.value for stage in part.stages), *(band or "none" for band in part.bands))
        ): part.count
        for part in found.unit.parts
        if part.count
    }


def test_people_are_counted_by_stage_and_by_band_of_what_is_released(scene: Scene) -> None:
    scene.add("a1", 8, "excellent")
    scene.add("a2", 7, "good")
    scene.add("b", 6)
    found = scene.figures()
    assert found.unit.people == 21 and found.unit.released == 15
    assert named(found) == {"rating": 6, "excellent": 8, "good": 7}
    assert [(each.name_th, each.people) for each in found.below] == [("หน่วย a", 15), ("หน่วย b", 6)]


def test_a_result_not_released_counts_as_its_stage_alone(scene: Scene) -> None:
    scene.add("a1", 6, "excellent", state=S.MODERATED, gap=1)
    found = scene.figures()
    assert [part.stages for part in found.unit.parts if part.count] == [(Stage.BEFORE_RELEASE,)]
    assert found.competencies == () and found.hidden_competencies == 0


def test_a_unit_of_four_is_not_shown_nor_told_by_the_others(scene: Scene) -> None:
    scene.add("a1", 4, "excellent")
    scene.add("a2", 6, "excellent")
    scene.add("b", 20, "excellent")
    found = scene.figures("a")
    assert found.unit.people == 10 and found.below == () and found.hidden_units == 2
    assert scene.figures("a1").unit.people is None
    assert scene.figures("a2").unit.people is None
    assert scene.figures("b").unit.people == 20


def test_those_who_serve_in_the_unit_itself_are_a_part_of_their_own(scene: Scene) -> None:
    scene.add("a", 5, "excellent")
    scene.add("a1", 6, "excellent")
    scene.add("a2", 6, "excellent")
    found = scene.figures("a")
    assert [(each.name_th, each.is_own, each.people) for each in found.below] == [
        ("หน่วย a1", False, 6),
        ("หน่วย a2", False, 6),
        ("หน่วย a", True, 5),
    ]


def test_a_small_band_is_merged_with_its_neighbour(scene: Scene) -> None:
    scene.add("a1", 20, "excellent")
    scene.add("a1", 6, "good")
    scene.add("a1", 2, "fair")
    assert named(scene.figures()) == {"excellent": 20, "good fair": 8}


def test_gaps_are_the_mean_and_the_share_below_what_is_expected(scene: Scene) -> None:
    scene.add("a1", 6, "good", gap=1)
    scene.add("a1", 6, "good", gap=-1)
    scene.add("a1", 3, "good", gap=0)
    (found,) = scene.figures("a1").competencies
    assert (found.people, found.with_gap, found.mean_gap) == (15, 6, Decimal("0.00"))


def test_a_competency_with_few_gaps_is_not_shown(scene: Scene) -> None:
    scene.add("a1", 4, "good", gap=1)
    scene.add("a1", 20, "good", gap=0)
    found = scene.figures()
    assert found.competencies == () and found.hidden_competencies == 1


def test_a_gap_in_one_unit_is_not_told_by_the_others(scene: Scene) -> None:
    """Ten of b have a gap, two of a: neither is shown, for the whole shows twelve."""
    scene.add("a", 2, "good", gap=1)
    scene.add("a", 10, "good", gap=0)
    scene.add("b", 10, "good", gap=1)
    scene.add("b", 10, "good", gap=0)
    assert [each.with_gap for each in scene.figures().competencies] == [12]
    assert scene.figures("a").competencies == ()
    assert scene.figures("b").competencies == ()


def test_plans_count_once_approved(scene: Scene) -> None:
    scene.add("a1", 6, "good", plan=PlanState.APPROVED)
    scene.add("a1", 5, "good", plan=PlanState.SUBMITTED)
    found = scene.figures("a1").unit
    assert (found.released, found.approved) == (11, 6)


def test_few_without_a_plan_are_not_told(scene: Scene) -> None:
    scene.add("a1", 6, "good", plan=PlanState.IN_PROGRESS)
    scene.add("a1", 2, "good")
    assert scene.figures("a1").unit.approved is None


def test_those_exempted_count_nowhere(scene: Scene) -> None:
    scene.add("a1", 9, state=S.EXEMPTED)
    assert scene.figures().unit.people == 0


def test_a_cycle_not_begun_is_not_offered(scene: Scene) -> None:
    organisation_id = scene.sample.organisation.id
    assert cycles_begun(scene.session, organisation_id) == [scene.sample.cycle]
    assert cycles_begun(scene.session, scene.sample.other_organisation.id) == []
    of_this = Cycle.id == scene.sample.cycle.id
    scene.session.execute(update(Cycle).where(of_this).values(state=CycleState.PUBLISHED))
    assert cycles_begun(scene.session, organisation_id) == []


def test_as_many_statements_for_many_people_as_for_few(scene: Scene) -> None:
    scene.add("a1", 6, "good", gap=1)
    few = statements(scene)
    scene.add("a2", 30, "fair", gap=0)
    scene.add("b", 30, "excellent", gap=1)
    assert statements(scene) == few


def statements(scene: Scene) -> int:
    seen: list[object] = []
    engine = scene.session.get_bind()
    assert isinstance(engine, Engine)

    def note(*arguments: object) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    scene.figures()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
