"""The moderation committee: ratings before their release by unit, rater and position level, and its requests
to reconsider them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Cycle
from idp.queries.figures import BEGUN
from idp.queries.moderation import Grouping, cycles_in, distribution
from idp.queries.moderation_people import RatedPage, open_request, people_of_group, requests_of_cycle
from idp.rules.bulk import OF_COMMITTEE
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.leniency import LEAST_PEOPLE, MARKED_EFFECT
from idp.rules.suppression import LEAST
from idp.rules.terms import AssessmentEvent, CycleState, Permission, Relation
from idp.services.reconsiderations import ask_reconsideration
from idp.web import clock
from idp.web.assessments import assessment_response
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.forms.days import day_or_none
from idp.web.guards import current_actor, current_standing, current_user, guarded, may
from idp.web.looking import note_committee_look
from idp.web.moderation_view import group_row, largest_first
from idp.web.names.moderation import GROUPINGS, PARTS
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")

GROUPS_AT_ONCE = 50
LONGEST_KEY = 20
STILL_MODERATED = (CycleState.OPEN, CycleState.CLOSING)
"""The duty of a member ends with the cycle; the personnel office and auditors read earlier ones too."""

READS_EARLIER = frozenset({Relation.HR_OFFICER, Relation.AUDITOR})


@blueprint.get("/")
@guarded(Permission.MODERATION_VIEW)
def index() -> str:
    """The distribution in one cycle by the grouping asked for, and what was asked of raters."""
    cycles = _cycles()
    if not cycles:
        return render_template("moderation/index.html", cycles=())
    session, actor, day = db.session(), current_actor(), clock.today()
    cycle, by = _chosen_cycle(cycles), _grouping()
    found = distribution(session, actor, cycle.id, by, reads_released=_reads_earlier())
    groups = largest_first(found.groups)
    page = min(asked_number(request.args, "page") or 1, max(1, -(-len(groups) // GROUPS_AT_ONCE)))
    first = (page - 1) * GROUPS_AT_ONCE
    shown = groups[first : first + GROUPS_AT_ONCE]

    def address(number: int) -> str:
        return url_for("moderation.index", cycle=cycle.id, by=by.value, page=number)

    return render_template(
        "moderation/index.html",
        cycles=cycles,
        cycle=cycle,
        whole=group_row(found.whole),
        rows=[group_row(each) for each in shown],
        requests=requests_of_cycle(session, actor, cycle.id, day),
        next_address=address(page + 1) if first + GROUPS_AT_ONCE < len(groups) else None,
        previous_address=address(page - 1) if page > 1 else None,
        **_words(by),
    )


@blueprint.get("/people")
@guarded(Permission.MODERATION_VIEW)
def people() -> str | Response:
    """Those of one group, or of the whole cycle, whose ratings the reader may see."""
    session, actor, day = db.session(), current_actor(), clock.today()
    cycles = _cycles()
    if not cycles and "cycle" not in request.args:
        return redirect(url_for("moderation.index"))  # type: ignore[return-value]
    cycle, by = _chosen_cycle(cycles), _grouping()
    found = distribution(session, actor, cycle.id, by, reads_released=_reads_earlier())
    key = request.args["group"][:LONGEST_KEY] if "group" in request.args else None
    group = found.whole if key is None else next((each for each in found.groups if each.key == key), None)
    if group is None:
        raise NotVisible
    after = request.args.get("after", "")[:40]
    narrows, value = (None, None) if key is None else (by, _column_value(by, key))
    page = people_of_group(session, actor, cycle.id, narrows, value, day, after)
    note_committee_look([row.assessment_id for row in page.rows])
    chosen: dict[str, Any] = {"cycle": cycle.id, "by": by.value} | ({} if key is None else {"group": key})
    return render_template(
        "moderation/people.html",
        cycle=cycle,
        group=group_row(group),
        is_whole=key is None,
        page=page,
        is_further=bool(after),
        actions=OF_COMMITTEE if _offers_steps(page) else (),
        back=url_for("moderation.index", cycle=cycle.id, by=by.value),
        first_address=url_for("moderation.people", **chosen),
        next_address=page.next_after and url_for("moderation.people", **chosen, after=page.next_after),
        **_words(by),
    )


def _offers_steps(page: RatedPage) -> bool:
    """Whether the reader may take a step, and there is anybody on the page to choose."""
    return may(Permission.MODERATION_ASK) and any(row.may_be_chosen for row in page.rows)


@blueprint.post("/assessments/<int:assessment_id>/ask")
@guarded(Permission.MODERATION_ASK)
def ask(assessment_id: int) -> Response:
    """Ask the rater to reconsider; refused, the assessment's page comes back with what was typed."""
    session, now = db.session(), clock.now()
    try:
        until_on = _last_day()
        reason = request.form.get("reason", "")
        asked = ask_reconsideration(
            session, current_actor(), assessment_id, reason, until_on, now, sent_version()
        )
        cycle_id = asked.assessment.cycle_id
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return assessment_response(assessment_id, attempt_of(refusal, AssessmentEvent.ASK_RECONSIDERATION))
    except NotVisible:
        session.rollback()
        return _asked_already(assessment_id)
    flash(_("ส่งคำขอให้ผู้ประเมินทบทวนแล้ว ผู้ประเมินได้รับแจ้งพร้อมเหตุผลและวันสุดท้ายที่ขอคำตอบ"), "success")
    return redirect(url_for("moderation.index", cycle=cycle_id, _anchor="requests"))  # type: ignore[return-value]


def _asked_already(assessment_id: int) -> Response:
    """Another member was first, and with that the rating went out of the reader's sight: their text is kept
    on a page of its own. Raises NotVisible where nothing was asked."""
    found = open_request(db.session(), current_actor(), assessment_id)
    if found is None:
        raise NotVisible
    body = render_template("moderation/asked_already.html", found=found, typed=request.form)
    return make_response(body, 409)


def _last_day() -> date | None:
    """The day in the form. Raises InvalidInputs for what is no day, with an empty reason beside it."""
    try:
        return day_or_none(request.form, "until_on")
    except InvalidInput as problem:
        problems = [problem]
        if not request.form.get("reason", "").strip():
            problems.append(InvalidInput("reason", "missing"))
        raise InvalidInputs(problems) from problem


def _words(by: Grouping) -> dict[str, Any]:
    return {
        "by": by,
        "groupings": GROUPINGS,
        "parts": PARTS,
        "least": LEAST_PEOPLE,
        "fewest": LEAST,
        "loses_sight": not _reads_earlier(),
        "border": float(MARKED_EFFECT),
        "may_ask": may(Permission.MODERATION_ASK),
    }


def _reads_earlier() -> bool:
    return bool(current_standing().relations & READS_EARLIER)


def _cycles() -> list[Cycle]:
    states = BEGUN if _reads_earlier() else STILL_MODERATED
    return cycles_in(db.session(), current_user().organisation_id or 0, states)


def _chosen_cycle(cycles: Sequence[Cycle]) -> Cycle:
    """The one asked for, else the open one. Raises NotVisible."""
    if "cycle" not in request.args and cycles:
        return cycles[0]
    wanted = asked_number(request.args, "cycle")
    found = next((each for each in cycles if each.id == wanted), None)
    if found is None:
        raise NotVisible
    return found


def _grouping() -> Grouping:
    """An unknown word asks for nothing in particular."""
    asked = request.args.get("by", "")
    return Grouping(asked) if asked in set(Grouping) else Grouping.UNIT


def _column_value(by: Grouping, key: str) -> int | str | None:
    """None for the empty key of those without a rater."""
    return key if by is Grouping.POSITION_LEVEL else record_number(key)
