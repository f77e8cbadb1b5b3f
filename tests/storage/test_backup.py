"""Backups of a live store, proven, restored into either database, and forgetting whom they must not know."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.core.contact import Address
from storage import (
    audit,
    backup,
    leftovers,
    migrate,
    people,
    restore,
    settings,
)
from storage.backup import Label
from storage.database import Database
from storage.faults import BadBackup, StoreBusy, WrongKey
from storage.keys import KeyRing
from storage.schema import contact
from storage.seal import Vault
from tests.storage.backing import DAY, WHERE, Site, everything


@pytest.fixture
def site(store_url: str, tmp_path: Path, now: datetime) -> Iterator[Site]:
    made = Site(store_url, tmp_path, now)
    yield made
    made.database.close_now()


def test_a_backup_says_what_it_is_and_only_its_owner_may_read_it(site: Site, now: datetime) -> None:
    path = site.backup()
    assert path.name == "spean-20261122T030000Z.backup"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    label = backup.read_label(path)
    key = settings.key_check(site.vault)
    assert label == Label(now, migrate.head(), key, people=3, erased=0, lines=0, head="")
    site.database.run_now(lambda conn: backup.remember(conn, path, now))
    assert site.database.read_now(backup.last) == now
    held = path.read_bytes()
    for secret in (site.ring.wrap, site.ring.index, site.ring.master or b""):
        assert secret not in held
        assert secret.hex().encode() not in held


def test_everything_comes_back_as_it_was(site: Site) -> None:
    before = everything(site.database)
    path = site.backup()
    site.greet(Address("telegram:7001", "4"))
    site.restore(path)
    after = everything(site.database)
    (line,) = [row for row in after.pop("audit") if "restore" in row]
    assert path.name in line
    del before["audit"]
    assert after == before
    newcomer = site.greet(Address("telegram:7001", "5"))
    assert newcomer.contact.id == 4
    found = site.database.run_now(lambda conn: people.find(conn, site.vault, WHERE[0], "u9"))
    assert found is not None
    assert not [one.name for one in site.folder.iterdir() if "restor" in one.name or ".open" in one.name]


def test_who_was_erased_since_is_forgotten_again_and_who_came_back_stays(site: Site) -> None:
    path = site.backup()
    site.erase(site.people[0], 2 * DAY)
    proven = site.prove(path, later=3 * DAY)
    assert (proven.label.people, proven.erased, proven.damaged) == (3, 1, 0)
    site.restore(path, 3 * DAY)
    assert site.ids() == [2, 3]
    assert site.database.read_now(lambda conn: audit.count(conn, audit.ERASED)) == 1
    assert site.database.read_now(audit.verify).broken is None


def test_without_the_erasures_log_or_with_another_nothing_is_restored(site: Site) -> None:
    site.erase(site.people[0], DAY)
    path = site.backup(2 * DAY)
    whole = site.log.path.read_bytes()
    for held, why in ((None, "is missing"), (b"", "0 entries"), (b"yesterday zz\n", "cannot be read")):
        site.log.path.unlink()
        if held is not None:
            site.log.path.write_bytes(held)
        else:
            assert not site.log.path.exists()
        with pytest.raises(BadBackup, match=why):
            site.prove(path, later=3 * DAY)
        with pytest.raises(BadBackup, match="nothing was changed"):
            site.restore(path, 3 * DAY)
        site.log.path.write_bytes(whole)
    assert site.prove(path, later=3 * DAY).erased == 0
    assert site.ids() == [2, 3]


def test_a_backup_dies_of_age_here_and_in_its_folder(site: Site, now: datetime) -> None:
    old, young = site.backup(), site.backup(2 * DAY)
    (old.parent / "notes.txt").write_text("not ours")
    assert site.prove(old, later=29 * DAY).label.made == now
    with pytest.raises(BadBackup, match="older than 30 days"):
        site.prove(old, later=30 * DAY)
    assert backup.prune(old.parent, now + 29 * DAY, 30 * DAY) == []
    assert backup.prune(old.parent, now + 30 * DAY, 30 * DAY) == [old.name]
    assert sorted(one.name for one in old.parent.iterdir()) == ["notes.txt", young.name]
    assert backup.prune(site.folder / "nowhere", now, DAY) == []


@pytest.mark.parametrize("harm", ["cut", "changed", "label", "empty"])
def test_a_damaged_backup_is_refused(site: Site, harm: str) -> None:
    path = site.backup()
    held = path.read_bytes()
    match harm:
        case "cut":
            path.write_bytes(held[5000:])
        case "changed":
            path.write_bytes(held[:9000] + bytes([held[9000] ^ 1]) + held[9001:])
        case "label":
            path.write_bytes(held.replace(b'"people":3', b'"people":4'))
        case _:
            path.write_bytes(b"")
    with pytest.raises(BadBackup, match="nothing was changed"):
        site.prove(path)
    assert [one.name for one in site.folder.iterdir() if one.name.startswith(".")] == []


def test_another_key_is_refused_and_an_older_one_that_is_kept_is_not(site: Site, now: datetime) -> None:
    path = site.backup()
    with pytest.raises(WrongKey, match="this backup"):
        site.prove(path, vault=Vault(b"x" * 32))
    rotated = site.ring.rotated(now, 30 * DAY)
    assert site.prove(path, vault=Vault(rotated)).damaged == 0
    with pytest.raises(BadBackup, match="rotated away"):
        site.prove(path, vault=Vault(KeyRing(rotated.index, rotated.wrap)))


def test_a_backup_of_later_tables_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.backup()
    monkeypatch.setattr(migrate, "knows", lambda _: False)
    with pytest.raises(BadBackup, match="later version"):
        site.prove(path)


def test_nothing_is_restored_while_somebody_serves_the_store(site: Site) -> None:
    path = site.backup()
    serving = Database.open(site.url, serve=True)
    with pytest.raises(StoreBusy, match="stop that one first"):
        restore.restore(site.plan(path), site.url, site.folder)
    serving.close_now()
    assert site.restore(path).label.people == 3


def test_people_write_on_while_a_backup_is_made(site: Site) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            written.append(site.database.run_now(lambda conn: settings.put(conn, "x", str(len(written)))))

    writer = threading.Thread(target=write)
    writer.start()
    path = site.backup()
    stop.set()
    writer.join()
    assert written
    assert site.prove(path).label.people == 3


def test_a_store_moves_to_the_other_database_and_back(
    sqlite_url: str, postgres_store_url: str, tmp_path: Path, now: datetime
) -> None:
    site = Site(sqlite_url, tmp_path, now)
    before = everything(site.database)
    for url in (postgres_store_url, sqlite_url):
        path = site.backup()
        site.database.close_now()
        site.url = url
        site.database = Database.open(url)
        site.restore(path)
        path.unlink()
    after = everything(site.database)
    site.database.close_now()
    assert len(after.pop("audit")) == len(before.pop("audit")) + 2
    assert after == before


CRASH = """
import os, sys
from datetime import datetime
from pathlib import Path
import storage.restore as restore
from storage.erasure import ErasureLog
from storage.seal import Vault
from datetime import timedelta

at, url, backup, folder, now = int(sys.argv[1]), *sys.argv[2:]
seen = 0

def killing(real):
    def instead(*args, **named):
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), 9)
        return real(*args, **named)
    return instead

for name in ("hardlink_to", "replace"):
    setattr(Path, name, killing(getattr(Path, name)))
restore.Database.copy_now = killing(restore.Database.copy_now)
restore.keys.sync_folder = killing(restore.keys.sync_folder)
folder = Path(folder)
log = ErasureLog(folder / "erasures.log")
now = datetime.fromisoformat(now)
restore.restore(restore.Plan(Path(backup), Vault(b"k" * 32), log, timedelta(days=30), now), url, folder)
"""


def test_a_power_cut_at_any_step_leaves_the_old_store_or_the_new(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    site = Site(sqlite_url, tmp_path, now)
    path = site.backup()
    site.erase(site.people[0], DAY)
    site.greet(Address("telegram:7001", "4"))
    site.database.close_now()
    store = Path(sqlite_url.removeprefix("sqlite:///"))
    before = shutil.copyfile(store, tmp_path / "before.db")
    outcomes, left = set(), set[str]()
    for at in range(1, 60):
        shutil.copyfile(before, store)
        ended = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", CRASH, str(at), site.url, path, tmp_path, (now + 2 * DAY).isoformat()],
            check=False,
            capture_output=True,
        )
        left.update(
            one.name.partition("spean")[2] for one in leftovers.sweep(sqlite_url, tmp_path / "backups")
        )
        assert leftovers.found(sqlite_url, tmp_path / "backups") == []
        database = Database.open(sqlite_url, serve=True)
        assert database.damage_now() == ()
        found = database.read_now(lambda conn: conn.scalars(select(contact.c.id)).all())
        assert tuple(found) in {(2, 3, 4), (2, 3)}
        outcomes.add(tuple(found))
        assert database.run_now(lambda conn: conn.scalar(text("SELECT 1"))) == 1
        database.close_now()
        if ended.returncode == 0:
            break
        assert ended.returncode == -9, ended.stderr
    assert ended.returncode == 0
    assert outcomes == {(2, 3, 4), (2, 3)}
    assert {".db.restoring", ".db.before-restore"} < left
    assert any(name.endswith(".open") for name in left)


def test_what_a_killed_restore_left_is_swept_but_not_what_one_at_work_needs(site: Site) -> None:
    path = site.backup()
    near = leftovers.place(site.url, path.parent)
    (near / f".{path.name}.open-wal").touch()
    copy = near / f".{path.name}.open"
    copy.touch()
    with leftovers.proving(near):
        assert leftovers.sweep(site.url, path.parent) == []
        with pytest.raises(StoreBusy, match="another restore"):
            restore.prove(site.plan(path), near)
    assert copy.exists()
    assert len(leftovers.sweep(site.url, path.parent)) == 2
    assert (copy.exists(), path.exists(), site.ids()) == (False, True, [1, 2, 3])


def test_a_log_that_was_moved_aside_comes_back_if_nothing_took_the_stores_place(tmp_path: Path) -> None:
    store, aside = tmp_path / "spean.db", tmp_path / "spean.db.before-restore"
    store.write_bytes(b"old")
    aside.hardlink_to(store)
    (tmp_path / "spean.db.before-restore-wal").write_bytes(b"log")
    assert leftovers.sweep(f"sqlite:///{store}", tmp_path) == [aside]
    assert (store.read_bytes(), (tmp_path / "spean.db-wal").read_bytes()) == (b"old", b"log")
