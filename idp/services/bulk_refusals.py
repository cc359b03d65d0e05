"""Why a step was not taken for one of many records, as data."""

from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    RuleViolation,
    TransitionNotAllowed,
)


def explained(refusal: RuleViolation | StaleDataError) -> dict[str, Any]:
    """The refusal as data, for the words of the page."""
    match refusal:
        case NotVisible():
            return {"kind": "gone"}
        case NotPermitted():
            return {"kind": "not_permitted"}
        case TransitionNotAllowed():
            return {"kind": "state"}
        case RequirementNotMet():
            return {
                "kind": "requirement",
                "missing": [each.value for each in refusal.missing],
                "details": list(refusal.details),
            }
        case InvalidInput():
            values = {name: str(value) for name, value in refusal.values.items()}
            return {"kind": "input", "field": refusal.field, "code": refusal.code, "values": values}
        case _:
            return {"kind": "changed"}
