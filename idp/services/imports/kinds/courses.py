"""The courses of the organisation with their runs: one row for each run, the course said again on it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from idp.adapters.spreadsheets import Cell
from idp.queries.form_words import METHODS
from idp.rules.calendar import local_day
from idp.rules.terms import Permission
from idp.rules.training import COURSE_METHODS
from idp.services.access import check_organisation
from idp.services.imports.course_cells import (
    CODE,
    DETAIL,
    ENDS,
    EVIDENCE,
    HOURS,
    LEVELS,
    MEASURE,
    METHOD,
    PLACE,
    PRICE,
    PROVIDER,
    RUN_PRICE,
    SEATS,
    STARTS,
    TITLE,
    fields_of,
    shown_course,
)
from idp.services.imports.course_rows import courses_by_code, judged_rows, known_levels, run_like
from idp.services.imports.kind import AllowedValues, Column, ImportKind, Judgement, RowRead, Scope
from idp.services.training.course_runs import begin_run, rewrite_run
from idp.services.training.courses import begin_course, levels_in_use, rewrite_course


class Courses(ImportKind):
    key = "courses"
    name_th = "หลักสูตรและรุ่น"
    name_en = "Courses and their runs"
    help_th = (
        "หลักสูตรที่หน่วยงานจัดหรือส่งบุคลากรเข้าร่วม หนึ่งแถวต่อหนึ่งรุ่น หลักสูตรเดียวกันใช้รหัสเดียวกัน "
        "รุ่นที่วันหรือสถานที่ต่างไปนับเป็นรุ่นใหม่ หลักสูตรและรุ่นที่ไม่มีในไฟล์คงไว้ตามเดิม"
    )
    help_en = (
        "Courses that the organisation offers or buys, one row for each run; a course keeps its code. A run "
        "on other days or at another place is a new one. What the file does not name stays as it is."
    )
    permission = Permission.CATALOGUE_EDIT
    chunk = None
    columns = (
        Column(CODE, "รหัสหลักสูตร", "Course", "ไม่มีช่องว่าง", "Without spaces", "HR-01", width=14),
        Column(
            TITLE,
            "ชื่อหลักสูตร",
            "Title",
            "แถวถัดไปของหลักสูตรเดียวกันเว้นว่างได้",
            "May be empty on further rows of the same course",
            "การบริหารทรัพยากรบุคคลภาครัฐ",
            width=40,
        ),
        Column(
            METHOD,
            "วิธีการพัฒนา",
            "Method",
            "ตามรายการในแผ่นค่าที่ใช้ได้",
            "One of those on the sheet of allowed values",
            "ฝึกอบรม",
            width=22,
        ),
        Column(HOURS, "จำนวนชั่วโมง", "Hours", "จำนวนเต็ม", "A whole number", Decimal(18)),
        Column(
            PRICE,
            "ค่าใช้จ่ายต่อคน (บาท)",
            "Price (baht)",
            "เว้นว่างหากไม่มีค่าใช้จ่าย",
            "For each person; empty for none",
            Decimal(3500),
            is_required=False,
        ),
        Column(
            PROVIDER,
            "หน่วยงานผู้จัด",
            "Provider",
            "ไม่บังคับ",
            "Optional",
            "สถาบันพัฒนาบุคลากร",
            is_required=False,
            width=28,
        ),
        Column(DETAIL, "รายละเอียด", "Detail", "ไม่บังคับ", "Optional", is_required=False, width=40),
        Column(MEASURE, "วิธีวัดผล", "Measure", "ไม่บังคับ", "Optional", is_required=False, width=30),
        Column(EVIDENCE, "หลักฐานที่จะแสดง", "Evidence", "ไม่บังคับ", "Optional", is_required=False, width=30),
        Column(
            LEVELS,
            "ระดับสมรรถนะที่พัฒนา",
            "Levels developed",
            "รหัสสมรรถนะ:ระดับ คั่นด้วยจุลภาค เช่น c1:2, c1:3",
            "Competency:level, separated by commas, for example c1:2, c1:3",
            "c1:2, c1:3",
            is_required=False,
            width=24,
        ),
        Column(
            STARTS,
            "วันแรก",
            "First day",
            "วัน/เดือน/ปี พ.ศ. เว้นว่างทั้งแถวส่วนของรุ่นหากยังไม่กำหนด",
            "Day/month/year; empty with the rest of the run where none is set",
            "2/2/2570",
            is_required=False,
            width=14,
        ),
        Column(ENDS, "วันสุดท้าย", "Last day", "วัน/เดือน/ปี พ.ศ.", "Day/month/year", "4/2/2570", False, width=14),
        Column(SEATS, "จำนวนที่นั่ง", "Seats", "จำนวนเต็ม", "A whole number", Decimal(30), False),
        Column(
            RUN_PRICE,
            "ค่าใช้จ่ายของรุ่น (บาท)",
            "Price of the run (baht)",
            "เว้นว่างหากเท่ากับของหลักสูตร",
            "Empty where it is the course's",
            is_required=False,
        ),
        Column(PLACE, "สถานที่", "Place", "ไม่บังคับ", "Optional", "ห้องประชุม 1", False, width=28),
    )

    def judge(self, scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
        return judged_rows(scope, rows)

    def apply(self, scope: Scope, judged: Sequence[Judgement]) -> None:
        session, actor, now, import_id = scope.session, scope.actor, scope.now, scope.import_id
        check_organisation(session, actor, Permission.CATALOGUE_EDIT, local_day(now))
        in_use = levels_in_use(session, scope.organisation_id, now)
        found = [fields_of(each.target or {}) for each in judged]
        courses = courses_by_code(scope, {each.course.code for each in found})
        written: set[str] = set()
        for each in found:
            course = courses.get(each.course.code)
            if course is None:
                course = begin_course(session, actor, each.course, in_use, now, import_id)
                courses[course.code] = course
            elif course.code not in written:
                rewrite_course(session, actor, course, each.course, in_use, now, import_id)
            written.add(course.code)
            if each.run is None:
                continue
            same = run_like(course, each.run)
            if same is None:
                begin_run(session, actor, course, each.run, now, import_id)
            else:
                rewrite_run(session, actor, same, each.run, now, import_id)

    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        levels = known_levels(scope)
        for course in courses_by_code(scope).values():
            if course.retired_at is not None:
                continue
            said: dict[str, Cell] = dict(shown_course(course, levels))
            said |= {HOURS: Decimal(course.hours), PRICE: course.price_baht}
            held = [run for run in course.runs if run.cancelled_at is None]
            for run in held:
                yield said | {
                    STARTS: run.starts_on,
                    ENDS: run.ends_on,
                    SEATS: Decimal(run.seats),
                    RUN_PRICE: "" if run.price_baht is None else run.price_baht,
                    PLACE: run.place_th,
                }
            if not held:
                yield said

    def allowed_values(self, scope: Scope) -> Sequence[AllowedValues]:
        methods = [METHODS[method] for method in COURSE_METHODS]
        levels = sorted(known_levels(scope).written.values())
        texts = {METHOD: methods, LEVELS: levels}
        return [
            AllowedValues(column.header_th, column.header_en, texts[column.key])
            for column in self.columns
            if column.key in texts
        ]
