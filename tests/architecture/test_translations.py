"""Every message stands in the code in Thai and beside it, complete, in English."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parents[2]
TRANSLATIONS = PROJECT / "idp" / "translations"
ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"

THAI = re.compile(r"[\u0E00-\u0E7F]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

MESSAGES_WITHOUT_THAI: frozenset[str] = frozenset()
"""Messages that are the same in both languages; each would be written here with its reason."""


def mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    """Where `make translations` looks: (pattern, method) in order, and the options of each pattern."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return methods, options


@cache
def extracted() -> Mapping[str | tuple[str, ...], str]:
    """The messages of the code and the templates, each with a place where it stands."""
    methods, options = mapping()
    found = extract_from_dir(PROJECT, methods, options, DEFAULT_KEYWORDS, strip_comment_tags=True)
    return {message: f"{path}:{line}" for path, line, message, _comments, _context in found}


@cache
def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> Iterator[Message]:
    """The entries of the English catalogue, without its header."""
    return (message for message in catalogue() if message.id)


def forms(texts: object) -> tuple[str, ...]:
    """The one text, or the texts of singular and plural."""
    return tuple(str(text) for text in texts) if isinstance(texts, list | tuple) else (str(texts),)


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def test_there_are_messages_in_code_and_templates() -> None:
    assert any(place.startswith("idp/") for place in extracted().values())
    assert any(place.startswith("templates/") for place in extracted().values())
    assert len(extracted()) > 800


def test_the_printed_forms_are_thai_in_every_language() -> None:
    assert [place for place in extracted().values() if place.startswith("templates/pdf/")] == []


def test_every_message_has_an_english_text() -> None:
    english = {message.id: forms(message.string) for message in messages()}
    lacking = [
        f"{place}: {message}"
        for message, place in extracted().items()
        if not all(english.get(message, ("",)))
    ]
    assert lacking == [], "run `make translations`, then write the English texts"


def test_a_message_that_counts_has_both_english_forms() -> None:
    counting = [message for message in messages() if message.pluralizable]
    assert counting
    for message in counting:
        assert len(forms(message.string)) == catalogue().num_plurals == 2, message.id


def test_no_english_text_is_left_over_or_guessed() -> None:
    known = set(extracted())
    assert [message.id for message in messages() if message.id not in known] == []
    assert list(catalogue().obsolete) == []
    assert [message.id for message in messages() if message.fuzzy] == []


def test_english_and_thai_have_the_same_places_to_fill() -> None:
    unlike = [
        (message.id, text)
        for message in messages()
        for text in forms(message.string)
        if placeholders(text) != placeholders(forms(message.id)[0])
    ]
    assert unlike == []


def test_an_english_text_can_be_filled() -> None:
    for message in messages():
        names = re.findall(r"%\((\w+)\)", forms(message.id)[0])
        if names:  # a message without places is never formatted by the code, a per cent sign stays one
            for text in forms(message.string):
                assert "%(" not in text % dict.fromkeys(names, "1"), text


def test_a_text_without_places_to_fill_has_no_per_cent_sign() -> None:
    # Templates format every message and code only those with values: a sign would read differently in each.
    plain = [text for m in messages() for text in (*forms(m.id), *forms(m.string)) if not placeholders(text)]
    assert [text for text in plain if "%" in text] == []


def test_english_texts_hold_no_thai() -> None:
    assert [t for message in messages() for t in forms(message.string) if THAI.search(t)] == []


def test_every_message_is_written_in_thai() -> None:
    foreign = {m for message in extracted() for m in forms(message) if not THAI.search(m)}
    assert foreign == MESSAGES_WITHOUT_THAI


@pytest.mark.parametrize(
    "american", ["behavior", "organiz", "color", "canceled", "enroll", "fulfill", "program "]
)
def test_english_is_british(american: str) -> None:
    texts = [text for message in messages() for text in forms(message.string)]
    assert [text for text in texts if american in text.lower()] == []


def test_english_begins_and_ends_without_stray_spaces() -> None:
    texts = [text for message in messages() for text in forms(message.string)]
    assert [text for text in texts if text != text.strip() or "  " in text] == []


def test_the_catalogue_names_no_place_in_the_files() -> None:
    """Line numbers would change it with every edit of a page."""
    assert "\n#: " not in ENGLISH.read_text(encoding="utf-8")


def test_thai_on_the_pages_stands_in_messages() -> None:
    """Thai beside the messages would stay Thai on an English page. Mails are Thai in every language."""
    bare = []
    for path in sorted((PROJECT / "templates").rglob("*.html")):
        if path.relative_to(PROJECT / "templates").parts[0] in {"pdf", "emails"}:
            continue
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"\bngettext\(\s*'[^']*',\s*'[^']*',", "", text)
        # The text alone: what is filtered before it is looked up is not found in the catalogue.
        text = re.sub(r"\b_\(\s*('[^']*'|\"[^\"]*\")\s*(?=[,)])", "", text)
        bare += [
            f"{path.relative_to(PROJECT)}: {line.strip()}" for line in text.splitlines() if THAI.search(line)
        ]
    # The name of a language is written in that language.
    assert bare == [line for line in bare if "ภาษาไทย" in line]


def test_the_mapping_reads_pages_as_the_application_does() -> None:
    """A tag that the extraction does not know is an error, not a page silently left out."""
    _methods, options = mapping()
    assert options["templates/**"]["silent"] == "false"
