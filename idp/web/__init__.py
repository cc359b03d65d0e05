"""The pages: one blueprint a feature, each in the module of its name.

A module of this package that has a `blueprint` is a feature: the application finds it, so that adding one
needs no line elsewhere. A route that is neither `guarded` nor `public` stops the application from starting.
"""

import importlib
import pkgutil
from collections.abc import Iterator

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    """Every feature's blueprint, in the order of the modules' names."""
    for module in pkgutil.iter_modules(__path__):
        if not module.ispkg:
            found = getattr(importlib.import_module(f"{__name__}.{module.name}"), "blueprint", None)
            if isinstance(found, Blueprint):
                yield found
