"""Every table, so that one import knows the whole schema."""

from idp.models import append_only as append_only
from idp.models.agreements import Agreement
from idp.models.assessments import (
    Assessment,
    AssessmentItem,
    Gap,
    Rating,
    RatingTick,
    Reconsideration,
)
from idp.models.attachments import Attachment, PaperForm
from idp.models.base import Base
from idp.models.bulk import BulkRow, BulkRun
from idp.models.catalogue import (
    ActionExclusion,
    CrosswalkLink,
    DevelopmentAction,
    DevelopmentActionIndicator,
    DevelopmentEffect,
)
from idp.models.cycles import Cycle, CycleFramework, Phase
from idp.models.documents import ReportJob, StoredDocument
from idp.models.extensions import Extension
from idp.models.frameworks import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.models.history import HistoryEntry, HistoryHead, HistorySeal
from idp.models.imports import DataImport, DataImportRow
from idp.models.looks import Look
from idp.models.mentoring import MentorOffer
from idp.models.notices import Mail, Notice, Reminder
from idp.models.objections import Objection, ResultCorrection
from idp.models.organisations import Organisation, OrganisationSetting, Unit
from idp.models.people import (
    Assignment,
    Delegation,
    Employee,
    ExternalAppraiser,
    Person,
    RoleGrant,
    UserAccount,
    WebSession,
)
from idp.models.plans import (
    DevelopmentPlan,
    Evidence,
    PlanFollowUp,
    PlanItem,
    PlanVersion,
    ProgressEntry,
    Suggestion,
    SuggestionRun,
)
from idp.models.positions import (
    ExpectedLevel,
    ExpectedLevelDefault,
    LineOfWork,
    LineOfWorkCompetency,
    PositionLevel,
    PositionOverride,
    PositionProfile,
)
from idp.models.releases import ReleaseRun
from idp.models.staff_changes import Handover, StaffChange
from idp.models.training import BudgetCeiling, Course, CourseLevel, CourseRun
from idp.models.typed_drafts import TypedDraft

__all__ = [
    "ActionExclusion",
    "Agreement",
    "Assessment",
    "AssessmentItem",
    "Assignment",
    "Attachment",
    "Base",
    "BehaviouralIndicator",
    "BudgetCeiling",
    "BulkRow",
    "BulkRun",
    "Competency",
    "CompetencyFramework",
    "Course",
    "CourseLevel",
    "CourseRun",
    "CrosswalkLink",
    "Cycle",
    "CycleFramework",
    "DataImport",
    "DataImportRow",
    "Delegation",
    "DevelopmentAction",
    "DevelopmentActionIndicator",
    "DevelopmentEffect",
    "DevelopmentPlan",
    "Employee",
    "Evidence",
    "ExpectedLevel",
    "ExpectedLevelDefault",
    "Extension",
    "ExternalAppraiser",
    "FrameworkVersion",
    "Gap",
    "Handover",
    "HistoryEntry",
    "HistoryHead",
    "HistorySeal",
    "LineOfWork",
    "LineOfWorkCompetency",
    "Look",
    "Mail",
    "MentorOffer",
    "Notice",
    "Objection",
    "Organisation",
    "OrganisationSetting",
    "PaperForm",
    "Person",
    "Phase",
    "PlanFollowUp",
    "PlanItem",
    "PlanVersion",
    "PositionLevel",
    "PositionOverride",
    "PositionProfile",
    "ProficiencyLevel",
    "ProgressEntry",
    "Rating",
    "RatingTick",
    "Reconsideration",
    "ReleaseRun",
    "Reminder",
    "ReportJob",
    "ResultCorrection",
    "RoleGrant",
    "StaffChange",
    "StoredDocument",
    "Suggestion",
    "SuggestionRun",
    "TypedDraft",
    "Unit",
    "UserAccount",
    "WebSession",
]
