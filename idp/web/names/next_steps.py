"""What the reader of an assessment is told to do next, or for whom they wait."""

from collections.abc import Collection

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import AssessmentState as S
from idp.rules.terms import Relation as R

WAIT_FOR_SELF = _("รอผู้รับการประเมินส่งผลประเมินตนเอง")
BEING_DECIDED = _("ผลการประเมินอยู่ระหว่างการพิจารณา ท่านจะเห็นผลเมื่อมีการแจ้งผลอย่างเป็นทางการ")
RELEASE = _("ตรวจสอบความเรียบร้อย แล้วแจ้งผลการประเมินแก่ผู้รับการประเมิน")
WAIT_FOR_RELEASE = _("รองานการเจ้าหน้าที่แจ้งผลการประเมิน")
DRAFT_PLAN = _("เลือกกิจกรรมจากข้อเสนอแนะการพัฒนา แล้วจัดทำแผนพัฒนารายบุคคล")
WAIT_FOR_PLAN = _("รอผู้รับการประเมินจัดทำแผนพัฒนารายบุคคล")

OF_ASSESSMENT: dict[S, tuple[tuple[R | None, LazyString], ...]] = {
    S.NOT_STARTED: (
        (R.OWNER, _("เริ่มประเมินตนเอง โดยเลือกพฤติกรรมที่ท่านแสดงออกในแต่ละสมรรถนะ")),
        (None, WAIT_FOR_SELF),
    ),
    S.SELF_ASSESSING: (
        (R.OWNER, _("ประเมินตนเองให้ครบทุกสมรรถนะ แล้วส่งให้ผู้บังคับบัญชา")),
        (None, WAIT_FOR_SELF),
    ),
    S.SELF_SUBMITTED: (
        (R.SUPERVISOR, _("อ่านผลประเมินตนเอง แล้วเริ่มประเมิน หรือส่งคืนพร้อมเหตุผล")),
        (R.OWNER, _("รอผู้บังคับบัญชาประเมิน ท่านดึงกลับมาแก้ไขได้จนกว่าผู้บังคับบัญชาจะเริ่มประเมิน")),
        (None, _("รอผู้บังคับบัญชาประเมิน")),
    ),
    S.RATING: (
        (R.SUPERVISOR, _("ประเมินให้ครบทุกสมรรถนะพร้อมเหตุการณ์หรือพฤติกรรมที่แสดงออก แล้วส่งผลการประเมิน")),
        (None, _("ผู้บังคับบัญชากำลังประเมิน")),
    ),
    S.RATED: (
        (R.OWNER, BEING_DECIDED),
        (R.SECOND_LEVEL, _("พิจารณาผลการประเมิน แล้วให้ความเห็น หรือส่งคืนให้ผู้ประเมินทบทวน")),
        (None, _("รอความเห็นของผู้บังคับบัญชาเหนือขึ้นไป")),
    ),
    S.SECOND_OPINION: ((R.OWNER, BEING_DECIDED), (R.HR_OFFICER, RELEASE), (None, WAIT_FOR_RELEASE)),
    S.MODERATED: ((R.OWNER, BEING_DECIDED), (R.HR_OFFICER, RELEASE), (None, WAIT_FOR_RELEASE)),
    S.RELEASED: (
        (R.OWNER, _("อ่านผลการประเมิน แล้วรับทราบผลพร้อมแสดงความเห็นของท่าน")),
        (None, _("รอผู้รับการประเมินรับทราบผล")),
    ),
    S.RECEIVED: ((R.OWNER, DRAFT_PLAN), (None, WAIT_FOR_PLAN)),
    S.REFUSED: ((R.OWNER, DRAFT_PLAN), (None, WAIT_FOR_PLAN)),
    S.EXEMPTED: (
        (R.OWNER, _("ท่านได้รับการยกเว้นการประเมินในรอบนี้ ข้อมูลที่ท่านกรอกไว้ยังอยู่ครบ")),
        (None, _("ได้รับการยกเว้นการประเมินในรอบนี้ ไม่ต้องดำเนินการใด")),
    ),
    S.CLOSED: ((None, _("การประเมินนี้ปิดแล้ว เปิดดูได้อย่างเดียว")),),
}
"""By state: the first relation that the reader has; None is everybody else."""

WITHOUT_SECOND_LEVEL: tuple[tuple[R | None, LazyString], ...] = OF_ASSESSMENT[S.SECOND_OPINION]
"""A rating that nobody stands above goes straight to its release."""


def next_of_assessment(state: S, relations: Collection[R], *, has_second_level: bool) -> str:
    """The sentence for a reader with these relations."""
    rows = OF_ASSESSMENT[state]
    if state is S.RATED and not has_second_level:
        rows = WITHOUT_SECOND_LEVEL
    return str(next(text for relation, text in rows if relation is None or relation in relations))
