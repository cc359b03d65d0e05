"""The methods of scoring: one file a method, its one class, its names, its words, its hand calculations.

To add one, add its file: the file's name is the method's key. It is found when the application starts; the
settings, the scores, the forms, the pages and the help take it from here, and the tests hold it to its own
vectors. A file that is not whole stops the application from starting.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from idp.rules.scoring.parts import PARAMETERS, Method

LONGEST_KEY = 40
"""Characters: the key is kept with every assessment."""


class BrokenMethod(Exception):
    """The file of a method lacks something; the text says which file and what."""


class UnknownMethod(ValueError):
    """No method has this key."""

    def __init__(self, key: str, known: Iterator[str]) -> None:
        super().__init__(f"there is no scoring method {key!r}, only {', '.join(known)}")
        self.key = key


def discover() -> dict[str, Method]:
    """Every method of this package by its key, in the order that people are shown them.

    Raises BrokenMethod.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [_method_of(importlib.import_module(f"{__name__}.{name}"), name) for name in names]
    return {method.key: method for method in sorted(found, key=lambda each: (each.place, each.key))}


def _method_of(module: ModuleType, name: str) -> Method:
    """The one class of the file that is a method."""
    classes = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__ and hasattr(each, "score")
    ]
    if len(classes) != 1:
        raise BrokenMethod(f"methods/{name}.py: one class with `score` is expected, not {len(classes)}")
    method: Method = classes[0]()
    for problem in _problems(method, name):
        raise BrokenMethod(f"methods/{name}.py: {problem}")
    return method


def _problems(method: Method, name: str) -> Iterator[str]:
    lacking = [each for each in Method.__annotations__ if not hasattr(method, each)]
    if lacking or not hasattr(method, "words"):
        yield f"{', '.join(lacking) or 'words'} is missing"
        return
    if method.key != name or len(name) > LONGEST_KEY:
        yield f"the key {method.key!r} is not the file's name, or longer than {LONGEST_KEY} letters"
    if not method.name_th.strip() or not method.name_en.strip():
        yield "a name is missing"
    if not method.vectors:
        yield "a hand calculation is missing"
    if not method.parameters_used <= PARAMETERS:
        yield f"there are no parameters {sorted(method.parameters_used - PARAMETERS)}"


_FOUND = discover()

METHODS: Mapping[str, Method] = MappingProxyType(_FOUND)
"""Every method by its key."""


def method_of(key: str) -> Method:
    """The method of that key. Raises UnknownMethod."""
    try:
        return METHODS[key]
    except (KeyError, TypeError):
        raise UnknownMethod(key, iter(METHODS)) from None
