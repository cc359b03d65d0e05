"""A workflow drawn from its table: one SVG for the page, boxes by distance from the start, arrows by rows.

The table of transitions beside it says the same in words; the drawing is for those who see it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from markupsafe import Markup, escape

from idp.rules.workflow import Workflow

BOX_WIDTH, BOX_HEIGHT, ROW, COLUMN, MARGIN = 330, 40, 74, 350, 20
SIDE_STEP = 14
"""How far apart the lines at the side run, in pixels of the drawing."""

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


@dataclass(frozen=True)
class _Box:
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + BOX_WIDTH // 2


def state_diagram(workflow: Workflow[State, Event], name_of: Callable[[StrEnum], str], title: str) -> Markup:
    """The states from the top down; a step to the next row is a straight arrow, others run at the side."""
    boxes = _boxes(_depths(workflow))
    width = max(box.x for box in boxes.values()) + BOX_WIDTH + MARGIN
    height = max(box.y for box in boxes.values()) + BOX_HEIGHT + MARGIN
    pairs = list(dict.fromkeys((row.source, row.target) for row in workflow.transitions))
    lines, side = [], 0
    for source, target in pairs:
        start, end = boxes[source], boxes[target]
        if end.y - start.y == ROW:
            lines.append(_straight(start, end))
        else:
            side += 1
            lines.append(_around(start, end, width + side * SIDE_STEP))
    width += (side + 1) * SIDE_STEP + MARGIN
    drawn = "".join(_drawn(box, name_of(state), workflow.is_final(state)) for state, box in boxes.items())
    return Markup(
        f'<svg class="diagram" role="img" viewBox="0 0 {width} {height}" aria-label="{escape(title)}">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" class="diagram-head"/></marker></defs>'
        f"{''.join(lines)}{drawn}</svg>"
    )


def _depths(workflow: Workflow[State, Event]) -> dict[State, int]:
    """The fewest steps from the start to each state."""
    depths = {workflow.initial: 0}
    queue = [workflow.initial]
    while queue:
        state = queue.pop(0)
        for row in workflow.transitions:
            if row.source is state and row.target not in depths:
                depths[row.target] = depths[state] + 1
                queue.append(row.target)
    return depths


def _boxes(depths: Mapping[State, int]) -> dict[State, _Box]:
    rows: dict[int, int] = {}
    boxes = {}
    for state, depth in depths.items():
        column = rows.get(depth, 0)
        rows[depth] = column + 1
        boxes[state] = _Box(MARGIN + column * COLUMN, MARGIN + depth * ROW)
    return boxes


def _straight(start: _Box, end: _Box) -> str:
    return (
        f'<path class="diagram-line" marker-end="url(#arrow)" '
        f'd="M{start.middle} {start.y + BOX_HEIGHT}L{end.middle} {end.y - 2}"/>'
    )


def _around(start: _Box, end: _Box, side: int) -> str:
    """Out at the right of one box, along the side, in at the right of the other."""
    out, back = start.y + BOX_HEIGHT * 2 // 3, end.y + BOX_HEIGHT // 3
    return (
        f'<path class="diagram-line diagram-side" marker-end="url(#arrow)" '
        f'd="M{start.x + BOX_WIDTH} {out}H{side}V{back}H{end.x + BOX_WIDTH + 2}"/>'
    )


def _drawn(box: _Box, text: str, is_final: bool) -> str:
    kind = "diagram-box diagram-final" if is_final else "diagram-box"
    words = escape(text)
    return (
        f'<rect class="{kind}" x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text class="diagram-text" x="{box.middle}" y="{box.y + 26}" text-anchor="middle">{words}</text>'
    )
