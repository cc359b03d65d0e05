"""What the reader of a plan is told to do next, or for whom they wait."""

from collections.abc import Collection

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import PlanState as S
from idp.rules.terms import Relation as R

WAIT_FOR_OWNER = _("รอผู้จัดทำแผนแก้ไขและเสนอใหม่")
WAIT_FOR_SUPERVISOR = _("รอผู้บังคับบัญชาพิจารณา ท่านดึงแผนกลับมาแก้ไขได้จนกว่าจะมีการพิจารณา")

OF_PLAN: dict[S, tuple[tuple[R | None, LazyString], ...]] = {
    S.DRAFT: ((None, _("เพิ่มกิจกรรมจากข้อเสนอแนะหรือเพิ่มรายการเอง ระบุช่วงเวลาและวิธีวัดผลให้ครบ แล้วเสนอผู้บังคับบัญชา")),),
    S.SUBMITTED: (
        (R.SUPERVISOR, _("พิจารณาแผน แล้วอนุมัติ หรือส่งคืนพร้อมเหตุผล")),
        (R.OWNER, WAIT_FOR_SUPERVISOR),
        (None, _("รอผู้บังคับบัญชาพิจารณา")),
    ),
    S.RETURNED: ((R.OWNER, _("แก้ไขแผนตามเหตุผลที่ได้รับ แล้วเสนออีกครั้ง")), (None, WAIT_FOR_OWNER)),
    S.SECOND_LEVEL_CHECK: (
        (R.SECOND_LEVEL, _("พิจารณาแผน แล้วอนุมัติ หรือส่งคืนพร้อมเหตุผล")),
        (None, _("รอผู้บังคับบัญชาเหนือขึ้นไปพิจารณา")),
    ),
    S.HR_CHECK: (
        (R.HR_OFFICER, _("ตรวจสอบแผน แล้วอนุมัติ หรือส่งคืนพร้อมเหตุผล")),
        (None, _("รองานการเจ้าหน้าที่ตรวจสอบ")),
    ),
    S.APPROVED: (
        (R.OWNER, _("แผนได้รับอนุมัติแล้ว เริ่มดำเนินการ และรายงานความก้าวหน้าของแต่ละรายการ")),
        (None, _("รอผู้จัดทำแผนดำเนินการและรายงานความก้าวหน้า")),
    ),
    S.IN_PROGRESS: (
        (R.OWNER, _("รายงานความก้าวหน้าเป็นระยะ เมื่อสิ้นปีให้สรุปบทเรียนและเสนอประเมินผล")),
        (None, _("อยู่ระหว่างดำเนินการตามแผน")),
    ),
    S.IN_EVALUATION: (
        (R.SUPERVISOR, _("ประเมินผลรายการพัฒนาให้ครบทุกรายการ แล้วสรุปผลทั้งแผน")),
        (None, _("รอผู้บังคับบัญชาประเมินผลตามแผน")),
    ),
    S.EVALUATED: ((None, _("แผนนี้ประเมินผลเสร็จสิ้นแล้ว เปิดดูได้อย่างเดียว")),),
    S.AMENDING: (
        (R.OWNER, _("แก้ไขรายการที่ต้องปรับปรุง แล้วเสนอผู้บังคับบัญชาพิจารณาใหม่ ระหว่างนี้ยังใช้แผนฉบับที่อนุมัติแล้ว")),
        (None, _("ผู้จัดทำแผนกำลังปรับปรุงแผน ระหว่างนี้ยังใช้แผนฉบับที่อนุมัติแล้ว")),
    ),
    S.CANCELLED: ((None, _("แผนนี้ถูกยกเลิก เปิดดูได้อย่างเดียว")),),
}
"""By state: the first relation that the reader has; None is everybody else."""


def next_of_plan(state: S, relations: Collection[R]) -> str:
    """The sentence for a reader with these relations. On one's own plan one is its owner before anything
    else."""
    reading_as = {R.OWNER} if R.OWNER in relations else set(relations)
    return str(next(text for relation, text in OF_PLAN[state] if relation is None or relation in reading_as))
