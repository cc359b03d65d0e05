"""The name of a term in the reader's language, and the colour of a state.

`label` answers for every enum of `idp.rules.terms`; a test holds it to that. The texts are in
`idp.web.names`. Two enums may have members of one value ("draft"): names are kept by enum, then by member.
"""

from enum import StrEnum

from flask_babel import LazyString

from idp.rules.catalogue import ActionStanding
from idp.rules.delegations import OrderStanding
from idp.rules.extensions import ExtensionState
from idp.rules.imports import ImportState, RowEffect
from idp.rules.objections import ObjectionState
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleState,
    JobState,
    MailState,
    PlanEvent,
    PlanItemState,
    PlanState,
    ReminderStep,
    Standing,
    SuggestionState,
    VersionState,
)
from idp.web.names import authority, bulk, catalogue, development, imports, notices, people, workflow

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    **people.NAMES,
    **workflow.NAMES,
    **development.NAMES,
    **notices.NAMES,
    **authority.NAMES,
    **bulk.NAMES,
    **imports.NAMES,
    **catalogue.NAMES,
}

NOTHING, WORKING, WAITING, GOOD, TROUBLE = "secondary", "info", "warning", "success", "danger"
"""Bootstrap's colours by what they say: nothing yet, somebody is at it, somebody is owed it, done, look
here.
"""

COLOURS: dict[type[StrEnum], dict[StrEnum, str]] = {
    VersionState: {VersionState.PUBLISHED: GOOD},
    CycleState: {
        CycleState.PUBLISHED: WORKING,
        CycleState.OPENING: WORKING,
        CycleState.OPEN: GOOD,
        CycleState.CLOSING: WORKING,
    },
    AssessmentState: {
        AssessmentState.SELF_ASSESSING: WORKING,
        AssessmentState.SELF_SUBMITTED: WAITING,
        AssessmentState.RATING: WORKING,
        AssessmentState.RATED: WAITING,
        AssessmentState.SECOND_OPINION: WAITING,
        AssessmentState.MODERATED: WAITING,
        AssessmentState.RELEASED: WAITING,
        AssessmentState.RECEIVED: GOOD,
        AssessmentState.REFUSED: TROUBLE,
    },
    PlanState: {
        PlanState.DRAFT: WORKING,
        PlanState.SUBMITTED: WAITING,
        PlanState.RETURNED: TROUBLE,
        PlanState.SECOND_LEVEL_CHECK: WAITING,
        PlanState.HR_CHECK: WAITING,
        PlanState.APPROVED: GOOD,
        PlanState.IN_PROGRESS: GOOD,
        PlanState.IN_EVALUATION: WAITING,
        PlanState.EVALUATED: GOOD,
        PlanState.AMENDING: WORKING,
    },
    PlanItemState: {
        PlanItemState.IN_PROGRESS: WORKING,
        PlanItemState.EVIDENCE_SUBMITTED: WAITING,
        PlanItemState.ACHIEVED: GOOD,
        PlanItemState.NEARLY_ACHIEVED: WAITING,
        PlanItemState.NOT_ACHIEVED: TROUBLE,
    },
    ObjectionState: {
        ObjectionState.LODGED: WAITING,
        ObjectionState.UPHELD: GOOD,
    },
    Standing: {Standing.GAP: TROUBLE, Standing.MET: GOOD, Standing.STRENGTH: WORKING},
    SuggestionState: {SuggestionState.ACCEPTED: GOOD},
    ReminderStep: {
        ReminderStep.DUE_SOON: WORKING,
        ReminderStep.DUE_TODAY: WAITING,
        ReminderStep.OVERDUE: TROUBLE,
    },
    MailState: {
        MailState.CLAIMED: WORKING,
        MailState.HANDING_OFF: WORKING,
        MailState.SENT: GOOD,
        MailState.FAILED: TROUBLE,
        MailState.UNCERTAIN: WAITING,
        MailState.NO_ADDRESS: WAITING,
        MailState.HANDED_OVER: GOOD,
    },
    ExtensionState: {
        ExtensionState.ASKED: WAITING,
        ExtensionState.GRANTED: GOOD,
        ExtensionState.REFUSED: TROUBLE,
    },
    ActionStanding: {
        ActionStanding.LIBRARY: GOOD,
        ActionStanding.OWN: GOOD,
        ActionStanding.ADAPTED: GOOD,
        ActionStanding.DRAFT: WORKING,
        ActionStanding.EXCLUDED: WAITING,
    },
    OrderStanding: {OrderStanding.IN_FORCE: GOOD, OrderStanding.COMING: WAITING},
    ImportState: {
        ImportState.UPLOADED: WORKING,
        ImportState.CHECKED: WAITING,
        ImportState.APPLYING: WORKING,
        ImportState.APPLIED: GOOD,
        ImportState.FAILED: TROUBLE,
    },
    RowEffect: {RowEffect.ADD: GOOD, RowEffect.CHANGE: WORKING, RowEffect.REFUSED: TROUBLE},
    JobState: {JobState.RUNNING: WORKING, JobState.DONE: GOOD, JobState.FAILED: TROUBLE},
}

BACKWARD_EVENTS: frozenset[tuple[type[StrEnum], str]] = frozenset(
    {
        (AssessmentEvent, AssessmentEvent.RETURN_SELF),
        (AssessmentEvent, AssessmentEvent.RETURN_RATING),
        (AssessmentEvent, AssessmentEvent.ASK_RECONSIDERATION),
        (AssessmentEvent, AssessmentEvent.WITHDRAW_SELF),
        (AssessmentEvent, AssessmentEvent.WITHDRAW_RATING),
        (AssessmentEvent, AssessmentEvent.RECORD_REFUSAL),
        (PlanEvent, PlanEvent.RETURN),
        (PlanEvent, PlanEvent.WITHDRAW),
        (PlanEvent, PlanEvent.CANCEL),
        (PlanEvent, PlanEvent.AMEND),
        (PlanEvent, PlanEvent.WITHDRAW_AMENDMENT),
        (PlanEvent, PlanEvent.ABANDON_AMENDMENT),
    }
)
"""Events whose button is not the page's main one."""


def label(member: StrEnum) -> str:
    """The member's name in the language of the page. Raises KeyError for a term without a name."""
    return str(NAMES[type(member)][member])


def colour(member: StrEnum) -> str:
    """Bootstrap's word for the colour of a state; the quiet one where none is set."""
    return COLOURS.get(type(member), {}).get(member, NOTHING)


def is_backward(event: StrEnum) -> bool:
    """Whether the event takes something back or refuses it: its button is drawn as a second choice."""
    return (type(event), event) in BACKWARD_EVENTS


def label_of_event(event: str) -> str:
    """The name of a notice's event ("plan:return"); the word itself where none is known."""
    kind, _colon, verb = event.partition(":")
    kinds: dict[str, type[StrEnum]] = {"assessment": AssessmentEvent, "plan": PlanEvent}
    if kind in kinds and verb in set(kinds[kind]):
        return label(kinds[kind](verb))
    return event
