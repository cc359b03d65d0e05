"""Suggestions drawn from the gaps, development plans with their versions and items, and reported progress."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.assessments import Assessment, AssessmentItem
from idp.models.attachments import Attachment
from idp.models.base import Base, Hundredths, JsonData, OrganisationOwned, Versioned, enum_type
from idp.models.catalogue import DevelopmentAction
from idp.models.frameworks import Competency
from idp.models.releases import UNDER_WAY
from idp.rules.terms import (
    DevelopmentMethod,
    EvidenceKind,
    Half,
    PlanItemState,
    PlanState,
    SuggestionState,
)


class Suggestion(Base):
    """A development action proposed for one gap. `reason` says why, as data (`rules.suggestions.Reason`)."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("assessment_item_id", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_item_id: Mapped[int] = mapped_column(ForeignKey("assessment_item.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("development_action.id"), index=True)
    target_level: Mapped[int]
    rank: Mapped[int]  # within the gap, from 1
    reason: Mapped[dict[str, Any]]
    state: Mapped[SuggestionState] = mapped_column(
        enum_type(SuggestionState, "state"), default=SuggestionState.PROPOSED
    )
    rejected_because: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    item: Mapped[AssessmentItem] = relationship()
    action: Mapped[DevelopmentAction] = relationship()


class DevelopmentPlan(OrganisationOwned, Versioned, Base):
    """A person's plan for one fiscal year, drawn from that year's assessment; it lives until it is
    evaluated, also beyond the cycle's closing. Who the people were then is read from the assessment's
    snapshot."""

    __tablename__ = "development_plan"
    __table_args__ = (
        UniqueConstraint("employee_id", "fiscal_year"),
        CheckConstraint("supervisor_person_id <> owner_person_id", name="supervisor_is_another"),
        Index("ix_development_plan_supervisor_person_id_state", "supervisor_person_id", "state"),
        Index(
            "ix_development_plan_organisation_id_fiscal_year_state", "organisation_id", "fiscal_year", "state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    owner_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    supervisor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_level_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    fiscal_year: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), unique=True)
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState, "state"), default=PlanState.DRAFT)
    employee_note: Mapped[str] = mapped_column(Text, default="")  # what the employee says when submitting
    supervisor_comment: Mapped[str] = mapped_column(Text, default="")
    second_level_comment: Mapped[str] = mapped_column(Text, default="")
    return_reason: Mapped[str] = mapped_column(Text, default="")  # of the latest return
    reflection: Mapped[str] = mapped_column(Text, default="")  # the employee's, at the end of the year
    evaluation_comment: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    evaluated_at: Mapped[datetime | None]
    assessment: Mapped[Assessment] = relationship()
    items: Mapped[list["PlanItem"]] = relationship(
        back_populates="plan", order_by="PlanItem.sort_order, PlanItem.id"
    )

    __mapper_args__ = {"version_id_col": Versioned.version}


class PlanVersion(Base):
    """The plan as it was handed in or approved: a snapshot that stays printable."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    number: Mapped[int]
    event: Mapped[str] = mapped_column(String(32))  # the plan event that made it
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PlanItem(Base):
    """One line of the plan. Without a competency it is a free line: some jobs have no standard.

    `action_id`: the version of the catalogue's action that it was made from, whichever way it came here;
    `mentor_person_id`: a colleague who offered to be the mentor; `responsible`: anybody else, in words.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        CheckConstraint("hours >= 0 AND cost_baht >= 0", name="amounts_not_negative"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"
        ),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("hours_done >= 0 AND spent_baht >= 0", name="used_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"), index=True)
    sort_order: Mapped[int]
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"), index=True)
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"), unique=True)
    from_level: Mapped[int | None]
    target_level: Mapped[int | None]
    indicator_ids: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    method: Mapped[DevelopmentMethod] = mapped_column(enum_type(DevelopmentMethod, "method"))
    title: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    hours: Mapped[int] = mapped_column(default=0)
    cost_baht: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    measure: Mapped[str] = mapped_column(Text, default="")
    evidence_expected: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(250), default="")
    other_methods: Mapped[list[Any]] = mapped_column(JsonData, default=list)  # besides `method`, the main one
    action_id: Mapped[int | None] = mapped_column(ForeignKey("development_action.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    course_run_id: Mapped[int | None] = mapped_column(ForeignKey("course_run.id"), index=True)
    mentor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    carried_from_item_id: Mapped[int | None] = mapped_column(ForeignKey("plan_item.id"), unique=True)
    return_note: Mapped[str] = mapped_column(Text, default="")  # what to change, of the latest return
    hours_done: Mapped[int | None]  # None: not reported
    spent_baht: Mapped[Decimal | None] = mapped_column(Hundredths)
    state: Mapped[PlanItemState] = mapped_column(
        enum_type(PlanItemState, "state"), default=PlanItemState.PLANNED
    )
    percent: Mapped[int] = mapped_column(default=0)
    result_reason: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[DevelopmentPlan] = relationship(back_populates="items")
    competency: Mapped[Competency | None] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(back_populates="item", order_by="Evidence.id")
    progress: Mapped[list["ProgressEntry"]] = relationship(
        back_populates="item", order_by="ProgressEntry.at", cascade="all, delete-orphan"
    )


class ProgressEntry(Base):
    __tablename__ = "progress_entry"
    __table_args__ = (CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_item_id: Mapped[int] = mapped_column(ForeignKey("plan_item.id"), index=True)
    percent: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    item: Mapped[PlanItem] = relationship(back_populates="progress")


class Evidence(Base):
    """A file or a link that shows what was done for one line. What was handed in by mistake is withdrawn with
    a reason, and stays in the record."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(kind = 'file') = (attachment_id IS NOT NULL)", name="file_is_attached"),
        CheckConstraint("(kind = 'link') = (url <> '')", name="link_has_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_item_id: Mapped[int] = mapped_column(ForeignKey("plan_item.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(enum_type(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(String(250))
    url: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"), unique=True)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")
    item: Mapped[PlanItem] = relationship(back_populates="evidence")
    attachment: Mapped[Attachment | None] = relationship()


class PlanFollowUp(Base):
    """How the plan stands after one half of the year, in the words of both; either may write first."""

    __tablename__ = "plan_follow_up"
    __table_args__ = (UniqueConstraint("plan_id", "half"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    half: Mapped[Half] = mapped_column(enum_type(Half, "half"))
    employee_text: Mapped[str] = mapped_column(Text, default="")
    employee_at: Mapped[datetime | None]
    supervisor_text: Mapped[str] = mapped_column(Text, default="")
    supervisor_at: Mapped[datetime | None]
    supervisor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who wrote it


class SuggestionRun(OrganisationOwned, Base):
    """One request to propose development actions for everybody with a released result in a cycle, carried on
    by the workers chunk by chunk; at most one is under way in a cycle.

    `last_assessment_id`: how far it is, in the order of the ids; `new_count`: proposals that were not there.
    """

    __tablename__ = "suggestion_run"
    __table_args__ = (
        Index(
            "uq_suggestion_run_under_way",
            "cycle_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    asked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    total_count: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    new_count: Mapped[int] = mapped_column(default=0)
    last_assessment_id: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
