"""What is typed into a field: cleaned, or refused with its reason."""

import pytest

from idp.rules.errors import InvalidInput
from idp.rules.texts import EMAIL_LENGTH, checked_email, checked_text, required_text


@pytest.mark.parametrize(
    ("typed", "kept"), [("  ก ข  ", "ก ข"), ("ก\r\nข", "ก\nข"), ("", ""), ("ก" * 10, "ก" * 10)]
)
def test_a_text_is_kept_without_space_around_it(typed: str, kept: str) -> None:
    assert checked_text("note", typed, 10) == kept


@pytest.mark.parametrize(("typed", "code"), [("ก" * 11, "too_long"), ("ก\x00", "not_text")])
def test_a_text_that_cannot_be_kept_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_text("note", typed, 10)
    assert (refused.value.field, refused.value.code) == ("note", code)


def test_a_required_text_is_more_than_space() -> None:
    with pytest.raises(InvalidInput) as refused:
        required_text("note", " \n ")
    assert refused.value.code == "missing"


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), (" a.b@c.go.th ", "a.b@c.go.th"), ("ก@ข.ไทย", "ก@ข.ไทย")]
)
def test_an_address_is_kept_without_space_around_it(typed: str, kept: str) -> None:
    assert checked_email("email", typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [(text, "not_an_email") for text in ("a", "a@b", "a b@c.th", "a@b.c\x00", "a@b.th,c@d.th", "a\n@b.th")]
    + [("a@" + "x" * EMAIL_LENGTH + ".th", "too_long")],
)
def test_what_is_no_address_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_email("email", typed)
    assert (refused.value.field, refused.value.code) == ("email", code)
