"""What a refused value is told at its field: one text for each code of InvalidInput."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.errors import InvalidInput

MESSAGES: dict[str, LazyString] = {
    "missing": _("โปรดกรอกข้อมูลในช่องนี้"),
    "too_short": _("สั้นเกินไป ต้องมีอย่างน้อย %(minimum)s ตัวอักษร"),
    "too_long": _("ยาวเกินไป ใส่ได้ไม่เกิน %(maximum)s ตัวอักษร"),
    "too_common": _("รหัสผ่านนี้คาดเดาได้ง่าย โปรดใช้รหัสผ่านอื่น"),
    "same_as_login": _("รหัสผ่านต้องไม่ซ้ำกับชื่อผู้ใช้"),
    "not_the_same": _("รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน"),
    "wrong": _("รหัสผ่านปัจจุบันไม่ถูกต้อง"),
    "taken": _("มีผู้ใช้แล้ว โปรดใช้ค่าอื่น"),
    "unknown": _("ไม่มีค่านี้ในรายการ โปรดเลือกใหม่"),
    "not_a_number": _("โปรดกรอกเป็นตัวเลข"),
    "not_a_date": _("โปรดกรอกวันที่ให้ถูกต้อง เช่น 1/10/2568"),
    "too_small": _("น้อยกว่าที่กำหนด ต้องไม่น้อยกว่า %(minimum)s"),
    "too_large": _("มากกว่าที่กำหนด ต้องไม่เกิน %(maximum)s"),
    "ends_before_start": _("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"),
}
OTHERWISE = _("ข้อมูลในช่องนี้ไม่ถูกต้อง")


def message_of(error: InvalidInput) -> str:
    """The text for the reader; a general one for a code without a text, or whose values are not all there."""
    try:
        return str(MESSAGES.get(error.code, OTHERWISE)) % error.values
    except (KeyError, TypeError, ValueError):
        return str(OTHERWISE)
