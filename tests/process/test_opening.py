"""Opening a store to serve it: old tables are backed up and brought up by `run`, and refused by `serve`."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import SystemClock
from bot.config.settings import Settings, StorageSection
from bot.process.opening import Opened, opened
from storage import backup, migrate
from storage.database import Database
from storage.faults import BadKeyFile, SchemaBehind, StoreBusy
from storage.seal import Vault

ROOT = Path(__file__).parents[2]
SOMEBODY = (
    "INSERT INTO contact (id, data_key, language, created_at, changed_at) "
    "VALUES (7, :key, 'km', '2026-11-01 00:00:00+00:00', '2026-11-01 00:00:00+00:00')"
)
SEALED = "INSERT INTO setting (name, value) VALUES ('key-check', :check)"


class Place:
    """A folder, and a store of version 0004 with one person in it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.vault = Vault(os.urandom(32))

    def make(self) -> None:
        database = self.open()
        migrate.upgrade(database, "0004")
        check = self.vault.blind("key-check", "spean").hex()

        def fill(conn: object) -> None:
            conn.execute(text(SOMEBODY), {"key": self.vault.new_key()[0]})  # type: ignore[attr-defined]
            conn.execute(text(SEALED), {"check": check})  # type: ignore[attr-defined]

        database.run_now(fill)
        database.close_now()

    def open(self, *, serve: bool = False) -> Database:
        return Database.open(self.url, serve=serve)

    def key(self, content: bytes) -> None:
        path = self.folder / "master.key"
        path.write_bytes(content)
        path.chmod(0o600)

    def serve(self, *, upgrade: bool) -> Opened:
        chosen = StorageSection(
            url=self.url, master_key_file=self.folder / "master.key", backup_folder=self.folder / "backups"
        )
        settings = Settings().model_copy(update={"storage": chosen})
        return opened(settings, ROOT, SystemClock(), upgrade=upgrade)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path / 'spean.db'}", tmp_path)
    return Place(str(request.getfixturevalue("empty_postgres_url")), tmp_path)


@pytest.fixture
def old(place: Place) -> Place:
    master = os.urandom(32)
    place.vault = Vault(master)
    place.key(master)
    place.make()
    return place


def test_run_brings_old_tables_up_after_a_backup_of_them(old: Place) -> None:
    store = old.serve(upgrade=True)
    try:
        assert store.backup is not None
        label = backup.read_label(store.backup)
        assert (label.schema, label.people) == ("0004", 1)
        assert migrate.current(store.database) == migrate.head()
        assert store.database.read_now(backup.last) is not None
        with backup.opened(store.backup, old.folder) as (_, copy):
            assert copy.read_now(lambda conn: conn.scalar(text("SELECT id FROM contact"))) == 7
    finally:
        store.database.close_now()
    again = old.serve(upgrade=True)
    assert again.backup is None
    again.database.close_now()


def test_a_new_store_needs_no_backup(place: Place) -> None:
    store = place.serve(upgrade=True)
    assert (store.backup, migrate.current(store.database)) == (None, migrate.head())
    store.database.close_now()
    assert not (place.folder / "backups").exists()


def test_serve_refuses_old_tables_and_leaves_them(old: Place) -> None:
    with pytest.raises(SchemaBehind, match=r"at version 0004.*spean db upgrade"):
        old.serve(upgrade=False)
    database = old.open()
    assert migrate.current(database) == "0004"
    database.close_now()


def test_nothing_is_upgraded_under_somebody_who_serves(old: Place) -> None:
    serving = old.open(serve=True)
    with pytest.raises(StoreBusy):
        old.serve(upgrade=True)
    assert migrate.current(serving) == "0004"
    serving.close_now()


def test_nothing_is_upgraded_without_its_key(old: Place) -> None:
    (old.folder / "master.key").unlink()
    with pytest.raises(BadKeyFile):
        old.serve(upgrade=True)
    database = old.open()
    assert migrate.current(database) == "0004"
    database.close_now()


@pytest.mark.parametrize("upgrade", [True, False])
def test_tables_of_a_later_version_are_left_alone(old: Place, *, upgrade: bool) -> None:
    database = old.open()
    database.run_now(
        lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")).rowcount
    )
    database.close_now()
    with pytest.raises(SchemaBehind, match="9999"):
        old.serve(upgrade=upgrade)
