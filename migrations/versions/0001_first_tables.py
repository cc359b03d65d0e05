"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competency_framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_framework")),
        sa.UniqueConstraint("code", name=op.f("uq_competency_framework_code")),
    )
    op.create_table(
        "crosswalk_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_framework", sa.String(length=60), nullable=False),
        sa.Column("from_competency", sa.String(length=20), nullable=False),
        sa.Column("to_framework", sa.String(length=60), nullable=False),
        sa.Column("to_competency", sa.String(length=20), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "equivalent",
                "broader",
                "narrower",
                "related",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("note_th", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crosswalk_link")),
        sa.UniqueConstraint(
            "from_framework",
            "from_competency",
            "to_framework",
            "to_competency",
            name=op.f("uq_crosswalk_link_from_framework_from_competency_to_framework_to_competency"),
        ),
    )
    op.create_table(
        "line_of_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_of_work")),
        sa.UniqueConstraint("code", name=op.f("uq_line_of_work_code")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_th", sa.String(length=40), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("display_name", sa.String(length=250), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "position_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("families", sa.String(length=120), nullable=False),
        sa.Column("type_name_th", sa.String(length=100), nullable=False),
        sa.Column("type_name_en", sa.String(length=100), nullable=False),
        sa.Column("name_th", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_level")),
        sa.UniqueConstraint("code", name=op.f("uq_position_level_code")),
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "opening",
                "open",
                "closing",
                "closed",
                "archived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_cycle_ends_after_start")),
        sa.CheckConstraint("half IS NULL OR half IN (1, 2)", name=op.f("ck_cycle_half_is_1_or_2")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cycle_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_cycle_organisation_id_code")),
    )
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cycle_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_person_id", sa.Integer(), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=100), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_person_id <> to_person_id", name=op.f("ck_delegation_to_another")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_delegation_ends_after_start")),
        sa.ForeignKeyConstraint(["from_person_id"], ["person.id"], name=op.f("fk_delegation_from_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_delegation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_delegation_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_from_person_id"), ["from_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_to_person_id"), ["to_person_id"], unique=False)

    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "personnel_type",
            sa.Enum(
                "civil_servant",
                "local_officer",
                "government_employee",
                "permanent_employee",
                "contract_employee",
                name="personnel_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employee_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_employee_organisation_id_number")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("uq_employee_organisation_id_person_id")
        ),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_employee_person_id", ["person_id"], unique=False)

    op.create_table(
        "expected_level_default",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "core", "functional", name="category", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("position_level_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_level_id"],
            ["position_level.id"],
            name=op.f("fk_expected_level_default_position_level_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_level_default")),
        sa.UniqueConstraint(
            "family",
            "category",
            "position_level_id",
            name=op.f("uq_expected_level_default_family_category_position_level_id"),
        ),
    )
    op.create_table(
        "external_appraiser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_external_appraiser_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_external_appraiser_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_appraiser")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("uq_external_appraiser_organisation_id_person_id")
        ),
    )
    with op.batch_alter_table("external_appraiser", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_external_appraiser_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_external_appraiser_person_id"), ["person_id"], unique=False)

    op.create_table(
        "framework_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name_th", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("organisation_th", sa.String(length=300), nullable=True),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("source_marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("errata", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["competency_framework.id"], name=op.f("fk_framework_version_framework_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_version")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_framework_version_framework_id_number")),
    )
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
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
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=True),
        sa.Column("actor_person_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_person_id"], ["person.id"], name=op.f("fk_history_entry_actor_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_person_id"], ["person.id"], name=op.f("fk_history_entry_on_behalf_of_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_history_entry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_history_entry_actor_person_id"), ["actor_person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_history_entry_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_history_entry_subject", ["subject_type", "subject_id", "id"], unique=False)

    op.create_table(
        "line_of_work_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_of_work_id", sa.Integer(), nullable=False),
        sa.Column("framework_code", sa.String(length=60), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("label_th", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_of_work_id"], ["line_of_work.id"], name=op.f("fk_line_of_work_competency_line_of_work_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_of_work_competency")),
        sa.UniqueConstraint(
            "line_of_work_id",
            "framework_code",
            "competency_code",
            name=op.f("uq_line_of_work_competency_line_of_work_id_framework_code_competency_code"),
        ),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "claimed",
                "handing_off",
                "sent",
                "failed",
                "uncertain",
                "no_address",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text_body", sa.Text(), nullable=False),
        sa.Column("html_body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_token", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mail_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_person_id"], ["person.id"], name=op.f("fk_mail_recipient_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "organisation_id",
            "recipient_person_id",
            "kind",
            "local_day",
            name=op.f("uq_mail_organisation_id_recipient_person_id_kind_local_day"),
        ),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mail_recipient_person_id"), ["recipient_person_id"], unique=False
        )
        batch_op.create_index("ix_mail_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "organisation_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_setting_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_setting")),
        sa.UniqueConstraint(
            "organisation_id",
            "key",
            "from_on",
            name=op.f("uq_organisation_setting_organisation_id_key_from_on"),
        ),
    )
    with op.batch_alter_table("organisation_setting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_setting_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "position_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_of_work_id", sa.Integer(), nullable=True),
        sa.Column("position_level_id", sa.Integer(), nullable=False),
        sa.Column("label_th", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_position_profile_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["line_of_work_id"], ["line_of_work.id"], name=op.f("fk_position_profile_line_of_work_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_position_profile_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_level_id"], ["position_level.id"], name=op.f("fk_position_profile_position_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_profile")),
        sa.UniqueConstraint(
            "organisation_id",
            "line_of_work_id",
            "position_level_id",
            "from_on",
            name=op.f("uq_position_profile_organisation_id_line_of_work_id_position_level_id_from_on"),
        ),
    )
    with op.batch_alter_table("position_profile", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_position_profile_line_of_work_id"), ["line_of_work_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_position_profile_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_position_profile_position_level_id"), ["position_level_id"], unique=False
        )

    op.create_table(
        "stored_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assessment",
                "plan",
                "unit_forms",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=250), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_person_id"], ["person.id"], name=op.f("fk_stored_document_created_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stored_document_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_document")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_stored_document_storage_key")),
    )
    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stored_document_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_stored_document_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_unit_organisation_id_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_path"), ["path"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_user_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_user_account_person_id")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("owner_person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_person_id", sa.Integer(), nullable=True),
        sa.Column("second_level_person_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
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
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "scoring_method",
            sa.Enum(
                "bar",
                "rating",
                "hybrid",
                "comparison_table",
                name="scoring_method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("competency_part", sa.Integer(), nullable=False),
        sa.Column("results_score", sa.Integer(), nullable=True),
        sa.Column("competency_score", sa.Integer(), nullable=True),
        sa.Column("total_score", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=40), nullable=True),
        sa.Column(
            "score_explanation", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("self_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_opinion_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "second_opinion",
            sa.Enum(
                "agrees",
                "differs",
                name="second_opinion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("second_opinion_text", sa.Text(), nullable=False),
        sa.Column(
            "employee_opinion",
            sa.Enum(
                "agrees",
                "disagrees",
                name="employee_opinion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("employee_opinion_text", sa.Text(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("witness_name", sa.String(length=200), nullable=False),
        sa.Column("witness_position", sa.String(length=200), nullable=False),
        sa.Column("title_th", sa.String(length=40), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("employee_number", sa.String(length=40), nullable=False),
        sa.Column(
            "personnel_type",
            sa.Enum(
                "civil_servant",
                "local_officer",
                "government_employee",
                "permanent_employee",
                "contract_employee",
                name="personnel_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position_name", sa.String(length=200), nullable=False),
        sa.Column("position_number", sa.String(length=40), nullable=False),
        sa.Column("position_type_name", sa.String(length=100), nullable=False),
        sa.Column("position_level_code", sa.String(length=10), nullable=False),
        sa.Column("position_level_name", sa.String(length=100), nullable=False),
        sa.Column("line_of_work_name", sa.String(length=200), nullable=False),
        sa.Column("unit_path_name", sa.String(length=600), nullable=False),
        sa.Column("supervisor_name", sa.String(length=250), nullable=False),
        sa.Column("supervisor_position", sa.String(length=250), nullable=False),
        sa.Column("second_level_name", sa.String(length=250), nullable=False),
        sa.Column("second_level_position", sa.String(length=250), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "second_level_person_id <> owner_person_id", name=op.f("ck_assessment_second_level_is_another")
        ),
        sa.CheckConstraint(
            "supervisor_person_id <> owner_person_id", name=op.f("ck_assessment_supervisor_is_another")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_assessment_cycle_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_assessment_employee_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assessment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_person_id"], ["person.id"], name=op.f("fk_assessment_owner_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_level_person_id"], ["person.id"], name=op.f("fk_assessment_second_level_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_person_id"], ["person.id"], name=op.f("fk_assessment_supervisor_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("cycle_id", "employee_id", name=op.f("uq_assessment_cycle_id_employee_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_cycle_id_state", ["cycle_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_owner_person_id"), ["owner_person_id"], unique=False)
        batch_op.create_index(
            "ix_assessment_second_level_person_id_state", ["second_level_person_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_assessment_supervisor_person_id_state", ["supervisor_person_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assessment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position_name", sa.String(length=200), nullable=False),
        sa.Column("full_position", sa.String(length=250), nullable=False),
        sa.Column("position_number", sa.String(length=40), nullable=False),
        sa.Column("line_of_work_id", sa.Integer(), nullable=True),
        sa.Column("position_level_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_person_id", sa.Integer(), nullable=True),
        sa.Column("second_level_person_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_assignment_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_assignment_employee_id")),
        sa.ForeignKeyConstraint(
            ["line_of_work_id"], ["line_of_work.id"], name=op.f("fk_assignment_line_of_work_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assignment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_level_id"], ["position_level.id"], name=op.f("fk_assignment_position_level_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_level_person_id"], ["person.id"], name=op.f("fk_assignment_second_level_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_person_id"], ["person.id"], name=op.f("fk_assignment_supervisor_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_line_of_work_id"), ["line_of_work_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_position_level_id"), ["position_level_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_second_level_person_id"), ["second_level_person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_supervisor_person_id"), ["supervisor_person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_open",
            ["employee_id"],
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_version_id", sa.Integer(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("code_is_official", sa.Boolean(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "core", "functional", name="category", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name_th", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("definition_th", sa.Text(), nullable=False),
        sa.Column("source_marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name=op.f("fk_competency_framework_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint(
            "framework_version_id", "code", name=op.f("uq_competency_framework_version_id_code")
        ),
    )
    op.create_table(
        "cycle_framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("framework_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "core", "functional", name="category", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_framework_cycle_id")),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name=op.f("fk_cycle_framework_framework_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_framework")),
        sa.UniqueConstraint(
            "cycle_id",
            "framework_version_id",
            "category",
            name=op.f("uq_cycle_framework_cycle_id_framework_version_id_category"),
        ),
    )
    op.create_table(
        "notice",
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
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("recipient_person_id", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_notice_mail_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_notice_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_person_id"], ["person.id"], name=op.f("fk_notice_recipient_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_notice_recipient_person_id_read_at", ["recipient_person_id", "read_at"], unique=False
        )

    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self_assessment",
                "rating",
                "second_opinion",
                "release",
                "receipt",
                "plan_drafting",
                "plan_review",
                "progress",
                "plan_evaluation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("due_on >= opens_on", name=op.f("ck_phase_due_after_opening")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_phase_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("cycle_id", "kind", name=op.f("uq_phase_cycle_id_kind")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
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
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("recipient_person_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
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
            "step",
            sa.Enum(
                "due_soon",
                "due_today",
                "overdue",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_reminder_cycle_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_reminder_mail_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_person_id"], ["person.id"], name=op.f("fk_reminder_recipient_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "recipient_person_id",
            "phase",
            "step",
            "local_day",
            name=op.f("uq_reminder_subject_type_subject_id_recipient_person_id_phase_step_local_day"),
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_reminder_recipient_person_id_local_day", ["recipient_person_id", "local_day"], unique=False
        )

    op.create_table(
        "report_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assessment",
                "plan",
                "unit_forms",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_token", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("requested_by_person_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "done_count >= 0 AND done_count <= total_count", name=op.f("ck_report_job_progress_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["stored_document.id"], name=op.f("fk_report_job_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_job_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_person_id"], ["person.id"], name=op.f("fk_report_job_requested_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_job")),
    )
    with op.batch_alter_table("report_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_job_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_job_requested_by_person_id"), ["requested_by_person_id"], unique=False
        )
        batch_op.create_index("ix_report_job_state_claimed_until", ["state", "claimed_until"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "hr_officer",
                "executive",
                "auditor",
                "deployment_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'deployment_admin') = (organisation_id IS NULL)",
            name=op.f("ck_role_grant_organisation_named"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_web_session_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_account_id"], ["user_account.id"], name=op.f("fk_web_session_user_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_user_account_id"), ["user_account_id"], unique=False)

    op.create_table(
        "assessment_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("expected_level", sa.Integer(), nullable=False),
        sa.Column("weight_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("expected_level >= 0", name=op.f("ck_assessment_item_expected_not_negative")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_item_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_assessment_item_competency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_item")),
        sa.UniqueConstraint(
            "assessment_id", "competency_id", name=op.f("uq_assessment_item_assessment_id_competency_id")
        ),
    )
    with op.batch_alter_table("assessment_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_item_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "development_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("owner_person_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_person_id", sa.Integer(), nullable=True),
        sa.Column("second_level_person_id", sa.Integer(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
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
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employee_note", sa.Text(), nullable=False),
        sa.Column("supervisor_comment", sa.Text(), nullable=False),
        sa.Column("second_level_comment", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("evaluation_comment", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "supervisor_person_id <> owner_person_id", name=op.f("ck_development_plan_supervisor_is_another")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_development_plan_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_development_plan_employee_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_development_plan_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_person_id"], ["person.id"], name=op.f("fk_development_plan_owner_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_level_person_id"], ["person.id"], name=op.f("fk_development_plan_second_level_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_person_id"], ["person.id"], name=op.f("fk_development_plan_supervisor_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_plan")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_development_plan_assessment_id")),
        sa.UniqueConstraint(
            "employee_id", "fiscal_year", name=op.f("uq_development_plan_employee_id_fiscal_year")
        ),
    )
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_development_plan_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "ix_development_plan_organisation_id_fiscal_year_state",
            ["organisation_id", "fiscal_year", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_development_plan_owner_person_id"), ["owner_person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_development_plan_second_level_person_id"), ["second_level_person_id"], unique=False
        )
        batch_op.create_index(
            "ix_development_plan_supervisor_person_id_state", ["supervisor_person_id", "state"], unique=False
        )

    op.create_table(
        "expected_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.CheckConstraint("level >= 0", name=op.f("ck_expected_level_level_not_negative")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_expected_level_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["position_profile.id"], name=op.f("fk_expected_level_profile_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_level")),
        sa.UniqueConstraint(
            "profile_id", "competency_id", name=op.f("uq_expected_level_profile_id_competency_id")
        ),
    )
    with op.batch_alter_table("expected_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_level_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "proficiency_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_th", sa.Text(), nullable=False),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("source_marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_proficiency_level_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_proficiency_level_competency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proficiency_level")),
        sa.UniqueConstraint(
            "competency_id", "number", name=op.f("uq_proficiency_level_competency_id_number")
        ),
    )
    op.create_table(
        "behavioural_indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("text_th", sa.Text(), nullable=False),
        sa.Column("source_marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["level_id"], ["proficiency_level.id"], name=op.f("fk_behavioural_indicator_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behavioural_indicator")),
        sa.UniqueConstraint(
            "level_id", "sort_order", name=op.f("uq_behavioural_indicator_level_id_sort_order")
        ),
    )
    op.create_table(
        "development_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("level_id", sa.Integer(), nullable=False),
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
        sa.Column("title_th", sa.Text(), nullable=False),
        sa.Column("detail_th", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("cost_baht", sa.Integer(), nullable=False),
        sa.Column("evidence_th", sa.Text(), nullable=False),
        sa.Column("measure_th", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "hours >= 0 AND weeks >= 0 AND cost_baht >= 0",
            name=op.f("ck_development_action_amounts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["proficiency_level.id"], name=op.f("fk_development_action_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_action")),
        sa.UniqueConstraint(
            "level_id", "key", "number", name=op.f("uq_development_action_level_id_key_number")
        ),
    )
    with op.batch_alter_table("development_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_action_key"), ["key"], unique=False)

    op.create_table(
        "gap",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("expected_level", sa.Integer(), nullable=False),
        sa.Column("attained_level", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["assessment_item.id"], name=op.f("fk_gap_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_gap")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["development_plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "rater_kind",
            sa.Enum(
                "self", "supervisor", name="rater_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("stated_level", sa.Integer(), nullable=True),
        sa.Column("attained_level", sa.Integer(), nullable=True),
        sa.Column("blocked_by", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("rated_by_person_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("attained_level >= 0", name=op.f("ck_rating_attained_level_not_negative")),
        sa.CheckConstraint("stated_level >= 0", name=op.f("ck_rating_stated_level_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["assessment_item.id"], name=op.f("fk_rating_item_id")),
        sa.ForeignKeyConstraint(
            ["rated_by_person_id"], ["person.id"], name=op.f("fk_rating_rated_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("item_id", "rater_kind", name=op.f("uq_rating_item_id_rater_kind")),
    )
    op.create_table(
        "development_action_indicator",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["development_action.id"], name=op.f("fk_development_action_indicator_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["behavioural_indicator.id"],
            name=op.f("fk_development_action_indicator_indicator_id"),
        ),
        sa.PrimaryKeyConstraint("action_id", "indicator_id", name=op.f("pk_development_action_indicator")),
    )
    with op.batch_alter_table("development_action_indicator", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_development_action_indicator_indicator_id"), ["indicator_id"], unique=False
        )

    op.create_table(
        "rating_tick",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["behavioural_indicator.id"], name=op.f("fk_rating_tick_indicator_id")
        ),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_rating_tick_rating_id")),
        sa.PrimaryKeyConstraint("rating_id", "indicator_id", name=op.f("pk_rating_tick")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_item_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("target_level", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rejected_because", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["development_action.id"], name=op.f("fk_suggestion_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_item_id"], ["assessment_item.id"], name=op.f("fk_suggestion_assessment_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint(
            "assessment_item_id", "action_id", name=op.f("uq_suggestion_assessment_item_id_action_id")
        ),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_action_id"), ["action_id"], unique=False)

    op.create_table(
        "plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=True),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("from_level", sa.Integer(), nullable=True),
        sa.Column("target_level", sa.Integer(), nullable=True),
        sa.Column("indicator_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
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
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("cost_baht", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("evidence_expected", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=250), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "in_progress",
                "evidence_submitted",
                "achieved",
                "nearly_achieved",
                "not_achieved",
                "cancelled",
                "carried_over",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("result_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_plan_item_ends_after_start"),
        ),
        sa.CheckConstraint("hours >= 0 AND cost_baht >= 0", name=op.f("ck_plan_item_amounts_not_negative")),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_plan_item_percent_in_range")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_plan_item_competency_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["development_plan.id"], name=op.f("fk_plan_item_plan_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_plan_item_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_plan_item_suggestion_id")),
    )
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_item_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_item_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "progress_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "percent >= 0 AND percent <= 100", name=op.f("ck_progress_entry_percent_in_range")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_progress_entry_by_person_id")),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_item.id"], name=op.f("fk_progress_entry_plan_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_entry")),
    )
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_entry_plan_item_id"), ["plan_item_id"], unique=False)



def downgrade() -> None:
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_entry_plan_item_id"))

    op.drop_table("progress_entry")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_item_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_item_competency_id"))

    op.drop_table("plan_item")
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_action_id"))

    op.drop_table("suggestion")
    op.drop_table("rating_tick")
    with op.batch_alter_table("development_action_indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_development_action_indicator_indicator_id"))

    op.drop_table("development_action_indicator")
    op.drop_table("rating")
    op.drop_table("plan_version")
    op.drop_table("gap")
    with op.batch_alter_table("development_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_development_action_key"))

    op.drop_table("development_action")
    op.drop_table("behavioural_indicator")
    op.drop_table("proficiency_level")
    with op.batch_alter_table("expected_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expected_level_competency_id"))

    op.drop_table("expected_level")
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_development_plan_supervisor_person_id_state")
        batch_op.drop_index(batch_op.f("ix_development_plan_second_level_person_id"))
        batch_op.drop_index(batch_op.f("ix_development_plan_owner_person_id"))
        batch_op.drop_index("ix_development_plan_organisation_id_fiscal_year_state")
        batch_op.drop_index(batch_op.f("ix_development_plan_organisation_id"))

    op.drop_table("development_plan")
    with op.batch_alter_table("assessment_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_item_competency_id"))

    op.drop_table("assessment_item")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_user_account_id"))
        batch_op.drop_index(batch_op.f("ix_web_session_expires_at"))

    op.drop_table("web_session")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_organisation_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("report_job", schema=None) as batch_op:
        batch_op.drop_index("ix_report_job_state_claimed_until")
        batch_op.drop_index(batch_op.f("ix_report_job_requested_by_person_id"))
        batch_op.drop_index(batch_op.f("ix_report_job_organisation_id"))

    op.drop_table("report_job")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_recipient_person_id_local_day")
        batch_op.drop_index(batch_op.f("ix_reminder_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_reminder_mail_id"))
        batch_op.drop_index(batch_op.f("ix_reminder_cycle_id"))

    op.drop_table("reminder")
    op.drop_table("phase")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_recipient_person_id_read_at")
        batch_op.drop_index(batch_op.f("ix_notice_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_notice_mail_id"))

    op.drop_table("notice")
    op.drop_table("cycle_framework")
    op.drop_table("competency")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_open",
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_supervisor_person_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_second_level_person_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_position_level_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_line_of_work_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_employee_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_unit_id"))
        batch_op.drop_index("ix_assessment_supervisor_person_id_state")
        batch_op.drop_index("ix_assessment_second_level_person_id_state")
        batch_op.drop_index(batch_op.f("ix_assessment_owner_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_employee_id"))
        batch_op.drop_index("ix_assessment_cycle_id_state")

    op.drop_table("assessment")
    op.drop_table("user_account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path"))
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_organisation_id"))

    op.drop_table("unit")
    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_document_subject")
        batch_op.drop_index(batch_op.f("ix_stored_document_organisation_id"))

    op.drop_table("stored_document")
    with op.batch_alter_table("position_profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_position_profile_position_level_id"))
        batch_op.drop_index(batch_op.f("ix_position_profile_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_position_profile_line_of_work_id"))

    op.drop_table("position_profile")
    with op.batch_alter_table("organisation_setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_setting_organisation_id"))

    op.drop_table("organisation_setting")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state_next_at")
        batch_op.drop_index(batch_op.f("ix_mail_recipient_person_id"))
        batch_op.drop_index(batch_op.f("ix_mail_organisation_id"))

    op.drop_table("mail")
    op.drop_table("line_of_work_competency")
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_history_entry_subject")
        batch_op.drop_index(batch_op.f("ix_history_entry_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_history_entry_actor_person_id"))

    op.drop_table("history_entry")
    op.drop_table("framework_version")
    with op.batch_alter_table("external_appraiser", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_appraiser_person_id"))
        batch_op.drop_index(batch_op.f("ix_external_appraiser_organisation_id"))

    op.drop_table("external_appraiser")
    op.drop_table("expected_level_default")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index("ix_employee_person_id")
        batch_op.drop_index(batch_op.f("ix_employee_organisation_id"))

    op.drop_table("employee")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_to_person_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_from_person_id"))

    op.drop_table("delegation")
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cycle_organisation_id"))

    op.drop_table("cycle")
    op.drop_table("position_level")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("line_of_work")
    op.drop_table("crosswalk_link")
    op.drop_table("competency_framework")
