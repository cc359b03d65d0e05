"""Names of the steps of an import, and of what a row of it does."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.imports import ImportState, RowEffect

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    ImportState: {
        ImportState.UPLOADED: _("รับไฟล์แล้ว กำลังตรวจสอบ"),
        ImportState.CHECKED: _("ตรวจสอบแล้ว รอยืนยัน"),
        ImportState.APPLYING: _("กำลังนำเข้า"),
        ImportState.APPLIED: _("นำเข้าแล้ว"),
        ImportState.FAILED: _("อ่านไฟล์ไม่ได้"),
        ImportState.ABANDONED: _("ยกเลิกแล้ว"),
    },
    RowEffect: {
        RowEffect.ADD: _("เพิ่มใหม่"),
        RowEffect.CHANGE: _("เปลี่ยนแปลง"),
        RowEffect.NOTHING: _("เหมือนเดิม"),
        RowEffect.REFUSED: _("นำเข้าไม่ได้"),
    },
}
