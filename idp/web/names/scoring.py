"""Names of the scoring methods, which their own files give, and the words of bands as intervals."""

from flask_babel import gettext as _

from idp.rules.scoring import METHODS, BandRange, Words, printed
from idp.web.formats import digits
from idp.web.language import in_thai, name_of


def method_name(key: str) -> str:
    """The method's name in the reader's language; the key itself where its file is gone."""
    method = METHODS.get(key)
    return key if method is None else digits(name_of(method.name_th, method.name_en))


def in_words(words: Words) -> list[str]:
    """The sentences in the reader's language."""
    return [digits(line) for line in (words.thai if in_thai() else words.english)]


def range_text(band: BandRange) -> str:
    """ "80.00 ขึ้นไป แต่ไม่ถึง 90.00": half-open, as the band is taken."""
    least = digits(printed(band.at_least))
    if band.below is None:
        return str(_("%(least)s ขึ้นไป", least=least))
    below = digits(printed(band.below))
    if band.at_least == 0:
        return str(_("ไม่ถึง %(below)s", below=below))
    return str(_("%(least)s ขึ้นไป แต่ไม่ถึง %(below)s", least=least, below=below))
