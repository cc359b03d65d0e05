"""What the preview of a change needs besides its query: the words typed so far, sentences, choices."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from idp.database import db
from idp.models import PositionLevel, Unit
from idp.queries.change_pages import Preview, RecordUnderWay
from idp.queries.supervisors import supervisor_names
from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.staff_changes import ENDING, WITH_A_NEW_POST
from idp.rules.thai import position_with_level
from idp.services.change_posts import Move
from idp.web.attempts import Attempt
from idp.web.formats import number
from idp.web.forms.changes import typed_change
from idp.web.labels import label


def preview_context(move: Move, shown: Preview, attempt: Attempt, form: Mapping[str, str]) -> dict[str, Any]:
    """The names that `changes/preview.html` uses. `days_of` says a record's days as "120 + 245"."""
    wanted = [each for each in (move.supervisor_id, move.second_level_id) if each is not None]
    names = supervisor_names(db.session(), move.employee.organisation_id, wanted, move.effective_on)
    return {
        "move": move,
        "shown": shown,
        "attempt": attempt,
        "form": form,
        "is_first": "seen" not in form,
        "sent": [(name, text) for name, text in typed_change(form).items() if text],
        "new_post": _post_name(move),
        "new_supervisor": names.get(move.supervisor_id or 0),
        "new_second": names.get(move.second_level_id or 0),
        "labels": _labels(shown),
        "last_day": move.effective_on - timedelta(days=1),
        "is_ending": move.kind in ENDING,
        "has_new_post": move.kind in WITH_A_NEW_POST,
        "choices_of": choices_of,
        "days_of": days_of,
        "unreleased_states": UNRELEASED_STATES,
    }


def _post_name(move: Move) -> str:
    """The new position with its level, and where it is; "" where the post stays."""
    if move.post is None:
        return ""
    session = db.session()
    level = session.get_one(PositionLevel, move.post.position_level_id)
    unit = session.get_one(Unit, move.post.unit_id)
    return f"{position_with_level(move.post.position_name, level.name_th)} {unit.name_th}"


def _labels(shown: Preview) -> dict[str, str]:
    """The names of fields as a refusal calls them: whose record or supervisor is meant."""
    found = {
        "team_supervisor": _("ผู้ประเมินคนใหม่ของทุกคน"),
        "team_second": _("ผู้บังคับบัญชาเหนือขึ้นไปของทุกคน"),
    }
    for role in shown.roles:
        found[f"end_role-{role.id}"] = str(label(role.role))
    for record in (*shown.own, *shown.records_below):
        found[f"choice-{record.assessment_id}"] = record.owner_name
        found[f"reason-{record.assessment_id}"] = record.owner_name
    for person in shown.below:
        found[f"supervisor-{person.employee_id}"] = person.name
        found[f"second-{person.employee_id}"] = person.name
    return found


def choices_of(record: RecordUnderWay) -> list[tuple[str, str]]:
    """The consequences offered for a record, as a list to choose from."""
    return [(each.value, label(each)) for each in record.choices]


def days_of(record: RecordUnderWay) -> str:
    """The days of each supervisor, in their order."""
    return " + ".join(number(days) for days in record.days)
