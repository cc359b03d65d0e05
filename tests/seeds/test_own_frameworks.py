"""Every dictionary of the library can become an organisation's own: the copy publishes as it stands, says the
same word for word, and keeps every development action."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Competency, DevelopmentAction, FrameworkVersion, ProficiencyLevel
from idp.queries.framework_contents import contents_of
from idp.queries.framework_library import list_frameworks
from idp.rules.framework_content import content_problems
from idp.rules.framework_differences import framework_difference
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import Role, VersionState
from idp.services.catalogue.drafts import adapt_action, begin_next_version
from idp.services.catalogue.publishing import publish_action
from idp.services.framework_drafts import FrameworkFields, create_framework
from idp.services.framework_publishing import publish_version
from idp.services.seeding import SeedLibrary, load_seeds
from idp.services.staff import create_organisation, create_person, grant_role

NOW = datetime(2025, 10, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def office(empty_session: Session, library: SeedLibrary) -> Actor:
    """The personnel officer of an organisation, with the library loaded."""
    session = empty_session
    load_seeds(session, library, NOW)
    organisation = create_organisation(
        session, SYSTEM, code="khlong", name_th="เทศบาล", name_en="", family="local-government", now=NOW
    )
    person = create_person(session, title_th="นาง", first_name="มาลี", last_name="ศรีสุข", email=None, now=NOW)
    grant_role(
        session, SYSTEM, organisation.id, person.id, Role.HR_OFFICER, from_on=date(2025, 1, 1), now=NOW
    )
    return Actor(person.id, organisation.id, "test")


def actions(session: Session, version_id: int) -> int:
    return session.scalars(
        select(func.count())
        .select_from(DevelopmentAction)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(
            Competency.framework_version_id == version_id, DevelopmentAction.state == VersionState.PUBLISHED
        )
    ).one()


def test_all_competencies_of_the_library_derive_and_publish_unchanged(
    empty_session: Session, office: Actor
) -> None:
    session, copied = empty_session, 0
    sources = list_frameworks(session)
    assert len(sources) == 5
    for number, source in enumerate(sources):
        fields = FrameworkFields(source.name_th, source.name_en)
        version = create_framework(session, office, f"own-{number}", fields, NOW, source.version_id)
        carried = publish_version(session, office, version.id, NOW)
        contents = contents_of(session, [source.version_id, version.id])
        before, after = ([each.content for each in contents[which]] for which in contents)
        assert framework_difference(before, after).is_empty and before == after
        assert not content_problems(after)
        assert carried.left_behind == 0
        assert actions(session, version.id) == actions(session, source.version_id) == len(carried.actions)
        copied += len(after)
    assert copied == 42
    own = list_frameworks(session, office.organisation_id)
    assert [each.code for each in own[:5]] == [f"khlong.own-{number}" for number in range(5)]


def test_loading_the_seeds_again_leaves_an_organisations_own_alone(
    empty_session: Session, library: SeedLibrary, office: Actor
) -> None:
    session = empty_session
    source = list_frameworks(session)[0]
    version = create_framework(session, office, "own", FrameworkFields("ของเรา"), NOW, source.version_id)
    publish_version(session, office, version.id, NOW)
    before = actions(session, version.id)
    load_seeds(session, library, NOW)
    assert actions(session, version.id) == before > 0
    assert session.scalars(select(func.count()).select_from(FrameworkVersion)).one() == 6


def test_loading_the_seeds_again_leaves_an_organisations_own_actions_alone(
    empty_session: Session, library: SeedLibrary, office: Actor
) -> None:
    session = empty_session
    source = session.scalars(select(DevelopmentAction).order_by(DevelopmentAction.id)).first()
    assert source is not None
    adapted = adapt_action(session, office, source.id, NOW)
    publish_action(session, office, adapted.id, NOW)
    draft = begin_next_version(session, office, adapted.id, NOW)
    report = load_seeds(session, library, NOW)
    assert not report.changed
    session.expire_all()
    assert (adapted.state, draft.state) == (VersionState.PUBLISHED, VersionState.DRAFT)
    assert source.state is VersionState.PUBLISHED
