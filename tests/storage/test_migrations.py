"""Migrations: up, down and up again, and always equal to the tables that the code uses."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from storage import migrate
from storage.database import Database
from storage.faults import SchemaBehind, StoreFault
from storage.schema import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Database.open(f"sqlite:///{tmp_path}/empty.db")
    return Database.open(request.getfixturevalue("empty_postgres_url"))


def tables(conn: Connection) -> set[str]:
    return set(inspect(conn).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty: Database) -> None:
    with pytest.raises(SchemaBehind, match="spean db upgrade"):
        migrate.require_current(empty)
    for _ in range(2):
        migrate.upgrade(empty)
        migrate.require_current(empty)
        assert empty.read_now(tables) == set(metadata.tables)
        migrate.downgrade(empty)
        assert empty.read_now(tables) == set()
        assert migrate.current(empty) is None
    empty.close_now()


def test_one_step_at_a_time(empty: Database) -> None:
    migrate.upgrade(empty, "0001")
    assert migrate.current(empty) == "0001"
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    empty.close_now()


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    def differences(conn: Connection) -> list[object]:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "compare_server_default": False}
        )
        return list(compare_metadata(context, metadata))

    assert database.read_now(differences) == []


def test_a_migration_that_would_break_a_reference_changes_nothing(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)

    def careless(conn: Connection) -> None:
        conn.execute(text("INSERT INTO release_file (digest, path, content) VALUES ('gone', 'a', x'00')"))

    with pytest.raises(StoreFault, match="release_file"):
        database.rebuild_now(careless)
    assert database.read_now(lambda conn: conn.scalar(text("SELECT count(*) FROM release_file"))) == 0
    database.close_now()
