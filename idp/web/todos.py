"""Things to do as the pages draw them: in whose role, what the button says and where it leads."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.home import Todo
from idp.rules.terms import AssessmentState, PhaseKind, PlanState, Relation, SubjectType

ROLES: tuple[tuple[Relation, LazyString], ...] = (
    (Relation.OWNER, _("งานของท่าน")),
    (Relation.SUPERVISOR, _("งานในฐานะผู้ประเมิน")),
    (Relation.SECOND_LEVEL, _("งานในฐานะผู้บังคับบัญชาเหนือขึ้นไป")),
    (Relation.HR_OFFICER, _("งานในฐานะผู้รับผิดชอบงานการเจ้าหน้าที่")),
)

VERBS: dict[tuple[PhaseKind, str], LazyString] = {
    (PhaseKind.AGREEMENT, AssessmentState.NOT_STARTED): _("เปิดข้อตกลง"),
    (PhaseKind.SELF_ASSESSMENT, AssessmentState.NOT_STARTED): _("เริ่มประเมินตนเอง"),
    (PhaseKind.SELF_ASSESSMENT, AssessmentState.SELF_ASSESSING): _("ประเมินตนเองต่อ"),
    (PhaseKind.RATING, AssessmentState.NOT_STARTED): _("เปิดแบบประเมิน"),
    (PhaseKind.RATING, AssessmentState.SELF_ASSESSING): _("เปิดแบบประเมิน"),
    (PhaseKind.RATING, AssessmentState.SELF_SUBMITTED): _("เริ่มประเมิน"),
    (PhaseKind.RATING, AssessmentState.RATING): _("ประเมินต่อ"),
    (PhaseKind.SECOND_OPINION, AssessmentState.RATED): _("ให้ความเห็น"),
    (PhaseKind.RECEIPT, AssessmentState.RELEASED): _("ดูผลและรับทราบ"),
    (PhaseKind.PLAN_DRAFTING, AssessmentState.RECEIVED): _("เลือกกิจกรรมพัฒนา"),
    (PhaseKind.PLAN_DRAFTING, AssessmentState.REFUSED): _("เลือกกิจกรรมพัฒนา"),
    (PhaseKind.PLAN_DRAFTING, PlanState.DRAFT): _("จัดทำแผนต่อ"),
    (PhaseKind.PLAN_DRAFTING, PlanState.RETURNED): _("แก้ไขแผน"),
    (PhaseKind.PLAN_REVIEW, PlanState.SUBMITTED): _("พิจารณาแผน"),
    (PhaseKind.PLAN_REVIEW, PlanState.SECOND_LEVEL_CHECK): _("พิจารณาแผน"),
    (PhaseKind.PROGRESS, PlanState.APPROVED): _("รายงานความก้าวหน้า"),
    (PhaseKind.PROGRESS, PlanState.IN_PROGRESS): _("รายงานความก้าวหน้า"),
    (PhaseKind.PROGRESS, PlanState.AMENDING): _("ปรับปรุงแผนต่อ"),
    (PhaseKind.PLAN_EVALUATION, PlanState.APPROVED): _("เสนอประเมินผลตามแผน"),
    (PhaseKind.PLAN_EVALUATION, PlanState.IN_PROGRESS): _("เสนอประเมินผลตามแผน"),
    (PhaseKind.PLAN_EVALUATION, PlanState.IN_EVALUATION): _("ประเมินผลตามแผน"),
}
"""What the button says, by the phase and the record's state."""

OPEN_PAGE = _("เปิดรายการ")


@dataclass(frozen=True)
class TodoGroup:
    """What somebody owes in one role, the most urgent first."""

    relation: Relation
    title: LazyString
    todos: tuple[Todo, ...]


def grouped(todos: Collection[Todo]) -> list[TodoGroup]:
    """By role, in the order of the table; roles without anything to do are left out."""
    groups = (
        TodoGroup(relation, title, tuple(todo for todo in todos if todo.relation is relation))
        for relation, title in ROLES
    )
    return [group for group in groups if group.todos]


def verb(todo: Todo) -> str:
    """What the button of a thing to do says."""
    return str(VERBS.get((todo.phase, todo.state), OPEN_PAGE))


def address(todo: Todo) -> str | None:
    """Where it is done; None while that page does not exist."""
    if todo.subject_type is SubjectType.PLAN:
        return _address("plans.show", plan_id=todo.subject_id)
    if todo.subject_type is SubjectType.ASSESSMENT:
        if todo.phase is PhaseKind.AGREEMENT:
            return _address("agreements.show", assessment_id=todo.subject_id)
        if todo.phase is PhaseKind.PLAN_DRAFTING:
            return _address("suggestions.index", assessment_id=todo.subject_id)
        return _address("assessments.show", assessment_id=todo.subject_id)
    return _address("cycles.show", cycle_id=todo.cycle_id)


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
