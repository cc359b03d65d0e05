"""Every refusal of a value has its own words for the reader."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from idp.web.messages import MESSAGES

PROJECT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def refusals() -> Iterator[tuple[str, str, set[str]]]:
    """(place, code, names of the values given) of each InvalidInput raised with a literal code."""
    for path in sorted((PROJECT / "idp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidInput":
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    place = f"{path.relative_to(PROJECT)}:{node.lineno}"
                    yield place, str(code.value), {str(keyword.arg) for keyword in node.keywords}


def test_every_code_of_a_refused_value_has_a_message_that_its_values_fill() -> None:
    wordless = []
    for place, code, values in refusals():
        text = MESSAGES.get(code)
        if text is None:
            wordless.append(f"{place}: no message for {code!r}")
        elif missing := set(PLACEHOLDER.findall(str(text))) - values:
            wordless.append(f"{place}: the message for {code!r} needs {', '.join(sorted(missing))}")
    assert wordless == []


def test_there_are_refusals_to_look_at() -> None:
    assert len(list(refusals())) > 20
