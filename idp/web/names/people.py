"""Names of relations, roles, permissions and kinds of staff, as official letters write them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import Permission, PersonnelType, Relation, Role

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Relation: {
        Relation.OWNER: _("ผู้รับการประเมิน"),
        Relation.SUPERVISOR: _("ผู้ประเมิน (ผู้บังคับบัญชา)"),
        Relation.SECOND_LEVEL: _("ผู้บังคับบัญชาเหนือขึ้นไป"),
        Relation.HR_OFFICER: _("ผู้รับผิดชอบงานการเจ้าหน้าที่"),
        Relation.EXECUTIVE: _("ผู้บริหาร"),
        Relation.AUDITOR: _("ผู้ตรวจสอบ"),
        Relation.MEMBER: _("บุคลากรของหน่วยงาน"),
        Relation.SIGNED_IN: _("ผู้ใช้ที่เข้าสู่ระบบ"),
        Relation.DEPLOYMENT_ADMIN: _("ผู้ดูแลระบบส่วนกลาง"),
        Relation.SYSTEM: _("ระบบอัตโนมัติ"),
    },
    Role: {
        Role.HR_OFFICER: _("ผู้รับผิดชอบงานการเจ้าหน้าที่"),
        Role.EXECUTIVE: _("ผู้บริหาร"),
        Role.AUDITOR: _("ผู้ตรวจสอบ"),
        Role.DEPLOYMENT_ADMIN: _("ผู้ดูแลระบบส่วนกลาง"),
    },
    PersonnelType: {
        PersonnelType.CIVIL_SERVANT: _("ข้าราชการ"),
        PersonnelType.LOCAL_OFFICER: _("พนักงานส่วนท้องถิ่น"),
        PersonnelType.GOVERNMENT_EMPLOYEE: _("พนักงานราชการ"),
        PersonnelType.PERMANENT_EMPLOYEE: _("ลูกจ้างประจำ"),
        PersonnelType.CONTRACT_EMPLOYEE: _("พนักงานจ้าง"),
    },
    Permission: {
        Permission.HOME_VIEW: _("ดูหน้าหลักของตน"),
        Permission.ACCOUNT_EDIT: _("แก้ไขบัญชีผู้ใช้ของตน"),
        Permission.NOTIFICATION_VIEW: _("ดูการแจ้งเตือนของตน"),
        Permission.FRAMEWORK_VIEW: _("ดูพจนานุกรมสมรรถนะ"),
        Permission.ASSESSMENT_VIEW: _("ดูแบบประเมินสมรรถนะ"),
        Permission.ASSESSMENT_SELF_RATE: _("ประเมินตนเอง"),
        Permission.ASSESSMENT_RATE: _("ประเมินผู้ใต้บังคับบัญชา"),
        Permission.ASSESSMENT_SECOND_OPINION: _("ให้ความเห็นในฐานะผู้บังคับบัญชาเหนือขึ้นไป"),
        Permission.ASSESSMENT_RELEASE: _("แจ้งผลการประเมิน"),
        Permission.ASSESSMENT_RECEIVE: _("รับทราบผลการประเมิน"),
        Permission.ASSESSMENT_RECORD_REFUSAL: _("บันทึกการไม่ลงนามรับทราบ"),
        Permission.SELF_RATING_VIEW: _("ดูผลการประเมินตนเอง"),
        Permission.RESULT_VIEW: _("ดูผลการประเมินของผู้บังคับบัญชา"),
        Permission.SUGGESTION_ANSWER: _("เลือกข้อเสนอแนะการพัฒนา"),
        Permission.PLAN_VIEW: _("ดูแผนพัฒนารายบุคคล"),
        Permission.PLAN_EDIT: _("จัดทำแผนพัฒนารายบุคคล"),
        Permission.PLAN_REVIEW: _("พิจารณาแผนพัฒนารายบุคคล"),
        Permission.PLAN_PROGRESS: _("รายงานความก้าวหน้าตามแผน"),
        Permission.PLAN_EVALUATE: _("ประเมินผลการพัฒนาตามแผน"),
        Permission.TEAM_VIEW: _("ดูรายชื่อผู้ใต้บังคับบัญชา"),
        Permission.CYCLE_VIEW: _("ดูรอบการประเมิน"),
        Permission.CYCLE_RUN: _("ดำเนินการรอบการประเมิน"),
        Permission.STAFF_VIEW: _("ดูทะเบียนบุคลากร"),
        Permission.STAFF_EDIT: _("แก้ไขข้อมูลบุคลากร"),
        Permission.REPORT_CREATE: _("จัดทำรายงาน"),
        Permission.DOCUMENT_VIEW: _("เปิดเอกสาร"),
        Permission.MAIL_VIEW: _("ดูอีเมลแจ้งเตือนที่ระบบส่ง"),
        Permission.HISTORY_VIEW: _("ดูประวัติการดำเนินการ"),
        Permission.ORGANISATION_CREATE: _("เพิ่มหน่วยงานในระบบ"),
    },
}
