"""What is wrong in a seed file, said so that whoever edits the file finds the place."""

from dataclasses import dataclass
from typing import Any

import pydantic

# The field that names an entry of a list, first found first.
NAMING_FIELDS = (
    "key",
    "code",
    "where",
    "number",
    "from",
    "expected",
    "personnel_type",
    "date",
    "competency",
    "family",
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: `file` within the seeds' folder, `entry` the names on the way to it, `field` in it."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.entry, self.field, self.message) if part)


class SeedError(Exception):
    """The seeds cannot be used; `problems` holds every problem found, the text one line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def problems_of(file: str, data: Any, error: pydantic.ValidationError) -> list[Problem]:
    """The schema's complaints about `data`, with entries named by their codes instead of their positions."""
    return [
        Problem(file, *_place(data, issue["loc"]), _in_one_line(issue["msg"]))
        for issue in error.errors(include_url=False, include_context=False)
    ]


def _place(data: Any, location: tuple[int | str, ...]) -> tuple[str, str]:
    """The entry's path and the field: ("competencies c3, levels 4", "title_th")."""
    entry: list[str] = []
    field = ""
    node = data
    for step in location:
        if isinstance(step, int) and isinstance(node, list) and step < len(node):
            node = node[step]
            entry.append(f"{field} {_name(node, step)}".strip())
            field = ""
        else:
            if field:
                entry.append(field)
            field = str(step)
            node = node.get(step) if isinstance(node, dict) else None
    if not field and entry:
        field = entry.pop()
    return ", ".join(entry), field


def _name(node: Any, index: int) -> str:
    if isinstance(node, dict):
        for field in NAMING_FIELDS:
            if isinstance(node.get(field), str | int):
                return str(node[field])
    return f"no. {index + 1}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
