"""Write to the database, and notice when somebody else wrote first."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from idp.models import Assessment, DevelopmentPlan
from idp.rules.errors import StaleVersion

UNIQUE_VIOLATION = "23505"
"""PostgreSQL's code; SQLite's driver names the same in words."""


def save(session: Session) -> None:
    """Flush. Raises StaleVersion when a record that was read has another version by now, or what is added was
    added by somebody else a moment ago; nothing is written."""
    with noticing_others():
        session.flush()


@contextmanager
def noticing_others() -> Iterator[None]:
    """For a write within: StaleVersion when somebody else was quicker."""
    try:
        yield
    except StaleDataError as error:
        raise StaleVersion from error
    except IntegrityError as error:
        if not is_there_already(error):
            raise
        raise StaleVersion from error


def is_there_already(error: IntegrityError) -> bool:
    """Whether the row exists: the same form sent twice at once, from two tabs or by two people."""
    code = getattr(error.orig, "sqlstate", None)
    return code == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(error.orig)


def count_as_changed(record: Assessment | DevelopmentPlan) -> None:
    """Give the record a new version although only its lines change: two open forms cannot overwrite each
    other."""
    flag_modified(record, "state")
