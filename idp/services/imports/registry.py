"""Every kind of file there is: the classes found in the modules of `kinds`."""

import pkgutil
from functools import cache
from importlib import import_module

from idp.rules.errors import NotVisible
from idp.services.imports import kinds
from idp.services.imports.kind import ImportKind


@cache
def all_kinds() -> tuple[ImportKind, ...]:
    """One of each, by their keys. Raises RuntimeError where two have the same."""
    for module in pkgutil.iter_modules(kinds.__path__):
        import_module(f"{kinds.__name__}.{module.name}")
    found = {}
    for kind in ImportKind.__subclasses__():
        if not kind.__module__.startswith(kinds.__name__):
            continue
        if kind.key in found:
            raise RuntimeError(f"two kinds of import are named {kind.key!r}")
        found[kind.key] = kind()
    return tuple(found[key] for key in sorted(found))


def kind_of(key: str) -> ImportKind:
    """Raises NotVisible where there is none."""
    for kind in all_kinds():
        if kind.key == key:
            return kind
    raise NotVisible
