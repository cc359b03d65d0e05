"""What a rule answers when it says no. The web layer maps each to one status and one message."""

from collections.abc import Collection

from idp.rules.terms import Requirement


class RuleViolation(Exception):
    """Base of every refusal by a rule; never a fault of the program."""


class NotVisible(RuleViolation):
    """The actor may not know that the record exists: answered exactly as a missing one (404)."""


class NotPermitted(RuleViolation):
    """The actor sees the record but may not do this with it (403)."""


class TransitionNotAllowed(RuleViolation):
    """The record's state has no such event (409)."""

    def __init__(self, workflow: str, state: str, event: str) -> None:
        super().__init__(f"{workflow}: no event {event!r} in state {state!r}")
        self.workflow, self.state, self.event = workflow, state, event


class RequirementNotMet(RuleViolation):
    """The event is possible but something it needs is missing (422).

    `missing` names the requirements; `details` the records concerned (for example the unrated
    competencies), as texts that the user knows.
    """

    def __init__(self, missing: Collection[Requirement], details: Collection[str] = ()) -> None:
        self.missing = tuple(sorted(missing))
        self.details = tuple(details)
        super().__init__(", ".join(self.missing) + (": " + ", ".join(self.details) if self.details else ""))


class StaleVersion(RuleViolation):
    """Somebody else changed the record since the actor read it (409); nothing was written."""


class InvalidInput(RuleViolation):
    """A value that a field does not take (422). `field` is the field's name, `code` a stable word for the
    message."""

    def __init__(self, field: str, code: str, **values: object) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.values = field, code, values


class InvalidInputs(InvalidInput):
    """Several fields of one form at once. It stands for its first problem where only one is asked for."""

    def __init__(self, problems: Collection[InvalidInput]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.field, first.code, **first.values)
