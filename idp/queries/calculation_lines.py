"""The calculation of a result in the words of the printed form, to be checked by hand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from idp.queries import form_words as words
from idp.rules.scoring import BandRange, printed, read_calculation


def calculation_lines(stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The kept calculation line by line, in Arabic digits; nothing where there is no score."""
    kept = read_calculation(stored)
    if kept is None:
        return ()
    lines = [words.LEVELS_BY_DAYS.format(each.order, each.label, each.formula) for each in kept.by_days]
    lines += [words.ITEM_CALCULATION.format(each.order, each.label, each.formula) for each in kept.items]
    lines.append(words.COMPETENCY_CALCULATION.format(kept.formula))
    if kept.overall is None:
        lines.append(words.NO_TOTAL)
    else:
        lines.append(words.TOTAL_CALCULATION.format(kept.overall))
        if kept.band:
            name = words.BANDS.get(kept.band.code, kept.band.code)
            lines.append(words.BAND_CALCULATION.format(kept.total, range_text(kept.band), name))
    if kept.surplus_hides_gap:
        lines.append(words.SURPLUS_HIDES_GAP)
    return tuple(lines)


def range_text(band: BandRange) -> str:
    """ "80.00 ขึ้นไป แต่ไม่ถึง 90.00": half-open, as the band is taken."""
    least = printed(Decimal(band.at_least))
    if band.below is None:
        return words.FROM_ON.format(least)
    below = printed(Decimal(band.below))
    return words.BELOW.format(below) if band.at_least == 0 else words.FROM_TO.format(least, below)
