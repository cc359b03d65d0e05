"""The printed forms as HTML: what `render_pdf` lays out.

A small Jinja environment of its own, apart from the web's: the forms are official Thai documents in every
language of the pages, need no request, and see nothing but their data. Everything is escaped; no template
writes `style=`.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_environment
from markupsafe import Markup, escape

from idp.adapters.pdf.charts import charts_of
from idp.adapters.pdf.fonts import TEMPLATES_FOLDER
from idp.adapters.pdf.render import render_pdf
from idp.rules.forms import AssessmentForm, AssessmentFormLine, BlankForm, PlanForm
from idp.rules.thai import thai_date, thai_datetime, thai_period, to_thai_digits

NOT_GIVEN = "-"
"""What a cell says that has no value: never zero, never empty."""

AND_SO_ON = "ฯลฯ"
# The line breaker takes its signs for words of their own, and a word joiner between them does not hold
# (measured with Pango 1.50 and libthai); a span that does not wrap does.
_WHOLE_AND_SO_ON = f'<span class="whole-word">{AND_SO_ON}</span>'

# Characters that may come with pasted text, that no form prints and XML forbids.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def assessment_form_html(form: AssessmentForm) -> str:
    """Return the summary form and the competency form as one well-formed XHTML page."""
    return _environment(form.identity.thai_digits).get_template("assessment.html").render(form=form)


def plan_form_html(form: PlanForm) -> str:
    """Return the development plan form as one well-formed XHTML page."""
    return _environment(form.identity.thai_digits).get_template("plan.html").render(form=form)


def blank_form_html(form: BlankForm) -> str:
    """Return the form for pen and paper as one well-formed XHTML page."""
    return _environment(form.identity.thai_digits).get_template("blank.html").render(form=form)


def blank_form_pdf(form: BlankForm) -> bytes:
    """Return the form for pen and paper as a PDF. Raises PdfError."""
    return render_pdf(blank_form_html(form), title=f"แบบประเมินสมรรถนะ {form.employee.name}")


def assessment_form_pdf(form: AssessmentForm) -> bytes:
    """Return the assessment form as a PDF. Raises PdfError."""
    title = f"แบบสรุปการประเมินผลการปฏิบัติราชการ {form.employee.name}"
    return render_pdf(assessment_form_html(form), title=title)


def plan_form_pdf(form: PlanForm) -> bytes:
    """Return the plan form as a PDF. Raises PdfError."""
    return render_pdf(plan_form_html(form), title=f"แผนพัฒนารายบุคคล {form.employee.name}")


@cache
def _environment(thai_digits: bool) -> Environment:
    """The templates' environment for one position of the digits switch."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["thai_digits"] = thai_digits
    environment.globals["charts_of"] = lambda form: charts_of(form, partial(_level, environment))
    environment.filters.update(
        digits=_digits,
        day=_day,
        moment=_moment,
        period=_period,
        score=_score,
        level=_level,
        money=_money,
        lines=_lines,
        by_category=_by_category,
    )
    return environment


def _printable(value: object) -> object:
    """What every `{{ }}` prints: escaped, without control characters, with the Thai "etc." kept whole."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return Markup(str(escape(_CONTROLS.sub("", value))).replace(AND_SO_ON, _WHOLE_AND_SO_ON))
    return value


@pass_environment
def _digits(environment: Environment, value: object) -> str:
    """Figures and texts of the system, in the form's digits."""
    text = str(value)
    return to_thai_digits(text) if environment.globals["thai_digits"] else text


@pass_environment
def _day(environment: Environment, day: date | None, short: bool = False) -> str:
    """1 ตุลาคม 2568, or with `short` 1 ต.ค. 2568."""
    if day is None:
        return NOT_GIVEN
    return thai_date(day, thai_digits=_is_thai(environment), month="short" if short else "long")


@pass_environment
def _moment(environment: Environment, moment: datetime) -> str:
    return thai_datetime(moment, thai_digits=_is_thai(environment))


@pass_environment
def _period(environment: Environment, start: date | None, end: date | None, short: bool = False) -> str:
    """Both ends of a period; an open or upside-down one prints what is there, as it is."""
    if start is None or end is None or end < start:
        known = [_day(environment, day, short) for day in (start, end) if day is not None]
        return " - ".join(known) or NOT_GIVEN
    return thai_period(start, end, thai_digits=_is_thai(environment), month="short" if short else "long")


@pass_environment
def _score(environment: Environment, value: Decimal | int | None) -> str:
    """Two places, half up."""
    if value is None:
        return NOT_GIVEN
    return _digits(environment, Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


@pass_environment
def _level(environment: Environment, value: Decimal | int | None) -> str:
    """A level or a count: whole without places, else at most two."""
    if value is None:
        return NOT_GIVEN
    exact = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return _digits(environment, f"{exact:,f}".rstrip("0").rstrip("."))


@pass_environment
def _money(environment: Environment, value: Decimal | int | None) -> str:
    """Baht without its word, for a column that says so in its head; satang only where there are some."""
    if value is None:
        return NOT_GIVEN
    exact = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return _digits(environment, f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}")


def _lines(text: str) -> Markup:
    """What people typed, with its line breaks."""
    return Markup("<br/>").join(Markup(_printable(line.strip())) for line in text.strip().splitlines())


def _by_category(lines: Iterable[AssessmentFormLine]) -> list[tuple[str, list[AssessmentFormLine]]]:
    """Neighbouring lines of one category under its heading, in the order given."""
    return [(category, list(group)) for category, group in groupby(lines, key=lambda line: line.category)]


def _is_thai(environment: Environment) -> bool:
    return bool(environment.globals["thai_digits"])
