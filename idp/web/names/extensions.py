"""Names of what the office's list of extensions is narrowed to."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.extensions import ExtensionStanding

STANDINGS: dict[ExtensionStanding, LazyString] = {
    ExtensionStanding.ASKED: _("รอพิจารณา"),
    ExtensionStanding.RUNNING: _("กำลังมีผล"),
    ExtensionStanding.PAST: _("สิ้นสุดหรือไม่มีผลแล้ว"),
}
