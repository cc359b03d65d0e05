"""The pages: one blueprint a feature, each in the module of its name.

A module of this package that has a `blueprint` is a feature: the application finds it, so that adding one
needs no line elsewhere. A route that is neither `guarded` nor `public` stops the application from starting.
"""

import importlib
import pkgutil
from collections.abc import Iterator

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    """Every feature's blueprint once, by the modules' names.

    All modules are imported first: a large feature spreads its routes over several.
    """
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
        if not module.ispkg
    ]
    found = (getattr(module, "blueprint", None) for module in modules)
    yield from dict.fromkeys(each for each in found if isinstance(each, Blueprint))
