"""Load a version of a dictionary and check that the actor may do this with it: the first steps of every
service about frameworks.

Only a draft of the organisation's own is ever changed. The library is read by all and changed by nobody;
another organisation's framework is as good as missing; what is published stays as it is for ever.
"""

from datetime import date

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from idp.models import FrameworkVersion
from idp.queries.framework_versions import visible_version
from idp.rules.errors import NotPermitted, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import Permission, VersionState
from idp.services.access import check_organisation


def load_own_version(session: Session, actor: Actor, version_id: int, day: date) -> FrameworkVersion:
    """A version of the organisation's own. Raises NotPermitted, also for the library's, and NotVisible."""
    check_organisation(session, actor, Permission.FRAMEWORK_EDIT, day)
    version = visible_version(session, actor.organisation_id, version_id)
    if version.framework.organisation_id is None:
        raise NotPermitted(Permission.FRAMEWORK_EDIT)
    return version


def load_draft(
    session: Session, actor: Actor, version_id: int, event: str, day: date, expected_version: int | None
) -> FrameworkVersion:
    """A draft to be changed. Raises also StaleVersion, and TransitionNotAllowed for what is published or
    retired."""
    version = load_own_version(session, actor, version_id, day)
    check_version(version, expected_version)
    if version.state is not VersionState.DRAFT:
        raise TransitionNotAllowed("framework", version.state, event)
    return version


def check_version(version: FrameworkVersion, expected_version: int | None) -> None:
    """Raises StaleVersion when somebody changed it since the actor read version `expected_version`."""
    if expected_version is not None and version.version != expected_version:
        raise StaleVersion


def count_as_changed(version: FrameworkVersion) -> None:
    """Give it a new version although only its competencies change: two open forms cannot overwrite each
    other."""
    flag_modified(version, "state")
