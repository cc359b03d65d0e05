"""Copy the whole content of one version into another: one statement for each of the three tables."""

from sqlalchemy import and_, delete, insert, literal, select
from sqlalchemy.orm import Session, aliased

from idp.models import BehaviouralIndicator, Competency, ProficiencyLevel

OF_COMPETENCY = (
    "sort_order",
    "code",
    "code_is_official",
    "category",
    "name_th",
    "name_en",
    "definition_th",
    "source_marks",
)
OF_LEVEL = ("number", "title_th", "cumulative", "source_marks")
OF_INDICATOR = ("sort_order", "text_th", "source_marks")


def copy_content(session: Session, from_version_id: int, to_version_id: int) -> None:
    """Competencies, levels and indicators with everything that they say; `to_version_id` holds none yet."""
    session.execute(
        insert(Competency).from_select(
            ["framework_version_id", *OF_COMPETENCY],
            select(literal(to_version_id), *(getattr(Competency, name) for name in OF_COMPETENCY)).where(
                Competency.framework_version_id == from_version_id
            ),
        )
    )
    old, new = aliased(Competency), aliased(Competency)
    copied = and_(
        old.framework_version_id == from_version_id,
        new.framework_version_id == to_version_id,
        new.code == old.code,
    )
    session.execute(
        insert(ProficiencyLevel).from_select(
            ["competency_id", *OF_LEVEL],
            select(new.id, *(getattr(ProficiencyLevel, name) for name in OF_LEVEL))
            .join(old, old.id == ProficiencyLevel.competency_id)
            .join(new, copied),
        )
    )
    old_level, new_level = aliased(ProficiencyLevel), aliased(ProficiencyLevel)
    session.execute(
        insert(BehaviouralIndicator).from_select(
            ["level_id", *OF_INDICATOR],
            select(new_level.id, *(getattr(BehaviouralIndicator, name) for name in OF_INDICATOR))
            .join(old_level, old_level.id == BehaviouralIndicator.level_id)
            .join(old, old.id == old_level.competency_id)
            .join(new, copied)
            .join(new_level, and_(new_level.competency_id == new.id, new_level.number == old_level.number)),
        )
    )


def remove_content(session: Session, version_id: int) -> None:
    """Take everything out of a version that nothing refers to."""
    competencies = select(Competency.id).where(Competency.framework_version_id == version_id)
    for competency_id in session.scalars(competencies).all():
        remove_ladder(session, competency_id)
    session.execute(delete(Competency).where(Competency.framework_version_id == version_id))


def remove_ladder(session: Session, competency_id: int) -> None:
    """Take the levels and indicators of one competency out."""
    levels = select(ProficiencyLevel.id).where(ProficiencyLevel.competency_id == competency_id)
    session.execute(
        delete(BehaviouralIndicator)
        .where(BehaviouralIndicator.level_id.in_(levels))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(ProficiencyLevel)
        .where(ProficiencyLevel.competency_id == competency_id)
        .execution_options(synchronize_session=False)
    )
