"""Words for an organisation's own dictionaries: what a draft lacks, and the fields that changed."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.framework_content import ContentProblemKind

PROBLEMS: dict[ContentProblemKind, LazyString] = {
    ContentProblemKind.NO_COMPETENCY: _("ยังไม่มีสมรรถนะ ต้องมีอย่างน้อยหนึ่งรายการ"),
    ContentProblemKind.CODE_TWICE: _("รหัสสมรรถนะซ้ำกับรายการอื่น"),
    ContentProblemKind.NO_NAME: _("ยังไม่มีชื่อสมรรถนะ"),
    ContentProblemKind.NO_LEVEL: _("ยังไม่มีระดับตั้งแต่ 1 ขึ้นไป"),
    ContentProblemKind.LEVEL_TWICE: _("มีระดับ %(level)s มากกว่าหนึ่งแถว"),
    ContentProblemKind.EMPTY_LEVEL: _("ระดับ %(level)s ยังไม่มีทั้งชื่อระดับและพฤติกรรมบ่งชี้"),
    ContentProblemKind.EMPTY_INDICATOR: _("ระดับ %(level)s มีพฤติกรรมบ่งชี้ที่ว่าง"),
}

FIELDS: dict[str, LazyString] = {
    "category": _("ประเภท"),
    "name_th": _("ชื่อภาษาไทย"),
    "name_en": _("ชื่อภาษาอังกฤษ"),
    "definition_th": _("คำจำกัดความ"),
}
