"""Words for the catalogue of development actions."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.catalogue import ActionStanding

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    ActionStanding: {
        ActionStanding.LIBRARY: _("คลังกลาง"),
        ActionStanding.OWN: _("ของหน่วยงาน"),
        ActionStanding.ADAPTED: _("หน่วยงานปรับจากคลัง"),
        ActionStanding.DRAFT: _("ร่าง"),
        ActionStanding.RETIRED: _("เลิกใช้แล้ว"),
        ActionStanding.EXCLUDED: _("หน่วยงานไม่นำมาใช้"),
    }
}

FIELDS: dict[str, LazyString] = {
    "level_id": _("สมรรถนะและระดับ"),
    "title": _("ชื่อกิจกรรม"),
    "method": _("วิธีการพัฒนา"),
    "indicator_ids": _("พฤติกรรมที่พัฒนา"),
    "detail": _("รายละเอียดการดำเนินการ"),
    "hours": _("จำนวนชั่วโมง"),
    "weeks": _("ระยะเวลา (สัปดาห์)"),
    "cost_baht": _("ค่าใช้จ่ายต่อคน (บาท)"),
    "evidence": _("หลักฐานที่แสดงว่าทำแล้ว"),
    "measure": _("วิธีวัดผล"),
    "reason": _("เหตุผล"),
}
"""The fields of the form of one action."""

COLUMNS: dict[str, LazyString] = {
    "title_th": FIELDS["title"],
    "method": FIELDS["method"],
    "indicators": FIELDS["indicator_ids"],
    "detail_th": FIELDS["detail"],
    "hours": FIELDS["hours"],
    "weeks": FIELDS["weeks"],
    "cost_baht": FIELDS["cost_baht"],
    "evidence_th": FIELDS["evidence"],
    "measure_th": FIELDS["measure"],
}
"""The same as the history keeps them."""

EVENTS: dict[str, LazyString] = {
    "create_action": _("จัดทำกิจกรรมใหม่"),
    "adapt_action": _("จัดทำร่างโดยปรับจากกิจกรรมอื่น"),
    "begin_next_version": _("เริ่มจัดทำฉบับแก้ไข"),
    "update_action": _("แก้ไขร่าง"),
    "publish_action": _("เผยแพร่ให้ใช้ในหน่วยงาน"),
    "replace_action": _("ฉบับใหม่ใช้แทนฉบับนี้"),
    "retire_action": _("เลิกใช้กิจกรรม"),
    "discard_action": _("ยกเลิกร่าง"),
    "exclude_action": _("ไม่นำกิจกรรมของคลังกลางมาใช้"),
    "include_action": _("นำกิจกรรมของคลังกลางกลับมาใช้"),
    "import_action": _("นำเข้าจากไฟล์"),
}
