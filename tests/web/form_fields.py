"""The forms of a page as a browser has them: their fields, what they send, which are marked as wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"text", "search", "email", "tel", "number", "date", "password", "textarea"})
CHOSEN = frozenset({"checkbox", "radio"})
BUTTONS = frozenset({"submit", "button", "image", "reset"})


@dataclass
class Control:
    """One input, area, select or named button. `options`: of a select; `kind`: the type of an input or the
    tag; `is_marked`: it, or the group around it, is drawn as wrong and tied to the text that says why."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_required: bool = False
    is_checked: bool = False
    described_by: tuple[str, ...] = ()
    is_numeric: bool = False
    is_marked: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class Form:
    """`action`: empty for the page's own address."""

    action: str
    method: str
    name: str = ""
    controls: list[Control] = field(default_factory=list)

    def named(self, name: str) -> list[Control]:
        return [each for each in self.controls if each.name == name]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(each.name for each in self.controls if each.kind != "button"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.elsewhere: list[tuple[str, Control]] = []
        self.ids: set[str] = set()
        self._form: Form | None = None
        self._control: Control | None = None
        self._groups: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self._form.name = given.get("data-autosave", "")
            self.forms.append(self._form)
            self.by_id[given.get("id", "")] = self._form
        elif tag == "fieldset":
            self._groups.append("aria-invalid" in given or self._describes(given))
        elif tag == "option" and self._control is not None:
            self._control.options.append(given.get("value", ""))
            if "selected" in given:
                self._control.value, self._control.is_checked = given.get("value", ""), True
        elif tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self._add(tag, given)

    def _describes(self, given: dict[str, str]) -> bool:
        return any(each.startswith("error-") for each in given.get("aria-describedby", "").split())

    def _add(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        control = Control(given["name"], "button" if kind in BUTTONS else kind, given.get("value", ""))
        if kind in CHOSEN and "value" not in given:
            control.value = "on"
        control.is_required, control.is_checked = "required" in given, "checked" in given
        control.described_by = tuple(given.get("aria-describedby", "").split())
        control.is_numeric = given.get("inputmode") in {"numeric", "decimal"} or kind == "number"
        control.is_marked = (given.get("aria-invalid") == "true" and self._describes(given)) or any(
            self._groups
        )
        if tag in {"textarea", "select"}:
            self._control = control
        if "form" in given:
            self.elsewhere.append((given["form"], control))
        elif self._form is not None:
            self._form.controls.append(control)

    def handle_data(self, data: str) -> None:
        if self._control is not None and self._control.kind == "textarea":
            self._control.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "fieldset" and self._groups:
            self._groups.pop()
        elif tag in {"textarea", "select"}:
            self._control = None


def forms_of(page: str) -> list[Form]:
    """Every form of the page with its controls, those included that stand outside it."""
    reader = _Reader()
    reader.feed(page)
    for form_id, control in reader.elsewhere:
        if form_id in reader.by_id:
            reader.by_id[form_id].controls.append(control)
    for form in reader.forms:
        for control in form.controls:
            control.is_marked = control.is_marked and all(
                each in reader.ids for each in control.described_by if each.startswith("error-")
            )
            if control.kind == "textarea":
                control.value = control.value.removeprefix("\n")
    return reader.forms


def filled(form: Form) -> Iterator[tuple[str, str]]:
    """What a browser sends of the form, each required field filled with something that may well do."""
    buttons = [each for each in form.controls if each.kind == "button"]
    yield from ((each.name, each.value) for each in buttons[:1])
    radios: set[str] = set()
    for each in form.controls:
        if each.kind == "radio":
            group = form.named(each.name)
            if each.name not in radios:
                radios.add(each.name)
                yield each.name, next((one.value for one in group if one.is_checked), group[0].value)
        elif each.kind == "checkbox":
            if each.is_checked or each.is_required:
                yield each.name, each.value
        elif each.kind == "select":
            yield each.name, _chosen(each)
        elif each.kind not in {"button", "file"}:
            yield each.name, each.value or _plausible(each)


def _chosen(select: Control) -> str:
    if select.is_checked or not select.options:
        return select.value
    first = select.options[0]
    return next((each for each in select.options if each), first) if select.is_required else first


def is_day(control: Control) -> bool:
    return control.name.endswith(("_on", "-opens_on", "-due_on")) and control.is_typed


def _plausible(control: Control) -> str:
    if not control.is_typed or (not control.is_required and control.kind != "textarea"):
        return ""
    if is_day(control):
        return "1/12/2568"
    if control.is_numeric:
        return "3"
    if control.kind == "password":
        return "a password of the cast"
    return f"ข้อความที่พิมพ์ไว้ในช่อง {control.name}"
