"""Development plans: an organisation's own actions, courses and ceilings, mentors, evidence, follow-ups; what helped."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_development_plans"
down_revision = "0003_ratings_and_profiles"
branch_labels = None
depends_on = None


SUBJECTS = (
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
    "framework",
    "profile",
    "position_override",
    "import",
)
MORE_SUBJECTS = ("action", "course", "budget", "mentor_offer")
TABLES_WITH_SUBJECT = (
    "history_head",
    "attachment",
    "history_entry",
    "look",
    "stored_document",
    "notice",
    "paper_form",
    "reminder",
    "report_job",
)


def let_subjects_be(words: tuple[str, ...]) -> None:
    """The records that a history entry, a file, a notice may be about."""
    allowed = ", ".join(repr(word) for word in words)
    for table in TABLES_WITH_SUBJECT:
        name = op.f(f"ck_{table}_subject_type")
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"subject_type IN ({allowed})")
    refuse_changes_again()


def refuse_changes_again() -> None:
    """SQLite has lost the triggers of the history: its table was just built anew."""
    if op.get_context().dialect.name != "sqlite":
        return
    table = "history_entry"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: %s is refused'); END"
    for deed in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} {refuse % deed}")
    op.execute(
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse % 'REPLACE'}"
    )


def upgrade() -> None:
    let_subjects_be((*SUBJECTS, *MORE_SUBJECTS))
    op.create_table(
        "action_exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_key", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_action_exclusion_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_action_exclusion_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_exclusion")),
        sa.UniqueConstraint(
            "organisation_id", "action_key", name=op.f("uq_action_exclusion_organisation_id_action_key")
        ),
    )
    with op.batch_alter_table("action_exclusion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_exclusion_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title_th", sa.Text(), nullable=False),
        sa.Column("provider_th", sa.String(length=250), nullable=False),
        sa.Column("detail_th", sa.Text(), nullable=False),
        sa.Column("measure_th", sa.Text(), nullable=False),
        sa.Column("evidence_th", sa.Text(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "on_the_job",
                "assignment",
                "project",
                "rotation",
                "acting_role",
                "improvement",
                "coaching",
                "mentoring",
                "feedback",
                "shadowing",
                "knowledge_sharing",
                "counselling",
                "training",
                "workshop",
                "elearning",
                "self_study",
                "study_visit",
                "certificate",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("price_baht", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours >= 0 AND price_baht >= 0", name=op.f("ck_course_amounts_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_course_organisation_id_code")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "development_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "effect_of",
            sa.Enum(
                "action", "method", name="effect_of", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "helped >= 0 AND helped <= tried", name=op.f("ck_development_effect_helped_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_development_effect_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_effect")),
        sa.UniqueConstraint(
            "organisation_id",
            "effect_of",
            "key",
            name=op.f("uq_development_effect_organisation_id_effect_of_key"),
        ),
    )
    with op.batch_alter_table("development_effect", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_development_effect_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "budget_ceiling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("baht", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("baht >= 0", name=op.f("ck_budget_ceiling_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_budget_ceiling_organisation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_budget_ceiling_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_ceiling")),
        sa.UniqueConstraint(
            "organisation_id",
            "fiscal_year",
            "unit_id",
            name=op.f("uq_budget_ceiling_organisation_id_fiscal_year_unit_id"),
        ),
    )
    with op.batch_alter_table("budget_ceiling", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_budget_ceiling_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_budget_ceiling_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "course_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("price_baht", sa.Integer(), nullable=True),
        sa.Column("place_th", sa.String(length=250), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_course_run_ends_after_start")),
        sa.CheckConstraint(
            "price_baht IS NULL OR price_baht >= 0", name=op.f("ck_course_run_price_not_negative")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_course_run_has_seats")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_run_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_run")),
    )
    with op.batch_alter_table("course_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_run_course_id"), ["course_id"], unique=False)

    op.create_table(
        "suggestion_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("last_assessment_id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"], ["person.id"], name=op.f("fk_suggestion_run_asked_by_person_id")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_suggestion_run_cycle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_suggestion_run_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_run")),
    )
    with op.batch_alter_table("suggestion_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_run_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_suggestion_run_under_way",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "mentor_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("most_mentees", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("most_mentees > 0", name=op.f("ck_mentor_offer_takes_somebody")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_mentor_offer_competency_id")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_mentor_offer_employee_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mentor_offer_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_offer")),
    )
    with op.batch_alter_table("mentor_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentor_offer_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentor_offer_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_mentor_offer_standing",
            ["employee_id", "competency_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "plan_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("first", "second", name="half", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("employee_text", sa.Text(), nullable=False),
        sa.Column("employee_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_text", sa.Text(), nullable=False),
        sa.Column("supervisor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["development_plan.id"], name=op.f("fk_plan_follow_up_plan_id")),
        sa.ForeignKeyConstraint(
            ["supervisor_person_id"], ["person.id"], name=op.f("fk_plan_follow_up_supervisor_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_follow_up")),
        sa.UniqueConstraint("plan_id", "half", name=op.f("uq_plan_follow_up_plan_id_half")),
    )
    op.create_table(
        "course_level",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_level_course_id")),
        sa.ForeignKeyConstraint(
            ["level_id"], ["proficiency_level.id"], name=op.f("fk_course_level_level_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "level_id", name=op.f("pk_course_level")),
    )
    with op.batch_alter_table("course_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_level_level_id"), ["level_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("file", "link", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'file') = (attachment_id IS NOT NULL)", name=op.f("ck_evidence_file_is_attached")
        ),
        sa.CheckConstraint("(kind = 'link') = (url <> '')", name=op.f("ck_evidence_link_has_address")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_evidence_attachment_id")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_evidence_by_person_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_evidence_plan_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_evidence_attachment_id")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_plan_item_id"), ["plan_item_id"], unique=False)

    with op.batch_alter_table("crosswalk_link", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "level_map",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )

    with op.batch_alter_table("development_action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("based_on_action_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(
            batch_op.f("ix_development_action_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_development_action_organisation_id"), "organisation", ["organisation_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_development_action_based_on_action_id"),
            "development_action",
            ["based_on_action_id"],
            ["id"],
        )

    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "other_methods",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("course_run_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mentor_person_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("carried_from_item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("return_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("hours_done", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("spent_baht", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_plan_item_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_item_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_item_course_run_id"), ["course_run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_item_mentor_person_id"), ["mentor_person_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_plan_item_carried_from_item_id"), ["carried_from_item_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_item_course_run_id"), "course_run", ["course_run_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_plan_item_course_id"), "course", ["course_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_item_action_id"), "development_action", ["action_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_item_mentor_person_id"), "person", ["mentor_person_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_item_carried_from_item_id"), "plan_item", ["carried_from_item_id"], ["id"]
        )

    with op.batch_alter_table("plan_item") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_plan_item_used_not_negative"), "hours_done >= 0 AND spent_baht >= 0"
        )
    # What became of an accepted proposal was made from the action that it proposed.
    op.execute(
        "UPDATE plan_item SET action_id ="
        " (SELECT suggestion.action_id FROM suggestion WHERE suggestion.id = plan_item.suggestion_id)"
        " WHERE suggestion_id IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("plan_item") as batch_op:
        batch_op.drop_constraint(op.f("ck_plan_item_used_not_negative"), type_="check")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_plan_item_carried_from_item_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_plan_item_mentor_person_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_plan_item_action_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_plan_item_course_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_plan_item_course_run_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_plan_item_carried_from_item_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_plan_item_mentor_person_id"))
        batch_op.drop_index(batch_op.f("ix_plan_item_course_run_id"))
        batch_op.drop_index(batch_op.f("ix_plan_item_course_id"))
        batch_op.drop_index(batch_op.f("ix_plan_item_action_id"))
        batch_op.drop_column("spent_baht")
        batch_op.drop_column("hours_done")
        batch_op.drop_column("return_note")
        batch_op.drop_column("carried_from_item_id")
        batch_op.drop_column("mentor_person_id")
        batch_op.drop_column("course_run_id")
        batch_op.drop_column("course_id")
        batch_op.drop_column("action_id")
        batch_op.drop_column("other_methods")

    with op.batch_alter_table("development_action", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_development_action_based_on_action_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_development_action_organisation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_development_action_organisation_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("retired_at")
        batch_op.drop_column("published_at")
        batch_op.drop_column("based_on_action_id")
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("crosswalk_link", schema=None) as batch_op:
        batch_op.drop_column("level_map")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_plan_item_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("course_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_level_level_id"))

    op.drop_table("course_level")
    op.drop_table("plan_follow_up")
    with op.batch_alter_table("mentor_offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mentor_offer_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mentor_offer_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_mentor_offer_competency_id"))

    op.drop_table("mentor_offer")
    with op.batch_alter_table("suggestion_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suggestion_run_under_way",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_suggestion_run_organisation_id"))

    op.drop_table("suggestion_run")
    with op.batch_alter_table("course_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_run_course_id"))

    op.drop_table("course_run")
    with op.batch_alter_table("budget_ceiling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_ceiling_unit_id"))
        batch_op.drop_index(batch_op.f("ix_budget_ceiling_organisation_id"))

    op.drop_table("budget_ceiling")
    with op.batch_alter_table("development_effect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_development_effect_organisation_id"))

    op.drop_table("development_effect")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_organisation_id"))

    op.drop_table("course")
    with op.batch_alter_table("action_exclusion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_exclusion_organisation_id"))

    op.drop_table("action_exclusion")
    let_subjects_be(SUBJECTS)
