"""The texts of mails, out of templates of their own.

Mails are written in official Thai whatever the language of the pages, and need no request.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from idp.rules.terms import SubjectType
from idp.rules.thai import thai_date, to_thai_digits

TEMPLATES_FOLDER = Path(__file__).resolve().parents[2] / "templates"

PATHS = {
    SubjectType.ASSESSMENT: "/assessments/{}",
    SubjectType.PLAN: "/plans/{}",
    SubjectType.CYCLE: "/cycles/{}",
    SubjectType.HANDOVER: "/handovers/{}",
}
"""Where a record is looked at; a test holds these to the pages' addresses."""


class HasSubject(Protocol):
    """What a link leads to."""

    @property
    def subject_type(self) -> SubjectType: ...
    @property
    def subject_id(self) -> int: ...


@dataclass(frozen=True)
class MailText:
    """A mail's subject and its two bodies."""

    subject: str
    text: str
    html: str


def digest_text(digest: object, *, base_url: str, thai_digits: bool) -> MailText:
    """The words of a digest (`idp.queries.digests.Digest`). Links lead to `base_url`."""
    values = {"digest": digest, "base_url": base_url}
    plain, rich = _environment(base_url, thai_digits, False), _environment(base_url, thai_digits, True)
    subject = " ".join(plain.get_template("emails/digest.subject.txt").render(values).split())
    text = plain.get_template("emails/digest.txt").render(values).strip() + "\n"
    html = rich.get_template("emails/digest.html").render(values, subject=subject)
    return MailText(subject, text, html)


@cache
def sender_name() -> str:
    """From whom mails say they are."""
    return _environment("", False, False).get_template("emails/sender.txt").render().strip()


@cache
def _environment(base_url: str, thai_digits: bool, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The message ids are Thai already: mails are written in Thai whatever the language of the pages.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )

    def digits(value: object) -> str:
        return to_thai_digits(str(value)) if thai_digits else str(value)

    def day(value: date) -> str:
        return thai_date(value, thai_digits=thai_digits)

    def address(subject: HasSubject) -> str:
        return base_url + PATHS.get(subject.subject_type, "/").format(subject.subject_id)

    def notice_address(subject: HasSubject) -> str:
        # Who is told of a cycle is seldom who runs it: their own page says what to do.
        return f"{base_url}/" if subject.subject_type is SubjectType.CYCLE else address(subject)

    environment.filters.update(digits=digits, day=day, address=address, notice_address=notice_address)
    return environment
