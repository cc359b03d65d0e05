"""Names of the steps taken for many records, and why one of them cannot be taken."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.bulk import BulkAction

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    BulkAction: {
        BulkAction.APPROVE_PLANS: _("เห็นชอบแผนพัฒนา"),
        BulkAction.RETURN_PLANS: _("ส่งคืนแผนพัฒนาให้แก้ไข"),
        BulkAction.SUBMIT_RATINGS: _("ส่งผลการประเมิน"),
        BulkAction.AGREE: _("เห็นด้วยกับผลการประเมิน"),
        BulkAction.ASK_RECONSIDERATION: _("ขอให้ผู้ประเมินทบทวน"),
        BulkAction.MODERATE: _("บันทึกผลการกลั่นกรอง"),
        BulkAction.RELEASE: _("แจ้งผลการประเมิน"),
        BulkAction.REMIND: _("ส่งข้อความเตือน"),
        BulkAction.EXTEND: _("ขยายเวลาของขั้นตอนที่ค้างอยู่"),
    },
}

OBSTACLES: dict[str, LazyString] = {
    "gone": _("ไม่พบรายการนี้ หรือท่านไม่มีสิทธิเห็นแล้ว"),
    "not_permitted": _("ท่านไม่มีสิทธิดำเนินการกับรายการนี้"),
    "state": _("สถานะปัจจุบันไม่รองรับการดำเนินการนี้"),
    "changed": _("มีการเปลี่ยนแปลงหลังจากที่แสดงให้ท่านตรวจสอบ จึงไม่ได้ดำเนินการ"),
    "changed_since_read": _("แผนนี้มีการแก้ไขหลังจากที่ท่านอ่าน โปรดอ่านฉบับล่าสุดก่อนดำเนินการ"),
    "no_plan": _("ยังไม่มีแผนพัฒนาที่เสนอ"),
}

TEXT_LABELS: dict[BulkAction, LazyString] = {
    BulkAction.APPROVE_PLANS: _("ความเห็นต่อแผน (ใช้กับทุกรายการ)"),
    BulkAction.RETURN_PLANS: _("เหตุผลที่ส่งคืน (ใช้กับทุกรายการ)"),
    BulkAction.REMIND: _("ข้อความถึงผู้ที่ต้องดำเนินการ (ใช้กับทุกรายการ)"),
    BulkAction.EXTEND: _("เหตุผลที่ขยายเวลา (ใช้กับทุกรายการ)"),
    BulkAction.ASK_RECONSIDERATION: _("เหตุผลที่ขอให้ทบทวน (ใช้กับทุกรายการ)"),
}
