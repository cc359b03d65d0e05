"""What was ticked in a list and cannot be tried: the choice comes back, with the error at its field."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from idp.rules.bulk import OF_COMMITTEE, OF_HR, OF_SUPERVISORS, BulkAction
from idp.rules.errors import InvalidInput
from idp.web.labels import label
from idp.web.messages import message_of
from idp.web.numbers import record_number
from idp.web.targets import local_target

LONGEST_WAY_BACK = 500
TICKED, EVERYBODY = "ticked", "all"
COMMITTEE = "committee"
"""Sent by the list of the moderation committee."""
READ = "read-"
"""Begins the name of a field with the version of a record that the list showed in full; its assessment's
number follows."""
OF_THE_LIST = ("cycle", "unit", "state", "overdue", "text")
"""The list's filter, which goes along."""


def choose_again(error: InvalidInput) -> Response:
    """The page that asks for what is missing or wrong; what was ticked goes along."""
    form = request.form
    way_back = local_target(form.get("back"))[:LONGEST_WAY_BACK]
    ticked = [text for text in form.getlist("assessment") if record_number(text) is not None]
    kept = [(name, form[name]) for name in (*OF_THE_LIST, COMMITTEE) if name in form]
    kept += read_fields()
    kept += [("back", way_back), *(("assessment", text) for text in ticked)]
    body = render_template(
        "bulk/again.html",
        errors={error.field: message_of(error)},
        kept=kept,
        ticked=len(ticked),
        typed=form,
        way_back=way_back,
        of_a_cycle="cycle" in form,
        scopes=[(TICKED, _("รายการที่เลือกในหน้านี้")), (EVERYBODY, _("ทุกรายการที่ตรงตามเงื่อนไข"))],
        actions=[(each.value, label(each)) for each in _offered()],
    )
    return make_response(body, 422)


def read_fields() -> list[tuple[str, str]]:
    """(name, version) of what the list showed in full, as it was sent."""
    return [(name, text) for name, text in request.form.items() if name.startswith(READ)]


def _offered() -> tuple[BulkAction, ...]:
    """What the list offered."""
    if COMMITTEE in request.form:
        return OF_COMMITTEE
    return OF_HR if "cycle" in request.form else OF_SUPERVISORS
