"""Courses: the list and one course for everybody, their forms for the personnel office, one into a plan."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Course
from idp.queries.gaps import GapOnPage
from idp.queries.history import history_of_course
from idp.queries.profile_versions import competencies_in_use
from idp.queries.training.course_choices import courses_developing
from idp.queries.training.course_levels import CompetencyWithLevels, levels_to_choose
from idp.queries.training.courses import (
    CourseFilter,
    CourseRow,
    course_list,
    course_page,
)
from idp.queries.training.open_plans import open_plan
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.terms import Permission
from idp.rules.training import COURSE_METHODS, CoursesShown
from idp.services.training.course_lines import add_course_line
from idp.services.training.courses import create_course, edit_course, offer_course_again, retire_course
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.course_view import FIELDS, SHOWN, entries
from idp.web.formats import digits
from idp.web.forms.courses import form_of_course, read_course
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.numbers import asked_number, record_number
from idp.web.timeline import older_than

blueprint = Blueprint("courses", __name__, url_prefix="/courses")


@blueprint.get("/")
@guarded(Permission.CATALOGUE_VIEW)
def index() -> str:
    """The courses by their code, thirty a page."""
    session, day = db.session(), clock.today()
    shown = request.args.get("shown", "")
    wanted = CourseFilter(
        text=request.args.get("text", "").strip()[:100],
        competency_id=asked_number(request.args, "competency"),
        shown=CoursesShown(shown) if shown in set(CoursesShown) else CoursesShown.OFFERED,
    )
    after = request.args.get("after", "")
    page = course_list(session, _organisation_id(), day, wanted, after)
    asked = {name: value for name, value in request.args.items() if name != "after" and value}
    return render_template(
        "courses/index.html",
        page=page,
        wanted=wanted,
        choices=[(each.value, text) for each, text in SHOWN.items()],
        competencies=competencies_in_use(session, _organisation_id(), day),
        is_filtered=bool(asked),
        is_further=bool(after),
        first_address=url_for("courses.index", **asked),  # type: ignore[arg-type]
        next_address=page.next_after and url_for("courses.index", **asked, after=page.next_after),  # type: ignore[arg-type]
    )


@blueprint.get("/new")
@guarded(Permission.CATALOGUE_EDIT)
def new() -> Response:
    """The form of a new course."""
    return _form(None, NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.CATALOGUE_EDIT)
def create() -> Response:
    """A new course; its runs are added on its page."""
    try:
        course = create_course(db.session(), current_actor(), _read(), clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _form(None, attempt_of(refusal, "course"))
    return _saved(course, _("เพิ่มหลักสูตรแล้ว ขั้นต่อไปคือเพิ่มรุ่นที่จะจัด"))


@blueprint.get("/<int:course_id>")
@guarded(Permission.CATALOGUE_VIEW)
def show(course_id: int) -> Response:
    """One course with its runs, and the reader's plan where it may be put into."""
    return show_course(course_id, NOTHING_SENT)


@blueprint.get("/<int:course_id>/edit")
@guarded(Permission.CATALOGUE_EDIT)
def edit(course_id: int) -> Response:
    """The form of one course."""
    return _form(course_or_missing(course_id), NOTHING_SENT)


@blueprint.post("/<int:course_id>/edit")
@guarded(Permission.CATALOGUE_EDIT)
def save(course_id: int) -> Response:
    """Change the course; plans keep what they took from it."""
    try:
        course = edit_course(db.session(), current_actor(), course_id, _read(), clock.now(), sent_version())
    except REFUSED as refusal:
        db.session.rollback()
        return _form(course_or_missing(course_id), attempt_of(refusal, "course"))
    return _saved(course, _("บันทึกหลักสูตรแล้ว"))


@blueprint.post("/<int:course_id>/retire")
@guarded(Permission.CATALOGUE_EDIT)
def retire(course_id: int) -> Response:
    """Offer it no longer."""
    reason = request.form.get("reason", "")
    try:
        course = retire_course(db.session(), current_actor(), course_id, reason, clock.now(), sent_version())
    except REFUSED as refusal:
        db.session.rollback()
        return _form(course_or_missing(course_id), attempt_of(refusal, "retire"))
    return _saved(course, _("เลิกเปิดรับหลักสูตรแล้ว แผนที่เลือกหลักสูตรนี้ไว้ยังคงอยู่"))


@blueprint.post("/<int:course_id>/offer")
@guarded(Permission.CATALOGUE_EDIT)
def offer(course_id: int) -> Response:
    """Offer a retired one again."""
    try:
        course = offer_course_again(db.session(), current_actor(), course_id, clock.now(), sent_version())
    except REFUSED as refusal:
        db.session.rollback()
        return show_course(course_id, attempt_of(refusal, "offer"))
    return _saved(course, _("เปิดรับหลักสูตรอีกครั้งแล้ว"))


@blueprint.post("/<int:course_id>/plans/<int:plan_id>")
@guarded(Permission.PLAN_EDIT)
def take(course_id: int, plan_id: int) -> Response:
    """Put the course into one's own plan."""
    try:
        item = add_course_line(
            db.session(),
            current_actor(),
            plan_id,
            course_id,
            _chosen("run_id"),
            clock.now(),
            level_id=_chosen("level_id"),
            expected_version=sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return show_course(course_id, attempt_of(refusal, "take"))
    db.session.commit()
    flash(_("เพิ่มหลักสูตรในแผนแล้ว โปรดตรวจสอบวันที่และวิธีวัดผล"), "success")
    course = course_or_missing(course_id)
    if any(run.id == item.course_run_id and run.is_full for run in course.runs):
        flash(_("ที่นั่งของรุ่นนี้เต็มแล้ว งานการเจ้าหน้าที่จะเป็นผู้พิจารณาว่าจะเพิ่มที่นั่งหรือจัดรุ่นอื่น"), "warning")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=f"item-{item.id}"))  # type: ignore[return-value]


@blueprint.app_template_global("courses_on_level")
def on_level(gaps: Iterable[GapOnPage], competency_id: int, level: int) -> tuple[CourseRow, ...]:
    """The courses on offer for one level of the page of suggestions; those of all its `gaps` are read at
    once."""
    if "courses_of_page" not in g:
        wanted = {(gap.competency_id, each.number) for gap in gaps for each in gap.levels}
        g.courses_of_page = courses_developing(db.session(), _organisation_id(), wanted, clock.today())
    found: dict[tuple[int, int], tuple[CourseRow, ...]] = g.courses_of_page
    return found.get((competency_id, level), ())


def course_or_missing(course_id: int) -> CourseRow:
    """The course of the reader's organisation. Raises NotVisible."""
    course = course_page(db.session(), _organisation_id(), course_id)
    if course is None:
        raise NotVisible
    return course


def show_course(course_id: int, attempt: Attempt) -> Response:
    """The page of one course, as it is or with a form that was refused."""
    session, day, user = db.session(), clock.today(), current_user()
    course = course_or_missing(course_id)
    reads_history = may(Permission.TRAINING_VIEW)
    history = history_of_course(session, course_id, older_than()) if reads_history else None
    names = _level_names(_choices(course)) if reads_history else {}
    page = render_template(
        "courses/show.html",
        course=course,
        attempt=attempt,
        labels=FIELDS,
        upcoming=course.upcoming(day),
        past=tuple(run for run in course.runs if not run.is_upcoming(day)),
        plan=open_plan(session, user.person_id, user.organisation_id, course_id)
        if course.retired_at is None
        else None,
        history_page=history,
        history=entries(history or (), names),
    )
    return make_response(page, attempt.status)


def _form(course: CourseRow | None, attempt: Attempt) -> Response:
    stored = form_of_course(course)
    is_typed = attempt.event == "course" and bool(attempt.form)
    page = render_template(
        "courses/edit.html",
        course=course,
        attempt=attempt,
        stored=stored,
        chosen=frozenset(attempt.form.getlist("level_ids")) if is_typed else stored["level_ids"],
        labels=FIELDS,
        methods=[(each.value, label(each)) for each in COURSE_METHODS],
        competencies=_choices(course),
    )
    return make_response(page, attempt.status)


def _choices(course: CourseRow | None) -> tuple[CompetencyWithLevels, ...]:
    besides = [level.level_id for level in course.levels] if course else []
    return levels_to_choose(db.session(), _organisation_id(), clock.today(), besides)


def _level_names(competencies: tuple[CompetencyWithLevels, ...]) -> dict[int, str]:
    return {
        level_id: _(
            "%(competency)s ระดับ %(level)s",
            competency=name_of(each.name_th, each.name_en),
            level=digits(number),
        )
        for each in competencies
        for level_id, number, _title in each.levels
    }


def _read() -> Any:
    typed, problems = read_course(request.form)
    if problems:
        raise InvalidInputs(problems)
    return typed


def _chosen(name: str) -> int | None:
    """What was chosen of a list; nothing is None. Raises InvalidInput for what no list offers."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    chosen = record_number(text)
    if chosen is None:
        raise InvalidInput(name, "unknown_choice")
    return chosen


def _saved(course: Course, told: str) -> Response:
    course_id = course.id
    db.session.commit()
    flash(told, "success")
    return redirect(url_for("courses.show", course_id=course_id))  # type: ignore[return-value]


def _organisation_id() -> int:
    return current_user().organisation_id or 0
