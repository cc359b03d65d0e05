"""Ratings and profiles: notes on indicators, averages of raters, requests to reconsider, positions of their own
expectations, an organisation's own frameworks, imported files; scoring methods by their key."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_ratings_and_profiles"
down_revision = "0002_authority_and_history"
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
)
MORE_SUBJECTS = ("framework", "profile", "position_override", "import")
ROLES = ("hr_officer", "executive", "auditor", "deployment_admin")
RELATIONS = (
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
)
BULK_ACTIONS = ("approve_plans", "return_plans", "agree", "moderate", "release", "remind", "extend")
METHODS = ("bar", "rating", "hybrid", "comparison_table")

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
WIDENED = (
    *((table, "subject_type", SUBJECTS, MORE_SUBJECTS) for table in TABLES_WITH_SUBJECT),
    ("role_grant", "role", ROLES, ("moderator",)),
    ("bulk_run", "action", BULK_ACTIONS, ("ask_reconsideration", "submit_ratings")),
    ("look", "relation", RELATIONS, ("moderator",)),
)
"""Table, column, the words that it took, those that it takes besides."""


def one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def widen(more: bool) -> None:
    """Let the columns take the new words, or no longer."""
    for table, column, before, added in WIDENED:
        name = op.f(f"ck_{table}_{column}")
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, one_of(column, (*before, *(added if more else ()))))
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


def check_rating(more: bool) -> None:
    """A rating says one level: stated, or a mean."""
    checks = (
        ("ck_rating_average_level_not_negative", "average_level >= 0"),
        ("ck_rating_one_level_given", "stated_level IS NULL OR average_level IS NULL"),
    )
    with op.batch_alter_table("rating") as batch_op:
        for name, rule in checks:
            if more:
                batch_op.create_check_constraint(op.f(name), rule)
            else:
                batch_op.drop_constraint(op.f(name), type_="check")


def upgrade() -> None:
    widen(more=True)
    # A new scoring method is a class in the code and no change of the tables.
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.drop_constraint(op.f("ck_assessment_scoring_method"), type_="check")
        batch_op.alter_column(
            "scoring_method", existing_type=sa.String(32), type_=sa.String(40), existing_nullable=False
        )
    op.create_table(
        "data_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checked",
                "applying",
                "applied",
                "failed",
                "abandoned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("header", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("failure", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("confirmed_by_person_id", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_person_id"], ["person.id"], name=op.f("fk_data_import_confirmed_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_data_import_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_import_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_import")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_data_import_storage_key")),
    )
    with op.batch_alter_table("data_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_import_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_import_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_import_person_id"), ["person_id"], unique=False)

    op.create_table(
        "data_import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "add",
                "change",
                "nothing",
                "refused",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("target", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["data_import.id"], name=op.f("fk_data_import_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_data_import_row")),
    )
    op.create_table(
        "reconsideration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("levels_before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("levels_after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"], ["person.id"], name=op.f("fk_reconsideration_asked_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_reconsideration_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reconsideration_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconsideration")),
    )
    with op.batch_alter_table("reconsideration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconsideration_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reconsideration_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_reconsideration_open",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "position_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position_number", sa.String(length=40), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("entered_by_person_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level >= 0", name=op.f("ck_position_override_level_not_negative")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_position_override_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_position_override_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["person.id"], name=op.f("fk_position_override_entered_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_position_override_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_override")),
        sa.UniqueConstraint(
            "organisation_id",
            "position_number",
            "competency_id",
            "from_on",
            name="uq_position_override_position_competency_from_on",
        ),
    )
    with op.batch_alter_table("position_override", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_position_override_competency_id"), ["competency_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_position_override_organisation_id"), ["organisation_id"], unique=False
        )

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column(
            "scoring_method",
            existing_type=sa.VARCHAR(length=32),
            type_=sa.String(length=40),
            existing_nullable=False,
        )

    with op.batch_alter_table("competency_framework", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_competency_framework_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_competency_framework_organisation_id"), "organisation", ["organisation_id"], ["id"]
        )

    with op.batch_alter_table("framework_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("based_on_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_framework_version_based_on_version_id"),
            "framework_version",
            ["based_on_version_id"],
            ["id"],
        )

    with op.batch_alter_table("position_profile", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("average_level", sa.Integer(), nullable=True))

    with op.batch_alter_table("rating_tick", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))

    check_rating(more=True)


def downgrade() -> None:
    check_rating(more=False)
    with op.batch_alter_table("rating_tick", schema=None) as batch_op:
        batch_op.drop_column("note")

    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_column("average_level")

    with op.batch_alter_table("position_profile", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("framework_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_framework_version_based_on_version_id"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("based_on_version_id")
        batch_op.drop_column("retired_at")

    with op.batch_alter_table("competency_framework", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_competency_framework_organisation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_competency_framework_organisation_id"))
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column(
            "scoring_method",
            existing_type=sa.String(length=40),
            type_=sa.VARCHAR(length=32),
            existing_nullable=False,
        )

    with op.batch_alter_table("position_override", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_position_override_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_position_override_competency_id"))

    op.drop_table("position_override")
    with op.batch_alter_table("reconsideration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reconsideration_open",
            sqlite_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reconsideration_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_reconsideration_assessment_id"))

    op.drop_table("reconsideration")
    op.drop_table("data_import_row")
    with op.batch_alter_table("data_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_import_person_id"))
        batch_op.drop_index(batch_op.f("ix_data_import_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_data_import_created_at"))

    op.drop_table("data_import")
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.alter_column(
            "scoring_method", existing_type=sa.String(40), type_=sa.String(32), existing_nullable=False
        )
        batch_op.create_check_constraint(
            op.f("ck_assessment_scoring_method"), one_of("scoring_method", METHODS)
        )
    widen(more=False)
