"""The tables that only grow: the database itself refuses to change or remove a row of them.

A trigger stands in the way of a mistake and of a hand at the keyboard; who owns the tables can drop it.
Against that: in production the application's role may not (`idp.database_roles`), and a row that was changed
all the same is found (`idp audit verify`).

The migrations make the same triggers by their own words; SQLite loses them whenever a migration rebuilds a
table in batch mode, so such a migration must make them again.
"""

from typing import Any

from sqlalchemy import Connection, event

from idp.models.base import Base

APPEND_ONLY_TABLES = ("history_entry", "history_seal")


def postgresql_statements() -> list[str]:
    """One statement each: a function that refuses, and a trigger for each table that asks it."""
    function = """
CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$"""
    triggers = [
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history()"
        for table in APPEND_ONLY_TABLES
    ]
    return [function, *triggers]


def sqlite_statements() -> list[str]:
    """A trigger for each table and way to change it; INSERT OR REPLACE is one of them."""
    statements = []
    for table in APPEND_ONLY_TABLES:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: %s is refused'); END"
        for deed in ("UPDATE", "DELETE"):
            statements.append(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} {refuse % deed}"
            )
        statements.append(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse % 'REPLACE'}"
        )
    return statements


@event.listens_for(Base.metadata, "after_create")
def _make_triggers(_target: object, connection: Connection, **options: Any) -> None:
    """After `create_all` made the tables, not for some other table added to them."""
    made = {table.name for table in options.get("tables", ())}
    if not made.issuperset(APPEND_ONLY_TABLES):
        return
    sqlite = connection.dialect.name == "sqlite"
    for statement in sqlite_statements() if sqlite else postgresql_statements():
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
