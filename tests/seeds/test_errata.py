"""Each correction stands where it says, and the text as first read does not."""

import pytest

from idp.services.seeding import SeedLibrary
from idp.services.seeding.references import text_at

COUNTS = {
    "single-core": 4,
    "civil-service-core": 49,
    "local-government": 168,
    "khlong-khwang-core": 31,
    "bangkok-core": 21,
}


@pytest.mark.parametrize("code", COUNTS)
def test_each_correction_is_in_the_text_at_its_place(library: SeedLibrary, code: str) -> None:
    corrections = library.errata[code].corrections
    assert len(corrections) == COUNTS[code]
    for correction in corrections:
        text = text_at(library.frameworks[code], correction.where)
        assert text is not None and correction.corrected in text, correction


@pytest.mark.parametrize("code", COUNTS)
def test_what_was_misread_is_gone_from_its_place(library: SeedLibrary, code: str) -> None:
    for correction in library.errata[code].corrections:
        if correction.read in correction.corrected:
            continue  # something was added inside: the reading is still part of the corrected text
        text = text_at(library.frameworks[code], correction.where)
        assert text is not None
        assert correction.read not in text.replace(correction.corrected, ""), correction


@pytest.mark.parametrize(
    ("where", "beginning"),
    [
        ("c1/name_th", "คุณธรรม"),
        ("c1/variants/name_th", "คุณธรรมจริยธรรม"),
        ("c1/L1/title_th", "ซื่อสัตย์"),
        ("c2/L6/b2", "ปฏิบัติตนเป็นที่ปรึกษา"),
        ("c9/name_th", None),
        ("c1/L6/title_th", None),
        ("c1/L1/b3", None),
        ("c1/L1/b0", None),
    ],
)
def test_a_place_is_found_or_there_is_none(library: SeedLibrary, where: str, beginning: str | None) -> None:
    text = text_at(library.frameworks["bangkok-core"], where)
    assert text is None if beginning is None else text is not None and text.startswith(beginning)
