"""Write to the database, and notice when somebody else wrote first."""

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from idp.models import Assessment, DevelopmentPlan
from idp.rules.errors import StaleVersion


def save(session: Session) -> None:
    """Flush. Raises StaleVersion when a record that was read has another version by now; nothing is
    written."""
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion from error


def count_as_changed(record: Assessment | DevelopmentPlan) -> None:
    """Give the record a new version although only its lines change: two open forms cannot overwrite each
    other."""
    flag_modified(record, "state")
