"""Every table, so that one import knows the whole schema."""

from idp.models.assessments import Assessment, AssessmentItem, Gap, Rating, RatingTick
from idp.models.base import Base
from idp.models.catalogue import CrosswalkLink, DevelopmentAction, DevelopmentActionIndicator
from idp.models.cycles import Cycle, CycleFramework, Phase
from idp.models.documents import ReportJob, StoredDocument
from idp.models.frameworks import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.models.history import HistoryEntry
from idp.models.notices import Mail, Notice, Reminder
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
from idp.models.plans import DevelopmentPlan, PlanItem, PlanVersion, ProgressEntry, Suggestion
from idp.models.positions import (
    ExpectedLevel,
    ExpectedLevelDefault,
    LineOfWork,
    LineOfWorkCompetency,
    PositionLevel,
    PositionProfile,
)

__all__ = [
    "Assessment",
    "AssessmentItem",
    "Assignment",
    "Base",
    "BehaviouralIndicator",
    "Competency",
    "CompetencyFramework",
    "CrosswalkLink",
    "Cycle",
    "CycleFramework",
    "Delegation",
    "DevelopmentAction",
    "DevelopmentActionIndicator",
    "DevelopmentPlan",
    "Employee",
    "ExpectedLevel",
    "ExpectedLevelDefault",
    "ExternalAppraiser",
    "FrameworkVersion",
    "Gap",
    "HistoryEntry",
    "LineOfWork",
    "LineOfWorkCompetency",
    "Mail",
    "Notice",
    "Organisation",
    "OrganisationSetting",
    "Person",
    "Phase",
    "PlanItem",
    "PlanVersion",
    "PositionLevel",
    "PositionProfile",
    "ProficiencyLevel",
    "ProgressEntry",
    "Rating",
    "RatingTick",
    "Reminder",
    "ReportJob",
    "RoleGrant",
    "StoredDocument",
    "Suggestion",
    "Unit",
    "UserAccount",
    "WebSession",
]
