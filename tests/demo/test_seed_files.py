"""The demonstration's seeds are of one piece with the library, and long enough to be varied."""

from collections import Counter

import pytest

from idp.demo.posts import posts_of
from idp.demo.seeds import DemoSeeds, OrganisationSeed, read_demo_seeds
from idp.rules.settings import rules_from_json
from idp.rules.terms import PhaseKind, Role
from idp.services.seeding import SeedLibrary, read_seeds

ORGANISATIONS = read_demo_seeds().plan.organisations
each_organisation = pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.code)


@pytest.fixture(scope="module")
def library() -> SeedLibrary:
    return read_seeds()


def test_there_is_one_organisation_for_each_framework(library: SeedLibrary) -> None:
    assert Counter(each.framework for each in ORGANISATIONS) == Counter(library.frameworks.keys())


def test_they_have_about_12_45_60_120_and_180_people() -> None:
    assert [each.people for each in ORGANISATIONS] == [12, 45, 60, 120, 180]
    assert [len(posts_of(each)) for each in ORGANISATIONS] == [12, 45, 60, 120, 180]


@each_organisation
def test_every_name_says_that_it_is_a_demonstration(organisation: OrganisationSeed) -> None:
    assert organisation.name_th.endswith("(สาธิต)")
    assert organisation.name_en.endswith("(demonstration)")


@each_organisation
def test_every_line_of_work_and_level_exists_in_the_family(
    organisation: OrganisationSeed, library: SeedLibrary
) -> None:
    types = {kind.code: kind for kind in library.positions.position_types}
    levels = {level.code for kind in library.positions.position_types for level in kind.levels}
    lines = {line.code: line for line in library.profiles.lines_of_work}
    for post in posts_of(organisation):
        line, kind = lines[post.line], types[post.level_type]
        assert post.level in levels
        assert organisation.family in line.families
        assert organisation.family in kind.families
        assert post.level_type in line.position_types, (post.line, post.level)
        assert post.personnel_type == kind.personnel_type


@each_organisation
def test_every_organisation_has_three_layers_above_its_staff_or_the_appraiser(
    organisation: OrganisationSeed,
) -> None:
    posts = posts_of(organisation)
    head = posts[0]
    assert head.is_head and head.boss is None, "the appraiser from outside rates the head alone"
    assert all(post.boss is not None for post in posts[1:])
    layers = {0: 0}
    for post in posts[1:]:
        assert post.boss is not None
        layers[post.index] = layers[post.boss] + 1
    assert max(layers.values()) >= 2


@each_organisation
def test_every_organisation_has_its_offices_filled(organisation: OrganisationSeed) -> None:
    roles = Counter(post.role for post in posts_of(organisation) if post.role)
    roles.update(each.role for each in organisation.outsiders if each.role)
    assert roles[Role.HR_OFFICER] >= 2, "an HR officer does not decide on their own record"
    assert roles[Role.EXECUTIVE] == roles[Role.AUDITOR] == roles[Role.MODERATOR] == 1


@each_organisation
def test_settings_name_existing_frameworks_with_that_category(
    organisation: OrganisationSeed, library: SeedLibrary
) -> None:
    used = [use for dated in organisation.settings for use in rules_from_json(dated.as_values()).frameworks]
    assert organisation.framework in {use.code for use in used}
    for use in used:
        categories = {competency.category for competency in library.frameworks[use.code].competencies}
        assert use.category in categories


def test_the_organisations_settings_differ() -> None:
    rules = [rules_from_json(each.settings[0].as_values()) for each in ORGANISATIONS]
    assert sum(each.thai_digits for each in rules) == 2
    assert len({each.pass_rule for each in rules}) == 3
    assert len({method for each in rules for method in {rule.method for rule in each.scoring.values()}}) == 3
    assert any(each.second_level_checks_plan for each in rules)
    assert any(each.hr_checks_plan for each in rules)


def test_every_phase_of_both_cycles_has_its_dates(seeds: DemoSeeds) -> None:
    for cycle in (seeds.plan.cycles.closed, seeds.plan.cycles.current):
        assert set(cycle.phases) == set(PhaseKind)


def test_names_are_many_and_none_stands_twice(seeds: DemoSeeds) -> None:
    names = seeds.names
    for least, given in ((120, names.male), (120, names.female), (200, names.surnames)):
        assert len(given) >= least
        assert len(set(given)) == len(given)
    assert not set(names.male) & set(names.female)


def test_texts_are_varied(seeds: DemoSeeds) -> None:
    short = {"cancel_plan", "witness_positions", "free_lines", "agreement", "corrected_level"}
    short |= {"more_time", "reopening", "amendment", "reconsider"}
    short |= {"objection", "objection_statement", "objection_dismissed", "objection_upheld"}
    for name, texts in seeds.texts.model_dump().items():
        assert len({str(text) for text in texts}) == len(texts)
        assert len(texts) >= (3 if name in short else 12), name
