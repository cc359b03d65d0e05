"""Names of what is filled in for a line of a plan."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.plan_differences import DifferenceKind

FIELD_NAMES: dict[str, LazyString] = {
    "title": _("เรื่องหรือกิจกรรม"),
    "competency": _("สมรรถนะที่พัฒนา"),
    "from_level": _("ระดับที่ประเมินได้"),
    "target_level": _("ระดับเป้าหมาย"),
    "indicators": _("พฤติกรรมที่มุ่งพัฒนา"),
    "method": _("วิธีการพัฒนาหลัก"),
    "other_methods": _("วิธีการพัฒนาอื่นที่ใช้ร่วม"),
    "course": _("หลักสูตร"),
    "course_run": _("รุ่นของหลักสูตร"),
    "detail": _("รายละเอียด"),
    "starts_on": _("วันเริ่ม"),
    "ends_on": _("วันสิ้นสุด"),
    "hours": _("จำนวนชั่วโมง"),
    "cost_baht": _("งบประมาณ"),
    "measure": _("วิธีวัดผล"),
    "evidence_expected": _("หลักฐานที่จะแสดง"),
    "mentor": _("พี่เลี้ยง"),
    "responsible": _("ผู้รับผิดชอบหรือผู้สอนงาน"),
}
DIFFERENCES: dict[DifferenceKind, LazyString] = {
    DifferenceKind.ADDED: _("เพิ่มใหม่"),
    DifferenceKind.REMOVED: _("นำออกจากแผน"),
    DifferenceKind.CHANGED: _("แก้ไข"),
}
