"""Authority and history: the tables of orders, changes of post, extensions, agreements, objections, paper
forms, drafts and looks; and the history's chain."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_authority_and_history"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

SUBJECTS = ("cycle", "assessment", "plan", "plan_item", "employee", "organisation", "account", "report")
MORE_SUBJECTS = ("delegation", "handover", "extension", "objection")
PHASES = (
    "self_assessment",
    "rating",
    "second_opinion",
    "release",
    "receipt",
    "plan_drafting",
    "plan_review",
    "progress",
    "plan_evaluation",
)
ASSESSMENT_STATES = (
    "not_started",
    "self_assessing",
    "self_submitted",
    "rating",
    "rated",
    "second_opinion",
    "moderated",
    "released",
    "received",
    "refused",
    "closed",
)
PLAN_STATES = (
    "draft",
    "submitted",
    "returned",
    "second_level_check",
    "hr_check",
    "approved",
    "in_progress",
    "in_evaluation",
    "evaluated",
    "cancelled",
)
MAILS = ("pending", "claimed", "handing_off", "sent", "failed", "uncertain", "no_address")
REPORTS = ("assessment", "plan", "unit_forms")

WIDENED = (
    ("assessment", "state", ASSESSMENT_STATES, ("exempted",)),
    ("development_plan", "state", PLAN_STATES, ("amending",)),
    ("phase", "kind", PHASES, ("agreement",)),
    ("reminder", "phase", PHASES, ("agreement",)),
    ("reminder", "subject_type", SUBJECTS, MORE_SUBJECTS),
    ("notice", "subject_type", SUBJECTS, MORE_SUBJECTS),
    ("history_entry", "subject_type", SUBJECTS, MORE_SUBJECTS),
    ("stored_document", "subject_type", SUBJECTS, MORE_SUBJECTS),
    ("stored_document", "kind", REPORTS, ("blank", "whole_record")),
    ("report_job", "subject_type", SUBJECTS, MORE_SUBJECTS),
    ("mail", "state", MAILS, ("handed_over",)),
    ("report_job", "kind", REPORTS, ("blank", "whole_record")),
)
"""Table, column, the words that it took, those that it takes besides."""

ONE_AT_A_TIME = (
    ("uq_extension_asked", "state = 'asked'"),
    ("uq_extension_reopened", "kind = 'reopen' AND state = 'granted'"),
)
"""Of a person and a step: one open request, one running reopening."""


APPEND_ONLY_TABLES = ("history_entry", "history_seal")
BEGINNING = "0" * 64
"""The hash before a record's first entry."""
ENTRIES_AT_ONCE = 2000


def one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def widen(more: bool) -> None:
    """Let the columns take the new words, or no longer."""
    for table in dict.fromkeys(table for table, *_ in WIDENED):
        with op.batch_alter_table(table) as batch_op:
            for each, column, before, added in WIDENED:
                if each == table:
                    name = op.f(f"ck_{table}_{column}")
                    batch_op.drop_constraint(name, type_="check")
                    batch_op.create_check_constraint(
                        name, one_of(column, (*before, *(added if more else ())))
                    )


def upgrade() -> None:
    widen(more=True)
    with op.batch_alter_table("mail") as batch_op:
        batch_op.add_column(sa.Column("handed_over_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("handed_over_by_person_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_mail_handed_over_by_person_id"), "person", ["handed_over_by_person_id"], ["id"]
        )

    op.create_table(
        "history_head",
        sa.Column(
            "subject_type",
            sa.Enum(
                "cycle",
                "assessment",
                "plan",
                "plan_item",
                "employee",
                "organisation",
                "account",
                "report",
                "delegation",
                "handover",
                "extension",
                "objection",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", name=op.f("pk_history_head")),
    )
    op.create_table(
        "history_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_entry_id", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_seal")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_history_seal_previous_hash")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "cycle",
                "assessment",
                "plan",
                "plan_item",
                "employee",
                "organisation",
                "account",
                "report",
                "delegation",
                "handover",
                "extension",
                "objection",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_person_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attachment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_person_id"], ["person.id"], name=op.f("fk_attachment_uploaded_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_attachment_storage_key")),
    )
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_attachment_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "cycle",
                "assessment",
                "plan",
                "plan_item",
                "employee",
                "organisation",
                "account",
                "report",
                "delegation",
                "handover",
                "extension",
                "objection",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("owner_person_id", sa.Integer(), nullable=False),
        sa.Column("viewer_person_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_person_id", sa.Integer(), nullable=True),
        sa.Column(
            "relation",
            sa.Enum(
                "owner",
                "supervisor",
                "second_level",
                "former_supervisor",
                "hr_officer",
                "executive",
                "auditor",
                "member",
                "signed_in",
                "deployment_admin",
                "system",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "what",
            sa.Enum(
                "page",
                "document",
                "archive",
                "export",
                "attachment",
                name="what",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("viewer_person_id <> owner_person_id", name=op.f("ck_look_viewer_is_another")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_person_id"], ["person.id"], name=op.f("fk_look_on_behalf_of_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_look_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name=op.f("fk_look_owner_person_id")),
        sa.ForeignKeyConstraint(["viewer_person_id"], ["person.id"], name=op.f("fk_look_viewer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "viewer_person_id",
            "what",
            "local_day",
            name=op.f("uq_look_subject_type_subject_id_viewer_person_id_what_local_day"),
        ),
    )
    with op.batch_alter_table("look") as batch_op:
        batch_op.create_index(batch_op.f("ix_look_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_look_owner_person_id_last_at", ["owner_person_id", "last_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_look_viewer_person_id"), ["viewer_person_id"], unique=False)

    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "approve_plans",
                "return_plans",
                "agree",
                "moderate",
                "release",
                "remind",
                "extend",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("came_from", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bulk_run_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bulk_run_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
    )
    with op.batch_alter_table("bulk_run") as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_run_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_run_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_run_person_id"), ["person_id"], unique=False)

    op.create_table(
        "bulk_row",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("effect", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("obstacle", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=True),
        sa.Column("refusal", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_bulk_row_assessment_id")),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_bulk_row")),
    )
    with op.batch_alter_table("bulk_row") as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_row_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "typed_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("based_on_version", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_typed_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_draft")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_typed_draft_person_id_form_key")),
    )
    with op.batch_alter_table("typed_draft") as batch_op:
        batch_op.create_index(batch_op.f("ix_typed_draft_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "paper_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "cycle",
                "assessment",
                "plan",
                "plan_item",
                "employee",
                "organisation",
                "account",
                "report",
                "delegation",
                "handover",
                "extension",
                "objection",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("signer_person_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("entered_by_person_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_paper_form_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["person.id"], name=op.f("fk_paper_form_entered_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_form_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signer_person_id"], ["person.id"], name=op.f("fk_paper_form_signer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
    )
    with op.batch_alter_table("paper_form") as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_form_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_paper_form_signer_person_id"), ["signer_person_id"], unique=False
        )
        batch_op.create_index("ix_paper_form_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("expected_text", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("owner_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_person_id", sa.Integer(), nullable=True),
        sa.Column("refusal_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_agreement_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_person_id"], ["person.id"], name=op.f("fk_agreement_supervisor_person_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement") as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "agreement",
                "self_assessment",
                "rating",
                "second_opinion",
                "release",
                "receipt",
                "plan_drafting",
                "plan_review",
                "progress",
                "plan_evaluation",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("extend", "reopen", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                "withdrawn",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assessment_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_extension_person_or_unit")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"], ["person.id"], name=op.f("fk_extension_asked_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_extension_assessment_id")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_extension_cycle_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["person.id"], name=op.f("fk_extension_decided_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_extension_organisation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extension_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_extension_asked_by_person_id"), ["asked_by_person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_extension_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(
            "ix_extension_cycle_id_phase_state", ["cycle_id", "phase", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_extension_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_unit_id"), ["unit_id"], unique=False)
        for name, condition in ONE_AT_A_TIME:
            batch_op.create_index(
                name,
                ["assessment_id", "phase"],
                unique=True,
                postgresql_where=sa.text(condition),
                sqlite_where=sa.text(condition),
            )

    op.create_table(
        "release_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("last_assessment_id", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"], ["person.id"], name=op.f("fk_release_run_asked_by_person_id")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_release_run_cycle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_release_run_organisation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_release_run_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_run")),
    )
    with op.batch_alter_table("release_run") as batch_op:
        batch_op.create_index(batch_op.f("ix_release_run_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_release_run_under_way",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "lodged",
                "withdrawn",
                "upheld",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("lodged_by_person_id", sa.Integer(), nullable=True),
        sa.Column("lodged_on", sa.Date(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_number", sa.String(length=100), nullable=False),
        sa.Column("decision_text", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("export_job_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_objection_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["person.id"], name=op.f("fk_objection_decided_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["export_job_id"], ["report_job.id"], name=op.f("fk_objection_export_job_id")
        ),
        sa.ForeignKeyConstraint(
            ["lodged_by_person_id"], ["person.id"], name=op.f("fk_objection_lodged_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_objection_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection") as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_objection_lodged",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'lodged'"),
            postgresql_where=sa.text("state = 'lodged'"),
        )

    op.create_table(
        "staff_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "transfer",
                "promotion",
                "supervisor_change",
                "secondment",
                "leave",
                "resignation",
                "retirement",
                "death",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("order_number", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_person_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_staff_change_assignment_id")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_staff_change_employee_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["person.id"], name=op.f("fk_staff_change_entered_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_change")),
    )
    with op.batch_alter_table("staff_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_change_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_staff_change_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "consequence",
            sa.Enum(
                "keep",
                "hand_over",
                "split_by_days",
                "exempt",
                name="consequence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting_statement",
                "stated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_person_id", sa.Integer(), nullable=True),
        sa.Column("to_person_id", sa.Integer(), nullable=True),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("days_after", sa.Integer(), nullable=False),
        sa.Column("kept_rating", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("stated_by_person_id", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days_before >= 0 AND days_after >= 0", name=op.f("ck_handover_days_not_negative")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_handover_assessment_id")),
        sa.ForeignKeyConstraint(["change_id"], ["staff_change.id"], name=op.f("fk_handover_change_id")),
        sa.ForeignKeyConstraint(["from_person_id"], ["person.id"], name=op.f("fk_handover_from_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_handover_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_person_id"], ["person.id"], name=op.f("fk_handover_stated_by_person_id")
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_handover_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("change_id", "assessment_id", name=op.f("uq_handover_change_id_assessment_id")),
    )
    with op.batch_alter_table("handover") as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_from_person_id"), ["from_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "result_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("results_score", sa.Integer(), nullable=True),
        sa.Column("competency_score", sa.Integer(), nullable=True),
        sa.Column("total_score", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=40), nullable=True),
        sa.Column(
            "score_explanation", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_result_correction_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_result_correction_objection_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_result_correction_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_correction")),
        sa.UniqueConstraint("objection_id", name=op.f("uq_result_correction_objection_id")),
    )
    with op.batch_alter_table("result_correction") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_result_correction_assessment_id"), ["assessment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_result_correction_organisation_id"), ["organisation_id"], unique=False
        )

    with op.batch_alter_table("delegation") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "acting", "performing", name="kind", native_enum=False, create_constraint=True, length=32
                ),
                server_default="acting",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "scope",
                sa.Enum(
                    "everything",
                    "assessments",
                    "plans",
                    name="scope",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="everything",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_revoked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_delegation_unit_id"), "unit", ["unit_id"], ["id"])

    with op.batch_alter_table("external_appraiser") as batch_op:
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))

    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(
            sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    # The defaults were for the rows of before. In a batch of its own: SQLite copies the rows at its end.
    with op.batch_alter_table("delegation") as batch_op:
        for column in ("kind", "scope", "is_revoked", "end_reason", "version"):
            batch_op.alter_column(column, server_default=None)
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("must_change_password", server_default=None)

    with op.batch_alter_table("history_entry") as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    chain_rows_of_before()
    with op.batch_alter_table("history_entry") as batch_op:
        for column in ("sequence", "previous_hash", "hash"):
            batch_op.alter_column(column, nullable=False)
        batch_op.drop_index(batch_op.f("ix_history_entry_subject"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_history_entry_subject_type_subject_id_sequence"),
            ["subject_type", "subject_id", "sequence"],
        )
    let_only_grow()


def chain_rows_of_before() -> None:
    """Give each entry its place, and the hash over it and the one before it; and each record its head."""
    connection = op.get_bind()
    entry = sa.table(
        "history_entry",
        *(sa.column(name, sa.Integer()) for name in ("id", "organisation_id", "subject_id", "sequence")),
        *(sa.column(name, sa.String()) for name in ("subject_type", "event", "from_state", "to_state")),
        *(sa.column(name, sa.Integer()) for name in ("actor_person_id", "on_behalf_of_person_id")),
        *(sa.column(name, sa.String()) for name in ("origin", "reason", "previous_hash", "hash")),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    )
    columns = [each for each in entry.c if each.name not in ("sequence", "previous_hash", "hash")]
    place = sa.tuple_(entry.c.subject_type, entry.c.subject_id, entry.c.id)
    put = (
        entry.update()
        .where(entry.c.id == sa.bindparam("id_"))
        .values({name: sa.bindparam(f"{name}_") for name in ("sequence", "previous_hash", "hash")})
    )
    last: tuple[object, ...] = ()
    subject: tuple[object, ...] = ()
    sequence, chained = 0, BEGINNING
    while True:
        following = sa.select(*columns).order_by(*place.clauses).limit(ENTRIES_AT_ONCE)
        rows = connection.execute(following.where(place > last) if last else following).mappings().all()
        if not rows:
            return
        written, heads = [], {}
        for row in rows:
            if (row["subject_type"], row["subject_id"]) != subject:
                subject, sequence, chained = (row["subject_type"], row["subject_id"]), 0, BEGINNING
            sequence, before = sequence + 1, chained
            fields = {name: value for name, value in row.items() if name != "id"} | {"sequence": sequence}
            chained = sha256(f"{before}\n{canonical(fields)}".encode()).hexdigest()
            written.append(
                {"id_": row["id"], "sequence_": sequence, "previous_hash_": before, "hash_": chained}
            )
            heads[subject] = {"type": subject[0], "id": subject[1], "sequence": sequence, "hash": chained}
        connection.execute(put, written)
        connection.execute(
            sa.text(
                "INSERT INTO history_head (subject_type, subject_id, sequence, hash)"
                " VALUES (:type, :id, :sequence, :hash)"
                " ON CONFLICT (subject_type, subject_id) DO UPDATE"
                " SET sequence = excluded.sequence, hash = excluded.hash"
            ),
            list(heads.values()),
        )
        last = (rows[-1]["subject_type"], rows[-1]["subject_id"], rows[-1]["id"])


def canonical(fields: dict[str, object]) -> str:
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)


def plain(value: datetime) -> str:
    """SQLite keeps no zone: its times are UTC."""
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def let_only_grow() -> None:
    """From here on the database itself refuses to change or remove an entry or a seal."""
    if op.get_context().dialect.name == "sqlite":
        for table in APPEND_ONLY_TABLES:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: %s is refused'); END"
            for deed in ("UPDATE", "DELETE"):
                name = f"{table}_refuses_{deed.lower()}"
                op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {refuse % deed}")
            op.execute(
                f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"
                f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse % 'REPLACE'}"
            )
        return
    op.execute(
        """
CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$"""
    )
    for table in APPEND_ONLY_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history()"
        )


def let_change_again() -> None:
    if op.get_context().dialect.name == "sqlite":
        for table in APPEND_ONLY_TABLES:
            for deed in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_refuses_{deed}")
        return
    for table in APPEND_ONLY_TABLES:
        op.execute(f"DROP TRIGGER {table}_is_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_to_change_history()")


def downgrade() -> None:
    let_change_again()
    widen(more=False)
    with op.batch_alter_table("mail") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_mail_handed_over_by_person_id"), type_="foreignkey")
        batch_op.drop_column("handed_over_by_person_id")
        batch_op.drop_column("handed_over_on")

    with op.batch_alter_table("history_entry") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_history_entry_subject_type_subject_id_sequence"), type_="unique"
        )
        batch_op.create_index(
            batch_op.f("ix_history_entry_subject"), ["subject_type", "subject_id", "id"], unique=False
        )
        batch_op.drop_column("hash")
        batch_op.drop_column("previous_hash")
        batch_op.drop_column("sequence")

    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("must_change_password")

    with op.batch_alter_table("external_appraiser") as batch_op:
        batch_op.drop_column("until_on")

    with op.batch_alter_table("delegation") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_delegation_unit_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_delegation_scope"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_delegation_kind"), type_="check")
        batch_op.drop_column("version")
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ended_at")
        batch_op.drop_column("is_revoked")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("scope")
        batch_op.drop_column("kind")

    with op.batch_alter_table("result_correction") as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_correction_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_result_correction_assessment_id"))

    op.drop_table("result_correction")
    with op.batch_alter_table("handover") as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_handover_from_person_id"))
        batch_op.drop_index(batch_op.f("ix_handover_assessment_id"))

    op.drop_table("handover")
    with op.batch_alter_table("staff_change") as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_change_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_staff_change_employee_id"))

    op.drop_table("staff_change")
    with op.batch_alter_table("objection") as batch_op:
        batch_op.drop_index(
            "uq_objection_lodged",
            sqlite_where=sa.text("state = 'lodged'"),
            postgresql_where=sa.text("state = 'lodged'"),
        )
        batch_op.drop_index(batch_op.f("ix_objection_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_objection_assessment_id"))

    op.drop_table("objection")
    with op.batch_alter_table("release_run") as batch_op:
        batch_op.drop_index(
            "uq_release_run_under_way",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_release_run_organisation_id"))

    op.drop_table("release_run")
    with op.batch_alter_table("extension") as batch_op:
        for name, _condition in ONE_AT_A_TIME:
            batch_op.drop_index(name)
        batch_op.drop_index(batch_op.f("ix_extension_unit_id"))
        batch_op.drop_index(batch_op.f("ix_extension_organisation_id"))
        batch_op.drop_index("ix_extension_cycle_id_phase_state")
        batch_op.drop_index(batch_op.f("ix_extension_assessment_id"))
        batch_op.drop_index(batch_op.f("ix_extension_asked_by_person_id"))

    op.drop_table("extension")
    with op.batch_alter_table("agreement") as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_organisation_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("paper_form") as batch_op:
        batch_op.drop_index("ix_paper_form_subject")
        batch_op.drop_index(batch_op.f("ix_paper_form_signer_person_id"))
        batch_op.drop_index(batch_op.f("ix_paper_form_organisation_id"))

    op.drop_table("paper_form")
    with op.batch_alter_table("typed_draft") as batch_op:
        batch_op.drop_index(batch_op.f("ix_typed_draft_updated_at"))

    op.drop_table("typed_draft")
    op.drop_table("bulk_row")
    op.drop_table("bulk_run")
    with op.batch_alter_table("look") as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_viewer_person_id"))
        batch_op.drop_index("ix_look_owner_person_id_last_at")
        batch_op.drop_index(batch_op.f("ix_look_organisation_id"))

    op.drop_table("look")
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.drop_index("ix_attachment_subject")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id"))

    op.drop_table("attachment")
    op.drop_table("history_seal")
    op.drop_table("history_head")
