"""Every route names its permission here, and the one permission table answers.

`guarded` asks for a log-in, and for permissions that belong to the organisation as a whole it asks the
table at once. Permissions on one record (an assessment, a plan) are asked when the record is loaded
(`services.access`), because only then it is known what the reader is to it; for a form that is sent, before
anything of it is read.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import Unauthorized

from idp.database import db
from idp.queries.relations import standing_in_organisation
from idp.rules.errors import NotPermitted
from idp.rules.permissions import allowed, relations_with
from idp.rules.relations import Actor, Standing
from idp.rules.terms import Permission, Relation
from idp.services.access import load_assessment, load_plan
from idp.services.web_sessions import SignedIn
from idp.web import clock
from idp.web.session import signed_in

P = ParamSpec("P")
R = TypeVar("R")

OF_ONE_RECORD = frozenset(
    {Relation.OWNER, Relation.SUPERVISOR, Relation.SECOND_LEVEL, Relation.FORMER_SUPERVISOR}
)
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})
"""Files for everybody, served by Flask and Bootstrap-Flask themselves."""


def guarded(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view needs a log-in and `permission`. Goes below the route's decorator.

    Raises Unauthorized (the log-in page follows) and NotPermitted (403).
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded_view(*args: P.args, **kwargs: P.kwargs) -> R:
            current_user()
            if is_of_the_organisation(permission) and not allowed(permission, current_standing().relations):
                raise NotPermitted(permission)
            if request.method == "POST":
                _check_record(permission, kwargs)
            return view(*args, **kwargs)

        guarded_view.permission = permission  # type: ignore[attr-defined]
        return guarded_view

    return mark


def _check_record(permission: Permission, numbers: Mapping[str, object]) -> None:
    """Before a form about an assessment or a plan is read at all: what is wrong with it is no news for who
    may not send it, however little it holds. Raises NotVisible and NotPermitted."""
    if is_of_the_organisation(permission):
        return
    for name, load in (("assessment_id", load_assessment), ("plan_id", load_plan)):
        number = numbers.get(name)
        if isinstance(number, int):
            load(db.session(), current_actor(), number, permission, clock.today())


def public(view: Callable[P, R]) -> Callable[P, R]:
    """The view is for everybody, signed in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The permission that a view names, None for a public one."""
    return getattr(view, "permission", None)


def is_of_the_organisation(permission: Permission) -> bool:
    """Whether the permission is about the organisation as a whole, not about one record with an owner."""
    return not relations_with(permission) & OF_ONE_RECORD


def current_user() -> SignedIn:
    """Who is signed in. Raises Unauthorized."""
    user = signed_in()
    if user is None:
        raise Unauthorized
    return user


def current_actor() -> Actor:
    """Who acts in this request, in which organisation, from where. Raises Unauthorized."""
    user = current_user()
    return Actor(user.person_id, user.organisation_id, request.remote_addr or "")


def current_standing() -> Standing:
    """What the person signed in is to the organisation they chose; asked once a request."""
    if "standing" not in g:
        g.standing = standing_in_organisation(
            db.session(), current_actor(), current_user().organisation_id, clock.today()
        )
    standing: Standing = g.standing
    return standing


def may(permission: Permission) -> bool:
    """Whether to show a link: the person signed in has the permission of the organisation as a whole."""
    return signed_in() is not None and allowed(permission, current_standing().relations)


def refuse_unguarded(app: Flask) -> None:
    """Raises RuntimeError naming each route that is neither guarded nor public, and stops the start."""
    bare = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in STATIC_ENDPOINTS
        and permission_of(view) is None
        and not getattr(view, "is_public", False)
    )
    if bare:
        raise RuntimeError(f"neither guarded nor public: {', '.join(bare)}")
