"""Names of what pages of cycles speak of: stages, next steps, what pre-flight finds and what mends it."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.preflight import ProblemKind
from idp.rules.stages import Stage
from idp.rules.terms import CycleEvent, CycleState


@dataclass(frozen=True)
class ProblemText:
    """What is wrong, and what mends it."""

    title: LazyString
    advice: LazyString


STAGES: dict[Stage, LazyString] = {
    Stage.NOT_STARTED: _("ยังไม่เริ่ม"),
    Stage.SELF_ASSESSMENT: _("ประเมินตนเอง"),
    Stage.RATING: _("รอผู้ประเมิน"),
    Stage.BEFORE_RELEASE: _("รอแจ้งผล"),
    Stage.RELEASED: _("รอรับทราบ"),
    Stage.ACKNOWLEDGED: _("รับทราบหรือปิดแล้ว"),
    Stage.EXEMPTED: _("ยกเว้นการประเมิน"),
}

PROBLEMS: dict[ProblemKind, ProblemText] = {
    ProblemKind.NO_FRAMEWORK: ProblemText(
        _("รอบการประเมินไม่มีพจนานุกรมสมรรถนะ"),
        _("กำหนดพจนานุกรมสมรรถนะที่หน่วยงานใช้ แล้วจัดทำรอบการประเมินใหม่"),
    ),
    ProblemKind.FRAMEWORK_RETIRED: ProblemText(
        _("รอบการประเมินใช้พจนานุกรมสมรรถนะฉบับที่เลิกใช้แล้ว"),
        _("เปิดหน้ารอบการประเมินแล้วเลือกใช้พจนานุกรมฉบับล่าสุด หรือกำหนดพจนานุกรมอื่นให้หน่วยงาน"),
    ),
    ProblemKind.NO_AGREEMENT_DATES: ProblemText(
        _("รอบการประเมินยังไม่มีกำหนดเวลาของข้อตกลงต้นรอบ"),
        _("หน่วยงานกำหนดให้จัดทำข้อตกลงต้นรอบการประเมิน เปิดหน้าแก้ไขกำหนดเวลา แล้วกำหนดวันของขั้นตอนนี้"),
    ),
    ProblemKind.NO_EMPLOYEES: ProblemText(
        _("หน่วยงานไม่มีบุคลากรที่ปฏิบัติงานอยู่"), _("เพิ่มบุคลากรในทะเบียนก่อนเปิดรอบการประเมิน")
    ),
    ProblemKind.NO_ASSIGNMENT: ProblemText(
        _("บุคลากรที่ยังไม่มีตำแหน่ง"), _("บันทึกการดำรงตำแหน่งและสังกัดของบุคลากรในทะเบียน")
    ),
    ProblemKind.NO_SUPERVISOR: ProblemText(
        _("บุคลากรที่ยังไม่มีผู้ประเมิน"), _("เปิดหน้าของบุคลากรแล้วกำหนดผู้ประเมิน กรณีหัวหน้าหน่วยงานให้ใช้ผู้ประเมินภายนอก")
    ),
    ProblemKind.SUPERVISOR_LEFT: ProblemText(
        _("บุคลากรที่ผู้ประเมินพ้นจากหน่วยงานแล้ว"), _("เปิดหน้าของบุคลากรแล้วกำหนดผู้ประเมินคนใหม่")
    ),
    ProblemKind.SUPERVISOR_LOOP: ProblemText(
        _("บุคลากรที่ประเมินกันเป็นวง"),
        _("เมื่อไล่สายผู้ประเมินขึ้นไปแล้วย้อนกลับมาที่ตนเอง เปิดหน้าของบุคลากรคนหนึ่งในวงแล้วกำหนดผู้ประเมินใหม่"),
    ),
    ProblemKind.NO_PROFILE: ProblemText(
        _("บุคลากรที่ตำแหน่งยังไม่กำหนดสมรรถนะ"),
        _("กำหนดสมรรถนะและระดับที่คาดหวังของระดับตำแหน่งหรือสายงานนั้น หรือแก้ไขตำแหน่งให้ถูกต้อง"),
    ),
    ProblemKind.LEVEL_NOT_ON_LADDER: ProblemText(
        _("ระดับที่คาดหวังซึ่งพจนานุกรมไม่มี"),
        _("ตัวเลขในวงเล็บคือระดับที่คาดหวัง ระบบจะใช้ระดับถัดลงไปที่มีอยู่แทน หากไม่ต้องการให้แก้ไขระดับที่คาดหวัง"),
    ),
    ProblemKind.WEIGHTS_NOT_HUNDRED: ProblemText(
        _("น้ำหนักของสมรรถนะรวมกันไม่เท่ากับร้อยละ 100"),
        _(
            "วิธีคำนวณคะแนนที่หน่วยงานใช้นับน้ำหนักของแต่ละสมรรถนะ"
            " แก้ไขน้ำหนักของตำแหน่งนั้นให้รวมกันเป็น 100 พอดี หรือเว้นว่างทุกช่องเพื่อให้น้ำหนักเท่ากัน"
        ),
    ),
    ProblemKind.WEIGHTS_NOT_COUNTED: ProblemText(
        _("น้ำหนักของสมรรถนะรวมกันไม่เท่ากับร้อยละ 100 แต่วิธีคำนวณไม่ได้ใช้น้ำหนัก"),
        _("แบบประเมินจะแสดงน้ำหนักเท่ากันทุกสมรรถนะ หากไม่ต้องการให้แก้ไขน้ำหนักของตำแหน่งนั้น"),
    ),
    ProblemKind.NO_SECOND_LEVEL: ProblemText(
        _("บุคลากรที่ไม่มีผู้บังคับบัญชาเหนือขึ้นไป"),
        _("งานการเจ้าหน้าที่จะแจ้งผลได้ทันทีที่ผู้ประเมินส่งผล โดยไม่มีความเห็นของผู้บังคับบัญชาเหนือขึ้นไป"),
    ),
    ProblemKind.NO_EMAIL: ProblemText(
        _("บุคลากรที่ไม่มีที่อยู่อีเมล"), _("เพิ่มที่อยู่อีเมล หรือพิมพ์หนังสือแจ้งเตือนให้แทนการส่งจดหมาย")
    ),
}

NEXT_STEPS: dict[CycleState, LazyString] = {
    CycleState.DRAFT: _("ตรวจสอบกำหนดเวลา แล้วประกาศรอบการประเมิน"),
    CycleState.PUBLISHED: _("ตรวจสอบความพร้อม แล้วเปิดรอบการประเมิน"),
    CycleState.OPENING: _("ระบบกำลังสร้างแบบประเมินรายบุคคล"),
    CycleState.OPEN: _("ติดตามความก้าวหน้า แจ้งผล แล้วปิดรอบการประเมิน"),
    CycleState.CLOSING: _("ระบบกำลังปิดแบบประเมินรายบุคคล"),
    CycleState.CLOSED: _("จัดเก็บรอบการประเมินเมื่อประเมินผลตามแผนครบแล้ว"),
    CycleState.ARCHIVED: _("ไม่มีขั้นตอนที่ต้องดำเนินการ"),
}

EVENT_DONE: dict[CycleEvent, LazyString] = {
    CycleEvent.PUBLISH: _("ประกาศรอบการประเมินแล้ว ขั้นต่อไปคือตรวจสอบความพร้อมก่อนเปิดรอบ"),
    CycleEvent.UNPUBLISH: _("ยกเลิกประกาศแล้ว รอบการประเมินกลับเป็นฉบับร่าง"),
    CycleEvent.BEGIN_OPENING: _("เริ่มเปิดรอบการประเมินแล้ว ระบบกำลังสร้างแบบประเมินรายบุคคล"),
    CycleEvent.BEGIN_CLOSING: _("เริ่มปิดรอบการประเมินแล้ว ระบบกำลังปิดแบบประเมินรายบุคคล"),
    CycleEvent.ARCHIVE: _("จัดเก็บรอบการประเมินแล้ว"),
}
"""What is said after each step."""
