"""Names of reminders, mails, report jobs, and what they speak of."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import JobState, MailState, ReminderStep, ReportKind, SubjectType

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    ReminderStep: {
        ReminderStep.DUE_SOON: _("ใกล้ครบกำหนด"),
        ReminderStep.DUE_TODAY: _("ครบกำหนดวันนี้"),
        ReminderStep.OVERDUE: _("เกินกำหนด"),
    },
    MailState: {
        MailState.PENDING: _("รอส่ง"),
        MailState.CLAIMED: _("กำลังเตรียมส่ง"),
        MailState.HANDING_OFF: _("กำลังส่ง"),
        MailState.SENT: _("ส่งแล้ว"),
        MailState.FAILED: _("ส่งไม่สำเร็จ"),
        MailState.UNCERTAIN: _("ไม่ยืนยันผลการส่ง"),
        MailState.NO_ADDRESS: _("ไม่มีที่อยู่อีเมล"),
        MailState.HANDED_OVER: _("ส่งมอบเป็นหนังสือแล้ว"),
    },
    JobState: {
        JobState.QUEUED: _("รอดำเนินการ"),
        JobState.RUNNING: _("กำลังดำเนินการ"),
        JobState.DONE: _("เสร็จแล้ว"),
        JobState.FAILED: _("จัดทำไม่สำเร็จ"),
    },
    ReportKind: {
        ReportKind.ASSESSMENT_FORM: _("แบบสรุปการประเมินสมรรถนะ"),
        ReportKind.PLAN_FORM: _("แบบแผนพัฒนารายบุคคล"),
        ReportKind.UNIT_FORMS: _("แบบประเมินและแผนของทั้งหน่วยงาน"),
        ReportKind.BLANK_FORM: _("แบบประเมินเปล่าสำหรับกรอกด้วยมือ"),
        ReportKind.WHOLE_RECORD: _("สำเนาเรื่องทั้งหมดของการประเมินหนึ่งราย"),
    },
    SubjectType: {
        SubjectType.CYCLE: _("รอบการประเมิน"),
        SubjectType.ASSESSMENT: _("การประเมินสมรรถนะ"),
        SubjectType.PLAN: _("แผนพัฒนารายบุคคล"),
        SubjectType.PLAN_ITEM: _("รายการพัฒนา"),
        SubjectType.EMPLOYEE: _("บุคลากร"),
        SubjectType.ORGANISATION: _("หน่วยงาน"),
        SubjectType.ACCOUNT: _("บัญชีผู้ใช้"),
        SubjectType.REPORT: _("รายงาน"),
        SubjectType.DELEGATION: _("คำสั่งปฏิบัติหน้าที่แทน"),
        SubjectType.HANDOVER: _("การส่งมอบการประเมิน"),
        SubjectType.EXTENSION: _("การขยายเวลา"),
        SubjectType.OBJECTION: _("เรื่องร้องทุกข์"),
        SubjectType.FRAMEWORK: _("พจนานุกรมสมรรถนะ"),
        SubjectType.PROFILE: _("มาตรฐานสมรรถนะของตำแหน่ง"),
        SubjectType.POSITION_OVERRIDE: _("ระดับที่คาดหวังเฉพาะตำแหน่ง"),
        SubjectType.IMPORT: _("การนำเข้าข้อมูล"),
        SubjectType.ACTION: _("กิจกรรมพัฒนาของหน่วยงาน"),
        SubjectType.COURSE: _("หลักสูตร"),
        SubjectType.BUDGET: _("วงเงินงบประมาณพัฒนา"),
        SubjectType.MENTOR_OFFER: _("การเสนอตัวเป็นพี่เลี้ยง"),
    },
}
