"""Read the frameworks."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from idp.models import CompetencyFramework, FrameworkVersion
from idp.rules.errors import NotVisible
from idp.rules.terms import VersionState


def seen_by(organisation_id: int | None) -> ColumnElement[bool]:
    """The framework is of the library, or the organisation's own; no organisation sees another's. None: the
    library alone."""
    of_library = CompetencyFramework.organisation_id.is_(None)
    if organisation_id is None:
        return of_library
    return or_(of_library, CompetencyFramework.organisation_id == organisation_id)


def latest_version(
    session: Session, framework_code: str, organisation_id: int | None = None
) -> FrameworkVersion:
    """The latest published version of a framework that the organisation sees. Raises NotVisible when there is
    none."""
    version = session.scalar(
        select(FrameworkVersion)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            CompetencyFramework.code == framework_code,
            FrameworkVersion.state == VersionState.PUBLISHED,
            seen_by(organisation_id),
        )
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    )
    if version is None:
        raise NotVisible(framework_code)
    return version
