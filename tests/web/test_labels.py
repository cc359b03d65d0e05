"""Every term of the rules has a Thai name; every state a colour of Bootstrap's."""

import inspect
import re
from enum import StrEnum

import pytest
from flask_babel import force_locale

from idp.rules import (
    bulk,
    catalogue,
    delegations,
    extensions,
    imports,
    looks,
    objections,
    organisations,
    staff_changes,
    terms,
)
from idp.web.labels import BACKWARD_EVENTS, COLOURS, NAMES, colour, label, label_of_event
from tests.factories.website import Website

ENUMS = [
    kind
    for module in (
        terms,
        bulk,
        catalogue,
        delegations,
        staff_changes,
        extensions,
        imports,
        looks,
        objections,
        organisations,
    )
    for _name, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, StrEnum) and kind.__module__ == module.__name__
]
MEMBERS = [member for kind in ENUMS for member in kind]
THAI = re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]")


def name_of(member: StrEnum) -> str:
    return f"{type(member).__name__}.{member.name}"


def test_every_enum_is_named_and_no_other() -> None:
    assert set(NAMES) == set(ENUMS)


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_member_of_an_enum_has_a_name_and_nothing_else_has(kind: type[StrEnum]) -> None:
    assert [member.name for member in NAMES[kind]] == [member.name for member in kind]


@pytest.mark.parametrize("member", MEMBERS, ids=name_of)
def test_a_name_is_thai_and_tidy(member: StrEnum, bare_app) -> None:  # type: ignore[no-untyped-def]
    with bare_app.test_request_context(), force_locale("th"):
        text = label(member)
    assert THAI.search(text), text
    assert text == " ".join(text.split())
    assert "\u0e4d\u0e32" not in text, "SARA AM is one letter"
    assert text not in {member.name, member.value}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ENUMS if kind.__name__.endswith(("State", "Event"))],
    ids=lambda kind: kind.__name__,
)
def test_two_states_or_events_of_one_workflow_have_different_names(kind: type[StrEnum], bare_app) -> None:  # type: ignore[no-untyped-def]
    with bare_app.test_request_context(), force_locale("th"):
        names = [label(member) for member in kind]
    assert len(set(names)) == len(names)


def test_a_colour_is_one_that_the_style_sheet_has(website: Website) -> None:
    with website.anonymous().get("/static/css/site.css") as response:
        css = response.text
    for shades in COLOURS.values():
        for shade in shades.values():
            assert f".state-{shade} " in css
    assert colour(terms.PlanState.CANCELLED) == "secondary"


def test_a_value_that_two_enums_share_keeps_both_names(bare_app) -> None:  # type: ignore[no-untyped-def]
    with bare_app.test_request_context():
        assert label(terms.CycleState.DRAFT) != label(terms.PlanState.DRAFT)


def test_an_event_of_a_notice_is_named_by_its_workflow(bare_app) -> None:  # type: ignore[no-untyped-def]
    with bare_app.test_request_context():
        assert label_of_event("plan:return") == label(terms.PlanEvent.RETURN)
        assert label_of_event("assessment:release") == label(terms.AssessmentEvent.RELEASE)
        assert label_of_event("something:else") == "something:else"


def test_events_drawn_as_second_choices_exist() -> None:
    assert all(event in set(kind) for kind, event in BACKWARD_EVENTS)
