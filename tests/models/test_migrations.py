"""The migrations make exactly the models' tables, and take them away again, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from idp.migration import MIGRATIONS, current_revision, differences, downgrade, newest_revision, upgrade
from idp.models import Base
from idp.models.engine import make_engine


@contextmanager
def engine_on(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def tables_at(url: str) -> set[str]:
    with engine_on(url) as engine:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}


def constraints_at(url: str) -> dict[str, dict[str, set[str]]]:
    """The names of every table's constraints and indexes, by kind."""
    with engine_on(url) as engine:
        inspector = inspect(engine)
        return {
            table: {
                "columns": {f"{each['name']} {each['nullable']}" for each in inspector.get_columns(table)},
                "checks": {str(each["name"]) for each in inspector.get_check_constraints(table)},
                "uniques": {str(each["name"]) for each in inspector.get_unique_constraints(table)},
                "foreign keys": {str(each["name"]) for each in inspector.get_foreign_keys(table)},
                "indexes": {str(each["name"]) for each in inspector.get_indexes(table)},
            }
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }


def test_up_down_and_up_again(blank_database_url: str) -> None:
    upgrade(blank_database_url)
    assert tables_at(blank_database_url) == set(Base.metadata.tables)
    downgrade(blank_database_url, "base")
    assert tables_at(blank_database_url) == set()
    assert current_revision(blank_database_url) is None
    upgrade(blank_database_url)
    assert tables_at(blank_database_url) == set(Base.metadata.tables)
    assert current_revision(blank_database_url) == newest_revision()


def test_every_single_step_goes_both_ways(blank_database_url: str) -> None:
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
    for below, revision in zip(["base", *revisions], revisions, strict=False):
        upgrade(blank_database_url, revision)
        downgrade(blank_database_url, below)
        upgrade(blank_database_url, revision)
    assert current_revision(blank_database_url) == newest_revision()


def test_the_models_have_nothing_that_the_migrations_lack(blank_database_url: str) -> None:
    upgrade(blank_database_url)
    with engine_on(blank_database_url) as engine, engine.connect() as connection:
        assert differences(connection) == []


def test_migrated_tables_have_the_same_constraints_as_the_models(
    blank_sqlite_url: str,
    tmp_path,
    blank_postgres_url: str,  # type: ignore[no-untyped-def]
) -> None:
    """Also those that a comparison of tables overlooks: checks, and names."""
    from_models = f"sqlite:///{tmp_path / 'models.sqlite3'}"
    with engine_on(from_models) as engine:
        Base.metadata.create_all(engine)
    upgrade(blank_sqlite_url)
    assert constraints_at(blank_sqlite_url) == constraints_at(from_models)
    upgrade(blank_postgres_url)
    migrated = constraints_at(blank_postgres_url)
    downgrade(blank_postgres_url, "base")
    with engine_on(blank_postgres_url) as engine:
        Base.metadata.create_all(engine)
    assert migrated == constraints_at(blank_postgres_url)


def test_a_migration_that_fails_leaves_nothing(
    blank_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    indexes: list[str] = []
    create_index = op.create_index

    def fail_late(*arguments, **options):  # type: ignore[no-untyped-def]
        indexes.append(str(arguments))
        if len(indexes) > 10:
            raise RuntimeError("power cut")
        return create_index(*arguments, **options)

    create_table = op.create_table

    def fail_after_ten(*arguments, **options):  # type: ignore[no-untyped-def]
        indexes.append(str(arguments))
        if len(indexes) > 10:
            raise RuntimeError("power cut")
        return create_table(*arguments, **options)

    monkeypatch.setattr(op, "create_index", fail_late)
    monkeypatch.setattr(op, "create_table", fail_after_ten)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(blank_database_url)
    assert tables_at(blank_database_url) == set()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    before = constraints_at(database_url)
    upgrade(database_url)
    assert constraints_at(database_url) == before


def test_revisions_are_numbered_without_a_hole() -> None:
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
    assert [int(revision[:4]) for revision in revisions] == list(range(1, len(revisions) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", revision) for revision in revisions)


def test_a_revision_names_no_class_of_the_models() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert not re.search(
            r"^\s*(from|import) idp|idp\.models", path.read_text(encoding="utf-8"), re.MULTILINE
        )
