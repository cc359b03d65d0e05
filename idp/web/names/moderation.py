"""Words of the moderation committee's pages."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.moderation import Grouping, Part

GROUPINGS: Mapping[Grouping, LazyString] = {
    Grouping.UNIT: _("หน่วยงาน"),
    Grouping.RATER: _("ผู้ประเมิน"),
    Grouping.POSITION_LEVEL: _("ประเภทและระดับตำแหน่ง"),
}

PARTS: Mapping[Part, LazyString] = {
    Part.FAR_BELOW: _("ต่ำกว่าที่คาดหวัง 2 ระดับขึ้นไป"),
    Part.BELOW: _("ต่ำกว่าที่คาดหวังไม่ถึง 2 ระดับ"),
    Part.MET: _("เท่ากับที่คาดหวัง"),
    Part.ABOVE: _("สูงกว่าที่คาดหวังไม่ถึง 2 ระดับ"),
    Part.FAR_ABOVE: _("สูงกว่าที่คาดหวัง 2 ระดับขึ้นไป"),
}
