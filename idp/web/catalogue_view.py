"""What the pages of one development action have in common."""

from collections.abc import Iterable
from decimal import Decimal

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from idp.database import db
from idp.queries.catalogue.action_page import ActionPage, action_page, action_use
from idp.queries.catalogue.exclusions import decisions_about
from idp.queries.catalogue.places import is_seen
from idp.queries.catalogue.reader_plan import open_plan
from idp.queries.history import HistoryLine, history_of_action
from idp.rules.catalogue import PROPOSED
from idp.rules.errors import NotVisible
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup, Permission, VersionState
from idp.web.attempts import Attempt
from idp.web.formats import NOTHING, baht, digits
from idp.web.frameworks import of_the_office
from idp.web.guards import current_user, may
from idp.web.labels import label
from idp.web.names.catalogue import COLUMNS, EVENTS, FIELDS
from idp.web.numbers import asked_number
from idp.web.timeline import TimelineEntry
from idp.web.timeline_changes import Change


def organisation_id() -> int:
    """Of the reader; no organisation has the number 0."""
    return current_user().organisation_id or 0


def asked_version() -> int | None:
    """The version of a dictionary that `?version=` names; None for those in use. Raises NotVisible for one
    that the reader's organisation does not see, or that is a draft yet."""
    asked = asked_number(request.args, "version")
    if asked is not None and not is_seen(db.session(), organisation_id(), asked):
        raise NotVisible
    return asked


def method_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The methods by their 70:20:10 group, as a list to choose from."""
    return [
        (
            label(group),
            [(each.value, label(each)) for each in DevelopmentMethod if METHOD_GROUPS[each] is group],
        )
        for group in MethodGroup
    ]


def read_page(action_id: int) -> ActionPage:
    """Raises NotVisible."""
    return action_page(db.session(), organisation_id(), action_id, of_the_office())


def action_response(action_id: int, attempt: Attempt) -> Response:
    """The page of one action, whatever was refused on it."""
    session, page = db.session(), read_page(action_id)
    is_office, key = of_the_office(), page.action.key
    plan = None
    if page.standing in PROPOSED:
        plan = open_plan(session, organisation_id(), current_user().person_id, action_id)
    body = render_template(
        "catalogue/show.html",
        page=page,
        attempt=attempt,
        plan=plan,
        use=action_use(session, organisation_id(), key) if may(Permission.TRAINING_VIEW) else None,
        decisions=decisions_about(session, organisation_id(), key) if is_office else 0,
        history=history_on(page) if is_office else [],
        group=METHOD_GROUPS[page.action.method],
        is_office=is_office,
        is_draft=page.action.state is VersionState.DRAFT,
        labels={name: str(text) for name, text in FIELDS.items()},
    )
    return make_response(body, attempt.status)


def history_on(page: ActionPage) -> list[TimelineEntry]:
    lines = history_of_action(db.session(), organisation_id(), page.action.id, page.action.key)
    return [_entry(line) for line in lines]


def _entry(line: HistoryLine) -> TimelineEntry:
    about = ""
    if line.event == "exclude_action" and line.detail.get("instead"):
        about = str(_("ใช้กิจกรรมที่หน่วยงานปรับแทน"))
    return TimelineEntry(
        text=str(EVENTS.get(line.event, line.event)),
        who=line.actor_name,
        on_behalf_of=line.on_behalf_of,
        at=line.at,
        reason=line.reason,
        about=about,
        changes=tuple(_changes(line)),
    )


def _changes(line: HistoryLine) -> Iterable[Change]:
    before, after = line.detail.get("from"), line.detail.get("to")
    if not isinstance(after, dict) or (line.event != "update_action" and before is None):
        return
    for name, text in COLUMNS.items():
        if name in after:
            old = shown(name, before[name]) if isinstance(before, dict) and name in before else ""
            yield Change((line.event, name), str(text), old, shown(name, after[name]))


def shown(name: str, value: object) -> str:
    """A value of an action as the history keeps it, in words."""
    if name == "method":
        return label(DevelopmentMethod(str(value)))
    if name == "indicators" and isinstance(value, list):
        return ", ".join(digits(each) for each in value) or _("ทั้งระดับ")
    if name == "cost_baht":
        return baht(Decimal(str(value)))
    if name in ("hours", "weeks"):
        return digits(value)
    return str(value) or NOTHING
