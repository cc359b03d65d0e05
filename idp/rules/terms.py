"""Every word that the rules use: states, events, relations, permissions, methods.

The values are what the database stores and what addresses and files show: they are stable. Their Thai and
English names live in `idp.web.labels`, never here.
"""

from enum import StrEnum


class Relation(StrEnum):
    """What a person is to a record, or to the organisation that owns it; computed in one place
    (`idp.queries.relations`)."""

    OWNER = "owner"  # ผู้รับการประเมิน
    SUPERVISOR = "supervisor"  # ผู้ประเมิน / ผู้บังคับบัญชา
    SECOND_LEVEL = "second_level"  # ผู้บังคับบัญชาเหนือขึ้นไป
    FORMER_SUPERVISOR = "former_supervisor"  # handed the record over; sees what they themselves signed
    HR_OFFICER = "hr_officer"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    MODERATOR = "moderator"  # คณะกรรมการกลั่นกรอง
    MEMBER = "member"  # an employee or office-holder of the organisation
    SIGNED_IN = "signed_in"  # anyone who has logged in
    DEPLOYMENT_ADMIN = "deployment_admin"  # creates organisations, sees no ratings
    SYSTEM = "system"  # the clock and the workers


class Role(StrEnum):
    """Standing given by HR to a person in one organisation, for a time."""

    HR_OFFICER = "hr_officer"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    DEPLOYMENT_ADMIN = "deployment_admin"


class Permission(StrEnum):
    """What a route or a list asks for. Who has it: `idp.rules.permissions`."""

    HOME_VIEW = "home:view"
    ACCOUNT_EDIT = "account:edit"
    NOTIFICATION_VIEW = "notification:view"
    FRAMEWORK_VIEW = "framework:view"
    FRAMEWORK_EDIT = "framework:edit"  # derive, draft, publish, retire the organisation's own dictionary
    PROFILE_VIEW = "profile:view"  # what is expected of a line of work at a position level
    PROFILE_EDIT = "profile:edit"
    IMPORT_RUN = "import:run"  # hand in a file of rows, see its dry run, let the good rows in
    MODERATION_VIEW = "moderation:view"  # the distributions before release
    MODERATION_ASK = "moderation:ask"  # ask a rater to reconsider, with a reason
    ASSESSMENT_VIEW = "assessment:view"
    ASSESSMENT_SELF_RATE = "assessment:self_rate"
    ASSESSMENT_RATE = "assessment:rate"
    ASSESSMENT_SECOND_OPINION = "assessment:second_opinion"
    ASSESSMENT_RELEASE = "assessment:release"
    ASSESSMENT_RECEIVE = "assessment:receive"
    ASSESSMENT_RECORD_REFUSAL = "assessment:record_refusal"
    SELF_RATING_VIEW = "self_rating:view"
    RESULT_VIEW = "result:view"
    SUGGESTION_ANSWER = "suggestion:answer"
    SUGGESTION_RUN = "suggestion:run"  # propose actions for everybody of a cycle; read why they were rejected
    CATALOGUE_VIEW = "catalogue:view"  # development actions and courses
    CATALOGUE_EDIT = "catalogue:edit"
    PLAN_VIEW = "plan:view"
    PLAN_EDIT = "plan:edit"
    PLAN_REVIEW = "plan:review"
    PLAN_PROGRESS = "plan:progress"
    PLAN_EVALUATE = "plan:evaluate"
    PLAN_FOLLOW_UP = "plan:follow_up"  # write one's part of the half-year follow-up
    TRAINING_VIEW = "training:view"  # demand for courses, hours and budget by unit, who has no plan
    BUDGET_EDIT = "budget:edit"
    TEAM_VIEW = "team:view"
    CYCLE_VIEW = "cycle:view"
    CYCLE_RUN = "cycle:run"
    STAFF_VIEW = "staff:view"
    STAFF_EDIT = "staff:edit"
    REPORT_CREATE = "report:create"
    DOCUMENT_VIEW = "document:view"
    MAIL_VIEW = "mail:view"
    MAIL_HAND_OVER = "mail:hand_over"  # print the letters of those without an address, and tick them off
    HISTORY_VIEW = "history:view"
    LOOK_VIEW = "look:view"  # who looked at the record
    FIGURES_VIEW = "figures:view"
    AUTHORITY_VIEW = "authority:view"  # orders to act for somebody, appraisers from outside, roles
    AUTHORITY_EDIT = "authority:edit"
    ACCOUNT_MANAGE = "account:manage"
    CHANGE_VIEW = "change:view"  # the change desk: transfers, leave, resignations inside a round
    CHANGE_EDIT = "change:edit"
    HANDOVER_STATE = "handover:state"
    EXTENSION_VIEW = "extension:view"
    EXTENSION_ASK = "extension:ask"
    EXTENSION_DECIDE = "extension:decide"
    AGREEMENT_VIEW = "agreement:view"
    AGREEMENT_SIGN = "agreement:sign"
    OBJECTION_VIEW = "objection:view"
    OBJECTION_LODGE = "objection:lodge"
    OBJECTION_DECIDE = "objection:decide"
    PAPER_ENTER = "paper:enter"
    REMIND_BY_HAND = "reminder:by_hand"
    ORGANISATION_VIEW = "organisation:view"
    ORGANISATION_CREATE = "organisation:create"


class PersonnelType(StrEnum):
    CIVIL_SERVANT = "civil_servant"  # ข้าราชการ
    LOCAL_OFFICER = "local_officer"  # พนักงานส่วนท้องถิ่น
    GOVERNMENT_EMPLOYEE = "government_employee"  # พนักงานราชการ
    PERMANENT_EMPLOYEE = "permanent_employee"  # ลูกจ้างประจำ
    CONTRACT_EMPLOYEE = "contract_employee"  # พนักงานจ้าง


class CompetencyCategory(StrEnum):
    CORE = "core"
    FUNCTIONAL = "functional"


class VersionState(StrEnum):
    """A framework's or a catalogue entry's life; published is never edited."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class CycleState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"


class CycleEvent(StrEnum):
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    BEGIN_OPENING = "begin_opening"
    FINISH_OPENING = "finish_opening"
    BEGIN_CLOSING = "begin_closing"
    FINISH_CLOSING = "finish_closing"
    ARCHIVE = "archive"


class PhaseKind(StrEnum):
    """The steps of a cycle, in their order; each has its own dates. AGREEMENT only where the organisation
    asks for one at the start of the round."""

    AGREEMENT = "agreement"
    SELF_ASSESSMENT = "self_assessment"
    RATING = "rating"
    SECOND_OPINION = "second_opinion"
    RELEASE = "release"
    RECEIPT = "receipt"
    PLAN_DRAFTING = "plan_drafting"
    PLAN_REVIEW = "plan_review"
    PROGRESS = "progress"
    PLAN_EVALUATION = "plan_evaluation"


class AssessmentState(StrEnum):
    NOT_STARTED = "not_started"
    SELF_ASSESSING = "self_assessing"
    SELF_SUBMITTED = "self_submitted"
    RATING = "rating"
    RATED = "rated"
    SECOND_OPINION = "second_opinion"
    MODERATED = "moderated"
    RELEASED = "released"
    RECEIVED = "received"
    REFUSED = "refused"
    CLOSED = "closed"
    EXEMPTED = "exempted"  # not assessed in this round, for a reason kept in the history


class AssessmentEvent(StrEnum):
    START_SELF = "start_self"
    SUBMIT_SELF = "submit_self"
    WITHDRAW_SELF = "withdraw_self"
    RETURN_SELF = "return_self"
    START_RATING = "start_rating"
    SUBMIT_RATING = "submit_rating"
    WITHDRAW_RATING = "withdraw_rating"
    RETURN_RATING = "return_rating"
    ASK_RECONSIDERATION = "ask_reconsideration"  # the committee's request, before the release
    GIVE_SECOND_OPINION = "give_second_opinion"
    MODERATE = "moderate"
    RELEASE = "release"
    RECEIVE = "receive"
    RECORD_REFUSAL = "record_refusal"
    CLOSE = "close"
    REOPEN_SELF = "reopen_self"
    REOPEN_RATING = "reopen_rating"
    LAPSE_SELF = "lapse_self"  # the reopening ran out unused: what was handed in before holds
    LAPSE_RATING = "lapse_rating"
    LAPSE_OPINION = "lapse_opinion"  # so does the second opinion that had been given on it
    EXEMPT = "exempt"
    REINSTATE = "reinstate"


class PlanState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SECOND_LEVEL_CHECK = "second_level_check"
    HR_CHECK = "hr_check"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    IN_EVALUATION = "in_evaluation"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"
    AMENDING = "amending"  # the approved version holds until the amended one is approved


class PlanEvent(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    PASS_TO_SECOND_LEVEL = "pass_to_second_level"  # where the organisation asks for that check
    PASS_TO_HR = "pass_to_hr"  # where the organisation asks for that check
    START = "start"
    BEGIN_EVALUATION = "begin_evaluation"
    EVALUATE = "evaluate"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    AMEND = "amend"
    WITHDRAW_AMENDMENT = "withdraw_amendment"
    ABANDON_AMENDMENT = "abandon_amendment"
    REOPEN_EVALUATION = "reopen_evaluation"
    LAPSE_EVALUATION = "lapse_evaluation"


class PlanItemState(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    ACHIEVED = "achieved"
    NEARLY_ACHIEVED = "nearly_achieved"
    NOT_ACHIEVED = "not_achieved"
    CANCELLED = "cancelled"
    CARRIED_OVER = "carried_over"


class Requirement(StrEnum):
    """What a transition needs before it may happen; the service says which are met."""

    EVERY_COMPETENCY_RATED = "every_competency_rated"
    EVIDENCE_GIVEN = "evidence_given"
    REASON_GIVEN = "reason_given"
    OPINION_GIVEN = "opinion_given"
    WITNESS_NAMED = "witness_named"
    PHASE_OPEN = "phase_open"
    PLAN_HAS_ITEMS = "plan_has_items"
    ITEMS_COMPLETE = "items_complete"
    EVERY_ITEM_EVALUATED = "every_item_evaluated"
    PRE_FLIGHT_PASSED = "pre_flight_passed"
    EVERY_RESULT_RELEASED = "every_result_released"
    SELF_PHASE_OVER = "self_phase_over"
    NO_SECOND_LEVEL = "no_second_level"
    SECOND_LEVEL_CHECK_ASKED = "second_level_check_asked"
    HR_CHECK_ASKED = "hr_check_asked"
    LAST_CHECK = "last_check"  # nobody else has to look at the plan
    IN_TIME = "in_time"  # the day has not passed, an extension runs, or the organisation takes late entries
    AGREEMENT_SIGNED = "agreement_signed"  # by both, where the organisation asks for an agreement
    NO_OPEN_OBJECTION = "no_open_objection"
    REOPENING_GRANTED = "reopening_granted"  # with its reason and its last day
    REOPENING_EXPIRED = "reopening_expired"
    NEVER_APPROVED = "never_approved"
    EARLIER_APPROVAL = "earlier_approval"
    HANDOVER_STATED = "handover_stated"  # by each supervisor who handed the record over


class RaterKind(StrEnum):
    SELF = "self"
    SUPERVISOR = "supervisor"


class SecondOpinion(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"


class EmployeeOpinion(StrEnum):
    AGREES = "agrees"
    DISAGREES = "disagrees"


class PassRuleKind(StrEnum):
    """When enough of a level's behavioural indicators are shown."""

    ALL = "all"
    MORE_THAN_HALF = "more_than_half"
    PERCENTAGE = "percentage"


class Standing(StrEnum):
    """How an attained level stands to the expected one; unrated is neither met nor a gap."""

    GAP = "gap"
    MET = "met"
    STRENGTH = "strength"
    UNRATED = "unrated"


class MethodGroup(StrEnum):
    """The 70:20:10 groups of development methods."""

    EXPERIENCE = "experience"
    SOCIAL = "social"
    FORMAL = "formal"


class DevelopmentMethod(StrEnum):
    ON_THE_JOB = "on_the_job"
    ASSIGNMENT = "assignment"
    PROJECT = "project"
    ROTATION = "rotation"
    ACTING_ROLE = "acting_role"
    IMPROVEMENT = "improvement"
    COACHING = "coaching"
    MENTORING = "mentoring"
    FEEDBACK = "feedback"
    SHADOWING = "shadowing"
    KNOWLEDGE_SHARING = "knowledge_sharing"
    COUNSELLING = "counselling"
    TRAINING = "training"
    WORKSHOP = "workshop"
    ELEARNING = "elearning"
    SELF_STUDY = "self_study"
    STUDY_VISIT = "study_visit"
    CERTIFICATE = "certificate"


class SuggestionRule(StrEnum):
    """Why a level was proposed: it is the next one to pass, or it stands further on the way to the
    expected one.
    """

    NEXT_LEVEL = "next_level"
    FULL_PATH = "full_path"


class SuggestionState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class EvidenceKind(StrEnum):
    """What shows that a line of a plan was carried out."""

    FILE = "file"
    LINK = "link"


class Half(StrEnum):
    """The halves of a fiscal year: October to March, April to September."""

    FIRST = "first"
    SECOND = "second"


class EffectOf(StrEnum):
    """Of what it is counted how often it helped to close a gap."""

    ACTION = "action"
    METHOD = "method"


class CrosswalkRelation(StrEnum):
    EQUIVALENT = "equivalent"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"


class ReminderStep(StrEnum):
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


class MailState(StrEnum):
    """The outbox states: a hand-over that was cut off is uncertain and never sent again that day."""

    PENDING = "pending"
    CLAIMED = "claimed"
    HANDING_OFF = "handing_off"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    NO_ADDRESS = "no_address"  # shown in the app and printed by HR instead
    HANDED_OVER = "handed_over"  # printed and given to the recipient on paper


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReportKind(StrEnum):
    ASSESSMENT_FORM = "assessment"
    PLAN_FORM = "plan"
    UNIT_FORMS = "unit_forms"
    BLANK_FORM = "blank"  # the assessment with nothing filled in, for pen and paper
    WHOLE_RECORD = "whole_record"  # everything about one assessment, for an objection


class SubjectType(StrEnum):
    """What a history entry, a reminder or a report speaks of."""

    CYCLE = "cycle"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    PLAN_ITEM = "plan_item"
    EMPLOYEE = "employee"
    ORGANISATION = "organisation"
    ACCOUNT = "account"
    REPORT = "report"
    DELEGATION = "delegation"
    HANDOVER = "handover"
    EXTENSION = "extension"
    OBJECTION = "objection"
    FRAMEWORK = "framework"  # one version of an organisation's own dictionary
    PROFILE = "profile"
    POSITION_OVERRIDE = "position_override"  # what one position is expected to show otherwise
    IMPORT = "import"
    ACTION = "action"  # a development action of an organisation's own catalogue
    COURSE = "course"
    BUDGET = "budget"
    MENTOR_OFFER = "mentor_offer"
