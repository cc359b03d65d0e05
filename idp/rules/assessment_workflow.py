"""One person's assessment in one cycle: self-assessment, rating, second opinion, release, receipt.

Source: the steps of the civil-service performance rules as offices carry them out; results stay hidden
from the employee until release, and a refusal to sign is recorded by the supervisor with a witness. That a
supervisor may rate without a self-assessment once its phase is over is this product's default.
"""

from idp.rules.terms import AssessmentEvent as E
from idp.rules.terms import AssessmentState as S
from idp.rules.terms import Relation, Requirement
from idp.rules.workflow import Transition, Workflow

OWNER = frozenset({Relation.OWNER})
SUPERVISOR = frozenset({Relation.SUPERVISOR})
SECOND_LEVEL = frozenset({Relation.SECOND_LEVEL})
HR = frozenset({Relation.HR_OFFICER})
COMMITTEE = frozenset({Relation.MODERATOR, Relation.HR_OFFICER})
HR_OR_WORKERS = frozenset({Relation.HR_OFFICER, Relation.SYSTEM})

WORKERS = frozenset({Relation.SYSTEM})

MAY_BEGIN = frozenset({Requirement.PHASE_OPEN, Requirement.AGREEMENT_SIGNED})
PHASE_OPEN = frozenset({Requirement.PHASE_OPEN})
IN_TIME = frozenset({Requirement.IN_TIME})
REASON = frozenset({Requirement.REASON_GIVEN})
COMPLETE = frozenset({Requirement.EVERY_COMPETENCY_RATED})
COMPLETE_WITH_EVIDENCE = COMPLETE | {Requirement.EVIDENCE_GIVEN}
REOPENING = frozenset({Requirement.REASON_GIVEN, Requirement.REOPENING_GRANTED})
REOPENING_OVER = frozenset({Requirement.REOPENING_EXPIRED})
STATED = frozenset({Requirement.HANDOVER_STATED})
WITHOUT_SELF_ASSESSMENT = frozenset({Requirement.PHASE_OPEN, Requirement.SELF_PHASE_OVER})

UNRELEASED_STATES = (
    S.NOT_STARTED,
    S.SELF_ASSESSING,
    S.SELF_SUBMITTED,
    S.RATING,
    S.RATED,
    S.SECOND_OPINION,
    S.MODERATED,
)
"""Where the round still goes on for this person and no result is known to them."""

ASSESSMENT_WORKFLOW: Workflow[S, E] = Workflow(
    "assessment",
    S.NOT_STARTED,
    (
        Transition(S.NOT_STARTED, E.START_SELF, S.SELF_ASSESSING, OWNER, MAY_BEGIN),
        Transition(S.NOT_STARTED, E.START_RATING, S.RATING, SUPERVISOR, WITHOUT_SELF_ASSESSMENT),
        Transition(S.SELF_ASSESSING, E.SUBMIT_SELF, S.SELF_SUBMITTED, OWNER, COMPLETE | IN_TIME, SUPERVISOR),
        Transition(S.SELF_ASSESSING, E.START_RATING, S.RATING, SUPERVISOR, WITHOUT_SELF_ASSESSMENT),
        Transition(S.SELF_SUBMITTED, E.WITHDRAW_SELF, S.SELF_ASSESSING, OWNER, tells=SUPERVISOR),
        Transition(S.SELF_SUBMITTED, E.RETURN_SELF, S.SELF_ASSESSING, SUPERVISOR, REASON, OWNER),
        Transition(S.SELF_SUBMITTED, E.START_RATING, S.RATING, SUPERVISOR, PHASE_OPEN),
        Transition(
            S.RATING, E.SUBMIT_RATING, S.RATED, SUPERVISOR, COMPLETE_WITH_EVIDENCE | IN_TIME, SECOND_LEVEL
        ),
        Transition(S.RATED, E.WITHDRAW_RATING, S.RATING, SUPERVISOR, tells=SECOND_LEVEL),
        Transition(S.RATED, E.RETURN_RATING, S.RATING, SECOND_LEVEL, REASON, SUPERVISOR),
        Transition(
            S.RATED,
            E.GIVE_SECOND_OPINION,
            S.SECOND_OPINION,
            SECOND_LEVEL,
            frozenset({Requirement.OPINION_GIVEN}),
            SUPERVISOR,
        ),
        # The head of an organisation has nobody above the appraiser: HR releases straight from the rating.
        Transition(
            S.RATED,
            E.RELEASE,
            S.RELEASED,
            HR,
            STATED | {Requirement.NO_SECOND_LEVEL},
            OWNER | SUPERVISOR,
        ),
        Transition(S.SECOND_OPINION, E.MODERATE, S.MODERATED, COMMITTEE),
        Transition(S.SECOND_OPINION, E.RELEASE, S.RELEASED, HR, STATED, OWNER | SUPERVISOR),
        Transition(S.MODERATED, E.RELEASE, S.RELEASED, HR, STATED, OWNER | SUPERVISOR),
        # The committee asks, with a reason and a last day; the rater decides, the second level speaks anew.
        *(
            Transition(state, E.ASK_RECONSIDERATION, S.RATING, COMMITTEE, REASON, SUPERVISOR)
            for state in (S.RATED, S.SECOND_OPINION, S.MODERATED)
        ),
        Transition(S.RELEASED, E.RECEIVE, S.RECEIVED, OWNER, tells=SUPERVISOR),
        Transition(
            S.RELEASED,
            E.RECORD_REFUSAL,
            S.REFUSED,
            SUPERVISOR,
            frozenset({Requirement.WITNESS_NAMED}),
            OWNER | HR,
        ),
        # A result that nobody acknowledged is closed with the cycle all the same; the form stays unsigned.
        Transition(S.RELEASED, E.CLOSE, S.CLOSED, HR_OR_WORKERS),
        Transition(S.RECEIVED, E.CLOSE, S.CLOSED, HR_OR_WORKERS),
        Transition(S.REFUSED, E.CLOSE, S.CLOSED, HR_OR_WORKERS),
        # A reopening is granted by HR for a time; what was handed in before is kept beside it, and holds
        # again if nothing new was handed in by its last day.
        *(
            Transition(state, E.REOPEN_SELF, S.SELF_ASSESSING, HR, REOPENING, OWNER | SUPERVISOR)
            for state in (S.SELF_SUBMITTED, S.RATING)
        ),
        Transition(
            S.SELF_ASSESSING, E.LAPSE_SELF, S.SELF_SUBMITTED, WORKERS, REOPENING_OVER, OWNER | SUPERVISOR
        ),
        *(
            Transition(state, E.REOPEN_RATING, S.RATING, HR, REOPENING, SUPERVISOR | SECOND_LEVEL)
            for state in (S.RATED, S.SECOND_OPINION, S.MODERATED)
        ),
        Transition(S.RATING, E.LAPSE_RATING, S.RATED, WORKERS, REOPENING_OVER, SUPERVISOR | SECOND_LEVEL),
        Transition(
            S.RATING, E.LAPSE_OPINION, S.SECOND_OPINION, WORKERS, REOPENING_OVER, SUPERVISOR | SECOND_LEVEL
        ),
        *(
            Transition(state, E.EXEMPT, S.EXEMPTED, HR, REASON, OWNER | SUPERVISOR)
            for state in UNRELEASED_STATES
        ),
        Transition(S.EXEMPTED, E.REINSTATE, S.NOT_STARTED, HR, REASON, OWNER | SUPERVISOR),
    ),
)

RELEASED_STATES = frozenset({S.RELEASED, S.RECEIVED, S.REFUSED, S.CLOSED})
"""Where the employee may see the supervisor's rating and the score."""

SETTLED_STATES = RELEASED_STATES | {S.EXEMPTED}
"""What the closing of a cycle need not wait for."""

BEFORE_COMMITTEE = frozenset({S.RATED, S.SECOND_OPINION, S.MODERATED})
"""Where the moderation committee may see a rating: handed in, and not released yet."""

HANDED_IN_STATES = BEFORE_COMMITTEE | RELEASED_STATES
"""Where the supervisor's rating is more than a draft."""

EVENTS_ABOUT_THE_RATING = frozenset(
    {E.RETURN_RATING, E.ASK_RECONSIDERATION, E.REOPEN_RATING, E.LAPSE_RATING, E.LAPSE_OPINION}
)
"""Whose reasons speak of the rating: kept from the employee until the result is released."""

SELF_RATING_SHARED_STATES = frozenset(set(S) - {S.NOT_STARTED, S.SELF_ASSESSING, S.EXEMPTED})
"""Where the supervisor may see the self-assessment: not while it is being written, nor where an exemption may
have come before it was handed in."""
