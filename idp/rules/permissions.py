"""Who may do what: the one permission table.

A route names its permission; `allowed` answers for one record, `queries.visibility` puts the same table
into SQL for lists, and a test holds the two against each other. A row may be bound to states of the
record: the employee sees the supervisor's rating only once it is released.

A member of the moderation committee sees a rating from its handing in until the release and not after it,
and never the self-assessment (this product's default).

Executives read figures of their units, never single ratings; the deployment's administrator creates
organisations and sees no ratings (both: this product's default, after the data protection law's "only
those whose duty it is").
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from idp.rules.assessment_workflow import BEFORE_COMMITTEE, RELEASED_STATES, SELF_RATING_SHARED_STATES
from idp.rules.plan_workflow import APPROVED_STATES, SHARED_STATES
from idp.rules.terms import Permission as P
from idp.rules.terms import Relation as R


@dataclass(frozen=True)
class Grant:
    """`relation` has `permission`; with `states`, only while the record is in one of them."""

    permission: P
    relation: R
    states: frozenset[StrEnum] | None = None


def _grants(permission: P, *relations: R, states: Collection[StrEnum] | None = None) -> tuple[Grant, ...]:
    bound = None if states is None else frozenset(states)
    return tuple(Grant(permission, relation, bound) for relation in relations)


GRANTS: tuple[Grant, ...] = (
    *_grants(P.HOME_VIEW, R.SIGNED_IN),
    *_grants(P.ACCOUNT_EDIT, R.SIGNED_IN),
    *_grants(P.NOTIFICATION_VIEW, R.SIGNED_IN),
    *_grants(P.FRAMEWORK_VIEW, R.MEMBER, R.HR_OFFICER, R.EXECUTIVE, R.AUDITOR),
    *_grants(P.FRAMEWORK_EDIT, R.HR_OFFICER),
    *_grants(P.PROFILE_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.PROFILE_EDIT, R.HR_OFFICER),
    *_grants(P.IMPORT_RUN, R.HR_OFFICER),
    *_grants(P.MODERATION_VIEW, R.MODERATOR, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.MODERATION_ASK, R.MODERATOR, R.HR_OFFICER),
    *_grants(P.ASSESSMENT_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.ASSESSMENT_VIEW, R.MODERATOR, states=BEFORE_COMMITTEE),
    *_grants(P.ASSESSMENT_SELF_RATE, R.OWNER),
    *_grants(P.ASSESSMENT_RATE, R.SUPERVISOR),
    *_grants(P.ASSESSMENT_SECOND_OPINION, R.SECOND_LEVEL),
    *_grants(P.ASSESSMENT_RELEASE, R.HR_OFFICER),
    *_grants(P.ASSESSMENT_RECEIVE, R.OWNER),
    *_grants(P.ASSESSMENT_RECORD_REFUSAL, R.SUPERVISOR),
    *_grants(P.SELF_RATING_VIEW, R.OWNER),
    *_grants(
        P.SELF_RATING_VIEW,
        R.SUPERVISOR,
        R.SECOND_LEVEL,
        R.HR_OFFICER,
        R.AUDITOR,
        states=SELF_RATING_SHARED_STATES,
    ),
    *_grants(P.RESULT_VIEW, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.RESULT_VIEW, R.OWNER, states=RELEASED_STATES),
    *_grants(P.RESULT_VIEW, R.MODERATOR, states=BEFORE_COMMITTEE),
    *_grants(P.SUGGESTION_ANSWER, R.OWNER),
    *_grants(P.SUGGESTION_RUN, R.HR_OFFICER),
    *_grants(P.CATALOGUE_VIEW, R.MEMBER, R.HR_OFFICER, R.EXECUTIVE, R.AUDITOR),
    *_grants(P.CATALOGUE_EDIT, R.HR_OFFICER),
    *_grants(P.PLAN_VIEW, R.OWNER),
    *_grants(P.PLAN_VIEW, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR, states=SHARED_STATES),
    *_grants(P.PLAN_EDIT, R.OWNER),
    *_grants(P.PLAN_REVIEW, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, states=SHARED_STATES),
    *_grants(P.PLAN_PROGRESS, R.OWNER),
    *_grants(P.PLAN_EVALUATE, R.SUPERVISOR, states=SHARED_STATES),
    *_grants(P.PLAN_FOLLOW_UP, R.OWNER, R.SUPERVISOR, states=APPROVED_STATES),
    *_grants(P.TRAINING_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.BUDGET_EDIT, R.HR_OFFICER),
    *_grants(P.TEAM_VIEW, R.SIGNED_IN),  # the list holds only those whom the reader rates or has above them
    *_grants(P.CYCLE_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.CYCLE_RUN, R.HR_OFFICER),
    *_grants(P.STAFF_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.STAFF_EDIT, R.HR_OFFICER),
    *_grants(P.REPORT_CREATE, R.HR_OFFICER),
    *_grants(P.DOCUMENT_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.MAIL_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.MAIL_HAND_OVER, R.HR_OFFICER),
    *_grants(P.HISTORY_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.LOOK_VIEW, R.OWNER, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.FIGURES_VIEW, R.HR_OFFICER, R.EXECUTIVE, R.AUDITOR),
    *_grants(P.AUTHORITY_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.AUTHORITY_EDIT, R.HR_OFFICER),
    *_grants(P.ACCOUNT_MANAGE, R.HR_OFFICER),
    *_grants(P.CHANGE_VIEW, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.CHANGE_EDIT, R.HR_OFFICER),
    *_grants(P.HANDOVER_STATE, R.FORMER_SUPERVISOR, R.HR_OFFICER),
    *_grants(P.EXTENSION_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.EXTENSION_ASK, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER),
    *_grants(P.EXTENSION_DECIDE, R.HR_OFFICER),
    *_grants(P.AGREEMENT_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.AGREEMENT_SIGN, R.OWNER, R.SUPERVISOR),
    *_grants(P.OBJECTION_VIEW, R.OWNER, R.SUPERVISOR, R.SECOND_LEVEL, R.HR_OFFICER, R.AUDITOR),
    *_grants(P.OBJECTION_LODGE, R.OWNER),
    *_grants(P.OBJECTION_DECIDE, R.HR_OFFICER),
    *_grants(P.PAPER_ENTER, R.SUPERVISOR, R.HR_OFFICER),
    *_grants(P.REMIND_BY_HAND, R.SUPERVISOR, R.HR_OFFICER),
    *_grants(P.ORGANISATION_VIEW, R.DEPLOYMENT_ADMIN),
    *_grants(P.ORGANISATION_CREATE, R.DEPLOYMENT_ADMIN),
)


def allowed(permission: P, relations: Collection[R], state: StrEnum | None = None) -> bool:
    """Whether somebody with `relations` to a record in `state` has `permission`.

    A grant bound to states answers no where the state is unknown.
    """
    return any(
        grant.permission is permission
        and grant.relation in relations
        and (grant.states is None or state in grant.states)
        for grant in GRANTS
    )


def relations_with(permission: P) -> frozenset[R]:
    """Every relation that has the permission in some state: for the help page and the lists."""
    return frozenset(grant.relation for grant in GRANTS if grant.permission is permission)
