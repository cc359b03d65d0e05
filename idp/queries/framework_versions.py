"""The versions of an organisation's own dictionaries: their list, and what one of them was made from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Competency, CompetencyFramework, FrameworkVersion
from idp.queries.frameworks import seen_by
from idp.rules.errors import NotVisible
from idp.rules.terms import VersionState


@dataclass(frozen=True)
class OwnVersion:
    """One line of the office's list."""

    version_id: int
    code: str
    number: int
    state: VersionState
    name_th: str
    name_en: str
    competencies: int
    published_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True)
class Origin:
    """The version that another was made from."""

    version_id: int
    code: str
    number: int
    name_th: str
    name_en: str
    is_own: bool


def own_versions(session: Session, organisation_id: int) -> tuple[OwnVersion, ...]:
    """Every version of the organisation's own frameworks but discarded ones: by code, the newest first."""
    rows = session.execute(
        select(
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.number,
            FrameworkVersion.state,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            select(func.count())
            .where(Competency.framework_version_id == FrameworkVersion.id)
            .scalar_subquery(),
            FrameworkVersion.published_at,
            FrameworkVersion.retired_at,
        )
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(CompetencyFramework.organisation_id == organisation_id, FrameworkVersion.number > 0)
        .order_by(CompetencyFramework.code, FrameworkVersion.number.desc())
    )
    return tuple(OwnVersion(*row) for row in rows)


def visible_version(session: Session, organisation_id: int | None, version_id: int) -> FrameworkVersion:
    """A version of the library or of the organisation itself, drafts of its own included; never a discarded
    one. Raises NotVisible."""
    version = session.scalar(
        select(FrameworkVersion)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            FrameworkVersion.id == version_id,
            FrameworkVersion.number > 0,
            seen_by(organisation_id),
        )
    )
    if version is None:
        raise NotVisible(version_id)
    is_of_library = version.framework.organisation_id is None
    if is_of_library and version.state is VersionState.DRAFT:
        raise NotVisible(version_id)
    return version


def origin_of(session: Session, version: FrameworkVersion) -> Origin | None:
    """What the version was made from: what it was copied from, else the published one before it in the same
    framework; None for a first one."""
    before = (
        select(FrameworkVersion.id)
        .where(
            FrameworkVersion.framework_id == version.framework_id,
            FrameworkVersion.number < version.number,
            FrameworkVersion.number > 0,
            FrameworkVersion.state != VersionState.DRAFT,
        )
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    )
    base_id = version.based_on_version_id or session.scalar(before)
    if base_id is None:
        return None
    base = session.get_one(FrameworkVersion, base_id)
    return Origin(
        version_id=base.id,
        code=base.framework.code,
        number=base.number,
        name_th=base.name_th,
        name_en=base.name_en,
        is_own=base.framework.organisation_id is not None,
    )
