"""A workflow drawn from its table: the states from the top down, arrows for the steps between them.

The table of transitions beside it says the same in words; the drawing is for those who see it.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

from markupsafe import Markup, escape

from idp.rules.workflow import Workflow

BOX_WIDTH, BOX_HEIGHT, ROW, MARGIN = 340, 40, 66, 10
LANE = 16
"""How far apart the lines at the sides run, in pixels of the drawing."""

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


def state_diagram(workflow: Workflow[State, Event], name_of: Callable[[StrEnum], str], title: str) -> Markup:
    """One SVG. Steps to the next state run straight down, those further on at the right, those back at the
    left; lines to one state share a lane. The two sides have colours and strokes of their own.
    """
    states = [state for state in type(workflow.initial) if state in workflow.states]
    place = {state: number for number, state in enumerate(states)}
    steps = list(dict.fromkeys((place[row.source], place[row.target]) for row in workflow.transitions))
    onward = sorted({target for source, target in steps if target > source + 1}, reverse=True)
    back = sorted({target for source, target in steps if target < source})
    left = MARGIN + (len(back) + 1) * LANE
    width = left + BOX_WIDTH + (len(onward) + 1) * LANE + MARGIN
    height = MARGIN * 2 + (len(states) - 1) * ROW + BOX_HEIGHT
    lines = []
    for source, target in steps:
        if target == source + 1:
            lines.append(_down(left, source))
        elif target > source:
            lane = left + BOX_WIDTH + (len(onward) - onward.index(target)) * LANE
            lines.append(_aside("diagram-on", left + BOX_WIDTH, lane, source, target))
        else:
            lane = left - (len(back) - back.index(target)) * LANE
            lines.append(_aside("diagram-back", left, lane, source, target))
    boxes = [_box(left, place[state], name_of(state), workflow.is_final(state)) for state in states]
    return _svg(width, height, title, [*lines, *boxes])


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> Markup:
    return Markup(
        f'<svg class="diagram" role="img" viewBox="0 0 {width} {height}" aria-label="{escape(title)}">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0L8 4L0 8z" class="diagram-head"/></marker></defs>'
        f"{''.join(parts)}</svg>"
    )


def _top(place: int) -> int:
    return MARGIN + place * ROW


def _down(left: int, place: int) -> str:
    middle = left + BOX_WIDTH // 2
    return _line("diagram-line", f"M{middle} {_top(place) + BOX_HEIGHT}V{_top(place + 1) - 1}")


def _aside(kind: str, edge: int, lane: int, source: int, target: int) -> str:
    """Out of the lower half of one box, along the lane, into the upper half of the other."""
    out, end = _top(source) + BOX_HEIGHT * 2 // 3, _top(target) + BOX_HEIGHT // 3
    return _line(f"diagram-line {kind}", f"M{edge} {out}H{lane}V{end}H{edge}")


def _line(kind: str, path: str) -> str:
    return f'<path class="{kind}" marker-end="url(#arrow)" d="{path}"/>'


def _box(left: int, place: int, text: str, is_final: bool) -> str:
    kind = "diagram-box diagram-final" if is_final else "diagram-box"
    y, middle, words = _top(place), left + BOX_WIDTH // 2, escape(text)
    return (
        f'<rect class="{kind}" x="{left}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text class="diagram-text" x="{middle}" y="{y + 26}" text-anchor="middle">{words}</text>'
    )
