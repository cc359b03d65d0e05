"""Everything the printed forms say, as frozen values: what a query hands over and a template prints.

A form is filled from the snapshot of its time (name, position, unit as they were then), so a reprint years
later is the same document. Values are domain values: days are `date`, moments aware `datetime`, scores
`Decimal`, texts Thai as they were written. None always means "not given (yet)" and prints as a dotted line
or a dash, never as zero.

Source: the summary form of the appraisal of performance, the competency form and the individual
development plan form of the civil service and of local government.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from idp.rules.thai import full_name, position_with_level


@dataclass(frozen=True, slots=True)
class PersonOnForm:
    """A person as they were when the form was made."""

    title: str
    first_name: str
    last_name: str
    position: str
    number: str = ""
    """The employee number; empty for an appraiser who is not staff."""
    position_type: str = ""
    """ประเภทตำแหน่ง in Thai."""
    level_name: str = ""
    """ระดับตำแหน่ง in Thai, without the position."""
    unit_path: tuple[str, ...] = ()
    """Units from the smallest to the largest, as an address is read in Thai."""
    organisation: str = ""

    @property
    def name(self) -> str:
        """Title, first and last name as documents write them."""
        return full_name(self.title, self.first_name, self.last_name)

    @property
    def full_position(self) -> str:
        """Position and level as one expression."""
        return position_with_level(self.position, self.level_name)

    @property
    def affiliation(self) -> str:
        """Units and organisation in one line."""
        return " ".join((*self.unit_path, self.organisation)).strip()


@dataclass(frozen=True, slots=True)
class Signature:
    """One place to sign: dotted while `signed_on` is None, filled with name and time once signed."""

    role_label: str
    """In which capacity, in Thai, printed after the line."""
    name: str = ""
    """Who signs or is to sign, with title; empty where nobody is known yet."""
    position: str = ""
    signed_on: date | None = None
    """The local day of signing; None: not signed."""
    signed_at: datetime | None = None
    """The moment (aware) when signed in the system; None for a signed paper recorded later."""
    on_behalf_of: str | None = None
    """The person for whom the signer acted (delegation), with title."""
    acting_words: str = ""
    """In which capacity: รักษาราชการแทน or ปฏิบัติราชการแทน; empty where the history does not say."""
    acting_position: str = ""
    """The position of the represented person."""
    order_number: str = ""
    """The number of the order to act."""
    recorded_by: str | None = None
    """Who recorded a paper signature in the system, with title."""
    comment: str | None = None
    """What the signer wrote beside the signature."""
    asks_comment: bool = False
    """The form has a place for a comment here, dotted when there is none."""


class ReceiptState(StrEnum):
    """What became of telling the employee the result."""

    PENDING = "pending"
    RECEIVED = "received"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """ส่วนที่ 4: the employee's receipt of the result, or the recorded refusal to sign."""

    state: ReceiptState
    employee: Signature
    supervisor: Signature
    told_on: date | None = None
    """The day on which the supervisor told the employee the result."""
    witness: Signature | None = None
    """Who witnessed a refusal."""
    agrees: bool | None = None
    """The employee's own opinion, apart from the receipt; None: none given."""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """ส่วนที่ 5: the opinion of one superior above the supervisor."""

    heading: str
    signature: Signature
    agrees: bool | None = None
    """None: no opinion given yet."""
    text: str = ""
    """What differs and why, when not agreeing."""


@dataclass(frozen=True, slots=True)
class AssessmentFormLine:
    """One competency of the competency form."""

    order: int
    competency_name: str
    category: str
    """The group in Thai (สมรรถนะหลัก ...); neighbouring lines of one group share a heading."""
    expected: int | None
    weight_percent: Decimal | None
    """Of 100; None in the methods without weights."""
    weight_points: Decimal | None
    """The same in points of the competency part, rounded: percent x W / 100."""
    self_level: Decimal | int | None
    supervisor_level: Decimal | int | None
    points: Decimal | int | None
    weighted_score: Decimal | None
    """Already rounded: percent x W / 100 of the points, as the method says."""
    evidence: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """Of the ticked indicators that have one: the indicator's text and its note, in the ladder's order."""
    broken: bool = False
    """A higher rung is shown while a lower one is not: only the lower counts."""
    missing_indicators: tuple[str, ...] = ()
    """The behavioural indicators not shown on the rung that stopped the ladder."""
    top: int = 0
    """The highest level of the competency's ladder; 0: not known, and nothing is drawn."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One component of the total (ส่วนที่ 2)."""

    label: str
    score: Decimal | None
    """Of 100."""
    weight_percent: Decimal
    weighted: Decimal | None
    """Already rounded."""


@dataclass(frozen=True, slots=True)
class BandOnForm:
    """One tick box of the result bands."""

    label: str
    range_text: str
    """In Arabic digits, e.g. "90.00 - 100"."""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """One competency whose level a decision on an objection changed."""

    competency_name: str
    before: Decimal | None
    """None: not rated."""
    after: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionOnForm:
    """The result by a decision on an objection, printed beside the old one. Scores as the parts print them;
    `band` in Thai."""

    decision_number: str
    decided_on: date
    lines: tuple[CorrectedLine, ...]
    scores: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    """(label, as released, as corrected) of each score."""
    band_before: str
    band_after: str
    explanation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DevelopmentNeed:
    """One row of ส่วนที่ 3: what must be developed, how, when."""

    need: str
    method: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """What identifies a printed form: in its head, in the foot of each page, and in its digits."""

    number: str
    """The document number, printed as it is."""
    version: str
    """E.g. "ฉบับที่ 2"; digits follow the switch."""
    status: str
    """E.g. ร่าง, อนุมัติแล้ว."""
    printed_on: date
    thai_digits: bool = False
    """The organisation's switch: figures and dates of the system in Thai digits; what people wrote stays.
    """
    as_of: date | None = None
    """The day of a kept version: its print names that day in place of the day of printing, and is the same
    document whenever it is printed."""


@dataclass(frozen=True, slots=True)
class AssessmentForm:
    """The summary form with its five parts, and the competency form, as one document."""

    identity: DocumentIdentity
    fiscal_year: int
    """พ.ศ."""
    period_name: str
    """E.g. "รอบที่ 1"; empty for a whole year."""
    starts_on: date
    ends_on: date
    employee: PersonOnForm
    supervisor: PersonOnForm | None
    lines: tuple[AssessmentFormLine, ...]
    competency_weight: Decimal
    """W: the weight of the competency part, of 100."""
    competency_score: Decimal | None
    """The sum of the printed weighted scores, of W."""
    method_name: str
    method_words: tuple[str, ...]
    """How the method scores, with the organisation's own points and tables, a sentence each."""
    score_explanation: tuple[str, ...]
    """The formula with its own numbers, line by line, in Arabic digits."""
    parts: tuple[ScorePart, ...]
    total: Decimal | None
    bands: tuple[BandOnForm, ...]
    needs: tuple[DevelopmentNeed, ...]
    receipt: Receipt
    opinions: tuple[Opinion, ...]
    signatures: tuple[Signature, ...]
    """Of the competency form: employee and supervisor."""
    corrections: tuple[CorrectionOnForm, ...] = ()
    """By successful objections, the oldest first; the last one holds."""


@dataclass(frozen=True, slots=True)
class BlankLevel:
    """One level of a competency, with its behavioural indicators to tick."""

    number: int
    title: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlankCompetency:
    """One competency to be rated by hand."""

    order: int
    name: str
    category: str
    definition: str
    expected: int
    levels: tuple[BlankLevel, ...]


@dataclass(frozen=True, slots=True)
class BlankForm:
    """The competency form for pen and paper: names filled in, everything else left open."""

    identity: DocumentIdentity
    fiscal_year: int
    """พ.ศ."""
    period_name: str
    starts_on: date
    ends_on: date
    employee: PersonOnForm
    supervisor: PersonOnForm | None
    competencies: tuple[BlankCompetency, ...]
    signatures: tuple[Signature, ...]
    """Employee and supervisor, unsigned."""


@dataclass(frozen=True, slots=True)
class PlanFormLine:
    """One line of the development plan."""

    order: int
    competency_name: str
    """The competency, or the free text of a line outside the framework."""
    from_level: int | None
    target_level: int | None
    indicators: tuple[str, ...]
    methods: tuple[str, ...]
    """In Thai, as labelled."""
    title: str
    detail: str
    starts_on: date | None
    ends_on: date | None
    quarters: tuple[int, ...]
    """Of the fiscal year, 1 to 4."""
    hours: Decimal | int | None
    cost_baht: Decimal | int | None
    measure: str
    evidence: str
    responsible: str = ""
    percent: int | None = None
    progress_note: str = ""
    result: str = ""
    """E.g. สำเร็จ, เกือบสำเร็จ, ไม่สำเร็จ; empty: not evaluated."""
    result_reason: str = ""
    mentor: str = ""
    course: str = ""
    """The title of the course that it is done by."""
    course_days: tuple[date, date] | None = None
    """Of the run, where it is known; and the place that it is held at."""
    course_place: str = ""
    goes_on_to: int | None = None
    """The fiscal year (พ.ศ.) in which it ends, where that is a later one."""
    evidence_given: tuple[str, ...] = ()
    """What was handed in so far, by its titles."""
    hours_done: int | None = None
    spent_baht: Decimal | None = None
    is_cancelled: bool = False
    """It counts in no total."""


@dataclass(frozen=True, slots=True)
class FollowUpOnForm:
    """How the plan stood after one half of the year, in the words of both; without a day nobody wrote."""

    half: int
    """1 or 2."""
    employee_text: str = ""
    employee_on: date | None = None
    supervisor_text: str = ""
    supervisor_on: date | None = None
    supervisor_name: str = ""


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The individual development plan of one employee and fiscal year."""

    identity: DocumentIdentity
    fiscal_year: int
    """พ.ศ."""
    starts_on: date
    ends_on: date
    employee: PersonOnForm
    supervisor: PersonOnForm | None
    lines: tuple[PlanFormLine, ...]
    start_signatures: tuple[Signature, ...]
    """At the start of the year: employee, supervisor, second level, HR checker."""
    end_signatures: tuple[Signature, ...]
    """At the end of the year: employee and supervisor."""
    total_hours: Decimal | int | None = None
    total_cost_baht: Decimal | int | None = None
    explanation: tuple[str, ...] = ()
    """Notes under the table, such as the share of hours by kind of method, in Arabic digits."""
    follow_ups: tuple[FollowUpOnForm, ...] = ()
    """Of both halves, the first one first."""
