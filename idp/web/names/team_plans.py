"""What plans of one team have in common, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.team_overlaps import OverlapKind

OVERLAPS: dict[OverlapKind, LazyString] = {
    OverlapKind.ACTIVITY: _("กิจกรรมหรือหลักสูตรเดียวกัน"),
    OverlapKind.COMPETENCY: _("สมรรถนะเดียวกัน"),
    OverlapKind.MENTOR: _("พี่เลี้ยงคนเดียวกัน"),
}
