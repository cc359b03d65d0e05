"""The plans of a team as tables to work with: one row a person, and one row a line."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell, Sheet
from idp.queries.team_plans import PlanOfTeam
from idp.rules.terms import MethodGroup
from idp.rules.thai import position_with_level
from idp.web.formats import fiscal_year
from idp.web.labels import label
from idp.web.language import name_of


def people_sheet(plans: Sequence[PlanOfTeam]) -> Sheet:
    """One row for each plan."""
    return Sheet(_("รายคน"), _person_header(), list(_person_rows(plans)))


def lines_sheet(plans: Sequence[PlanOfTeam]) -> Sheet:
    """One row for each line of each plan."""
    return Sheet(_("รายการพัฒนา"), _line_header(), list(_line_rows(plans)))


def _person_header() -> list[str]:
    groups = [label(group) for group in MethodGroup]
    return [
        _("เลขประจำตัว"),
        _("ชื่อ"),
        _("ตำแหน่ง"),
        _("สังกัด"),
        _("ปีงบประมาณ"),
        _("สถานะ"),
        _("จำนวนรายการ"),
        _("ชั่วโมง"),
        _("งบประมาณ (บาท)"),
        _("สมรรถนะที่พัฒนา"),
        *(_("ชั่วโมง: %(group)s", group=group) for group in groups),
    ]


def _person_rows(plans: Sequence[PlanOfTeam]) -> Iterator[list[Cell]]:
    for plan in plans:
        yield [
            *_person(plan),
            fiscal_year(plan.fiscal_year),
            label(plan.state),
            Decimal(len(plan.lines)),
            Decimal(plan.hours),
            plan.baht,
            ", ".join(name_of(*each) for each in plan.competencies),
            *(Decimal(plan.hours_by_group[group]) for group in MethodGroup),
        ]


def _person(plan: PlanOfTeam) -> list[Cell]:
    position = position_with_level(plan.position_name, plan.position_level_name)
    return [plan.employee_number, plan.name, position, plan.unit_path_name]


def _line_header() -> list[str]:
    return [
        _("เลขประจำตัว"),
        _("ชื่อ"),
        _("ตำแหน่ง"),
        _("สังกัด"),
        _("สถานะของแผน"),
        _("สมรรถนะที่พัฒนา"),
        _("ระดับเป้าหมาย"),
        _("เรื่องหรือกิจกรรม"),
        _("หลักสูตร"),
        _("วิธีการพัฒนา"),
        _("วันเริ่ม"),
        _("วันสิ้นสุด"),
        _("ชั่วโมง"),
        _("งบประมาณ (บาท)"),
        _("พี่เลี้ยง"),
        _("สถานะของรายการ"),
        _("ความก้าวหน้า (ร้อยละ)"),
    ]


def _line_rows(plans: Sequence[PlanOfTeam]) -> Iterator[list[Cell]]:
    for plan in plans:
        for line in plan.lines:
            yield [
                *_person(plan),
                label(plan.state),
                name_of(line.competency_name_th, line.competency_name_en),
                "" if line.target_level is None else Decimal(line.target_level),
                line.title,
                line.course_title,
                label(line.method),
                line.starts_on or "",
                line.ends_on or "",
                Decimal(line.hours),
                line.cost_baht,
                line.mentor_name,
                label(line.state),
                Decimal(line.percent),
            ]
