"""Names of orders to act, changes of post, extensions and objections, as official letters write them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.delegations import DelegationKind, DelegationScope, OrderStanding
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.looks import LookKind
from idp.rules.objections import ObjectionState
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    DelegationKind: {
        DelegationKind.ACTING: _("รักษาราชการแทน"),
        DelegationKind.PERFORMING: _("ปฏิบัติราชการแทน"),
    },
    DelegationScope: {
        DelegationScope.EVERYTHING: _("ทั้งการประเมินและแผนพัฒนา"),
        DelegationScope.ASSESSMENTS: _("เฉพาะการประเมินสมรรถนะ"),
        DelegationScope.PLANS: _("เฉพาะแผนพัฒนารายบุคคล"),
    },
    OrderStanding: {
        OrderStanding.IN_FORCE: _("มีผลอยู่"),
        OrderStanding.COMING: _("ยังไม่ถึงวันเริ่ม"),
        OrderStanding.PAST: _("สิ้นสุดแล้ว"),
        OrderStanding.REVOKED: _("ยกเลิกก่อนเริ่มมีผล"),
    },
    ChangeKind: {
        ChangeKind.TRANSFER: _("ย้าย"),
        ChangeKind.PROMOTION: _("เลื่อนระดับ"),
        ChangeKind.SUPERVISOR_CHANGE: _("เปลี่ยนผู้บังคับบัญชา"),
        ChangeKind.SECONDMENT: _("ไปช่วยราชการ"),
        ChangeKind.LEAVE: _("ลาจนไม่อาจเข้ารับการประเมินได้"),
        ChangeKind.RESIGNATION: _("ลาออก"),
        ChangeKind.RETIREMENT: _("เกษียณอายุ"),
        ChangeKind.DEATH: _("ถึงแก่กรรม"),
    },
    Consequence: {
        Consequence.KEEP: _("คงผู้ประเมินเดิมตลอดรอบ"),
        Consequence.HAND_OVER: _("ส่งมอบให้ผู้ประเมินคนใหม่"),
        Consequence.SPLIT_BY_DAYS: _("ประเมินทั้งสองคนตามสัดส่วนวัน"),
        Consequence.EXEMPT: _("ยกเว้นการประเมินในรอบนี้"),
    },
    HandoverState: {
        HandoverState.AWAITING_STATEMENT: _("รอบันทึกส่งมอบของผู้ประเมินเดิม"),
        HandoverState.STATED: _("ส่งมอบแล้ว"),
    },
    ExtensionKind: {
        ExtensionKind.EXTEND: _("ขยายเวลา"),
        ExtensionKind.REOPEN: _("เปิดให้ดำเนินการใหม่"),
    },
    ExtensionState: {
        ExtensionState.ASKED: _("รอพิจารณา"),
        ExtensionState.GRANTED: _("อนุญาตแล้ว"),
        ExtensionState.REFUSED: _("ไม่อนุญาต"),
        ExtensionState.WITHDRAWN: _("ผู้ขอถอนคำขอ"),
        ExtensionState.ENDED: _("สิ้นสุดแล้ว"),
    },
    ObjectionState: {
        ObjectionState.LODGED: _("อยู่ระหว่างการพิจารณา"),
        ObjectionState.WITHDRAWN: _("ผู้ร้องทุกข์ถอนเรื่อง"),
        ObjectionState.UPHELD: _("คำร้องทุกข์ฟังขึ้น"),
        ObjectionState.DISMISSED: _("ยกคำร้องทุกข์"),
    },
    LookKind: {
        LookKind.PAGE: _("หน้าข้อมูลในระบบ"),
        LookKind.DOCUMENT: _("แบบพิมพ์"),
        LookKind.ARCHIVE: _("ชุดแบบพิมพ์ของหลายคน"),
        LookKind.EXPORT: _("เอกสารทั้งเรื่อง"),
        LookKind.ATTACHMENT: _("เอกสารแนบ"),
    },
}
