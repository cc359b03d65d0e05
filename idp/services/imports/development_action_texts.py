"""What the texts of a row say of a development action, and an action as texts."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from idp.queries.catalogue.rows import NamedLevel
from idp.rules.errors import InvalidInput
from idp.rules.imports import plain_header
from idp.rules.terms import DevelopmentMethod
from idp.rules.thai import to_arabic_digits
from idp.services.catalogue.action_fields import ActionFields, read_columns
from idp.services.catalogue.bulk_writing import WantedAction

KEY, FRAMEWORK, COMPETENCY, LEVEL = "key", "framework", "competency", "level"
INDICATORS, METHOD, TITLE, DETAIL = "indicators", "method", "title", "detail"
HOURS, WEEKS, COST, EVIDENCE, MEASURE = "hours", "weeks", "cost_baht", "evidence", "measure"
SAID = (INDICATORS, METHOD, TITLE, DETAIL, HOURS, WEEKS, COST, EVIDENCE, MEASURE)

METHOD_NAMES: Mapping[DevelopmentMethod, str] = {
    DevelopmentMethod.ON_THE_JOB: "เรียนรู้จากการปฏิบัติงาน",
    DevelopmentMethod.ASSIGNMENT: "การมอบหมายงาน",
    DevelopmentMethod.PROJECT: "โครงการพัฒนางาน",
    DevelopmentMethod.ROTATION: "การหมุนเวียนงาน",
    DevelopmentMethod.ACTING_ROLE: "การรักษาราชการแทนหรือทดลองปฏิบัติหน้าที่",
    DevelopmentMethod.IMPROVEMENT: "การปรับปรุงงาน",
    DevelopmentMethod.COACHING: "การสอนงาน",
    DevelopmentMethod.MENTORING: "พี่เลี้ยง",
    DevelopmentMethod.FEEDBACK: "การให้ข้อมูลป้อนกลับ",
    DevelopmentMethod.SHADOWING: "การติดตามผู้มีประสบการณ์",
    DevelopmentMethod.KNOWLEDGE_SHARING: "การแลกเปลี่ยนเรียนรู้",
    DevelopmentMethod.COUNSELLING: "การให้คำปรึกษา",
    DevelopmentMethod.TRAINING: "การฝึกอบรม",
    DevelopmentMethod.WORKSHOP: "การประชุมเชิงปฏิบัติการ",
    DevelopmentMethod.ELEARNING: "การเรียนรู้ผ่านสื่ออิเล็กทรอนิกส์ (e-Learning)",
    DevelopmentMethod.SELF_STUDY: "การศึกษาด้วยตนเอง",
    DevelopmentMethod.STUDY_VISIT: "การศึกษาดูงาน",
    DevelopmentMethod.CERTIFICATE: "ประกาศนียบัตรหรือการรับรองสมรรถนะ",
}
"""As files name the methods, whatever the reader's language; their codes are understood, too."""

METHODS = {plain_header(text): each for each, name in METHOD_NAMES.items() for text in (name, each.value)}
WHOLE_NUMBER = re.compile(r"-?\d{1,6}")
SEPARATORS = re.compile(r"[\s,;/]+")
OTHER_FIELDS = {"indicator_ids": INDICATORS}
"""Fields of an action's form that a column names otherwise."""

Problems = list[InvalidInput]


def said(texts: Mapping[str, str], level: NamedLevel | None, key: str) -> tuple[WantedAction, Problems]:
    """What the texts say, and everything wrong with them."""
    problems: Problems = []

    def whole(name: str, otherwise: int) -> int:
        text = _figure(texts.get(name, ""))
        if text and not WHOLE_NUMBER.fullmatch(text):
            problems.append(InvalidInput(name, "not_a_whole_number"))
            return otherwise
        return int(text) if text else otherwise

    positions = _positions(texts.get(INDICATORS, ""), level, problems)
    of_the_level = level.indicator_ids if level is not None else ()
    chosen = tuple(of_the_level[at - 1] for at in positions)
    method = METHODS.get(plain_header(texts.get(METHOD, "")))
    if method is None and texts.get(METHOD, ""):
        problems.append(InvalidInput(METHOD, "unknown_code", written=texts[METHOD]))
    fields = ActionFields(
        title=texts.get(TITLE, ""),
        method=method,
        indicator_ids=chosen,
        detail=texts.get(DETAIL, ""),
        hours=whole(HOURS, 0),
        weeks=whole(WEEKS, 1),
        cost_baht=_amount(texts.get(COST, ""), problems),
        evidence=texts.get(EVIDENCE, ""),
        measure=texts.get(MEASURE, ""),
    )
    columns, wrong = read_columns(fields, of_the_level)
    told = {each.field for each in problems}
    problems += [
        InvalidInput(OTHER_FIELDS.get(each.field, each.field), each.code, **each.values)
        for each in wrong
        if each.field not in told
    ]
    level_id = level.level_id if level is not None else 0
    return WantedAction(key, level_id, columns, chosen, positions), problems


def _positions(text: str, level: NamedLevel | None, problems: Problems) -> tuple[int, ...]:
    parts = [each for each in SEPARATORS.split(to_arabic_digits(text).strip()) if each]
    if not all(WHOLE_NUMBER.fullmatch(each) for each in parts):
        problems.append(InvalidInput(INDICATORS, "not_a_list_of_numbers"))
        return ()
    positions = tuple(sorted({int(each) for each in parts}))
    if level is None:
        return ()
    most = len(level.indicator_ids)
    if not all(1 <= each <= most for each in positions):
        problems.append(InvalidInput(INDICATORS, "no_such_indicator", maximum=most))
        return ()
    return positions


def _figure(text: str) -> str:
    return to_arabic_digits(text).replace(",", "").replace(" ", "")


def _amount(text: str, problems: Problems) -> Decimal:
    plain = _figure(text)
    if not plain:
        return Decimal(0)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        problems.append(InvalidInput(COST, "not_a_number"))
        return Decimal(0)
    return amount


def texts_of(columns: Mapping[str, object], positions: Sequence[int]) -> dict[str, str]:
    """What an action says, by the keys of the columns; `positions` of its indicators in the level, from 1."""
    method = columns["method"]
    return {
        INDICATORS: ", ".join(str(each) for each in positions),
        METHOD: METHOD_NAMES[method] if isinstance(method, DevelopmentMethod) else "",
        TITLE: str(columns["title_th"]),
        DETAIL: str(columns["detail_th"]),
        HOURS: str(columns["hours"]),
        WEEKS: str(columns["weeks"]),
        COST: f"{columns['cost_baht']:.2f}",
        EVIDENCE: str(columns["evidence_th"]),
        MEASURE: str(columns["measure_th"]),
    }
