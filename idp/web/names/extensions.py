"""Names of what the office's list of extensions is narrowed to."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.extensions import Standing

STANDINGS: dict[Standing, LazyString] = {
    Standing.ASKED: _("รอพิจารณา"),
    Standing.RUNNING: _("กำลังมีผล"),
    Standing.PAST: _("สิ้นสุดหรือไม่มีผลแล้ว"),
}
