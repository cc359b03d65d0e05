"""Names of the bands of results that the settings start from; an organisation's own code is its own name."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

BANDS: dict[str, LazyString] = {
    "excellent": _("ดีเด่น"),
    "very_good": _("ดีมาก"),
    "good": _("ดี"),
    "fair": _("พอใช้"),
    "needs_improvement": _("ต้องปรับปรุง"),
}


def band_name(code: str | None) -> str:
    """The band's name in the reader's language; "" where there is no band yet."""
    if not code:
        return ""
    return str(BANDS.get(code, code))
