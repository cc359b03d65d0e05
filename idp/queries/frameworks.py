"""Read the frameworks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import CompetencyFramework, FrameworkVersion
from idp.rules.errors import NotVisible
from idp.rules.terms import VersionState


def latest_version(session: Session, framework_code: str) -> FrameworkVersion:
    """The framework's latest published version. Raises NotVisible when there is none."""
    version = session.scalar(
        select(FrameworkVersion)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(CompetencyFramework.code == framework_code, FrameworkVersion.state == VersionState.PUBLISHED)
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    )
    if version is None:
        raise NotVisible(framework_code)
    return version
