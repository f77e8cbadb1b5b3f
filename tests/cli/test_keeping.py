"""`spean backup`, `restore` and `purge` as an operator types them, and what the doctor says of them."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.catalogues import read as read_catalogue
from bot.clock import SystemClock
from bot.core.contact import Address
from storage import consents, inbox, people
from storage.database import Database
from storage.schema import session
from storage.seal import Vault
from tests.cli.command import Spean
from tests.cli.test_doctor import looked
from tests.storage.desk import said

DAY = timedelta(days=1)
SOPHEA = "telegram:7001/42"


@pytest.fixture
def store(spean: Spean, house: Path) -> Path:
    """A store in which Sophea wrote a month ago, and never agreed to anything."""
    assert spean("staff", "add", "dara").status == 0
    folder = house / "var"
    vault, database = Vault.open(folder / "master.key"), Database.open(f"sqlite:///{folder}/spean.db")
    at = SystemClock().now() - 31 * DAY

    def live(conn: Connection) -> None:
        person = people.greet(conn, vault, Address("telegram:7001", "42"), "km", at)
        inbox.add(conn, vault, person=person, event=said(person, "u1", at), body=b'["Text", "x"]', now=at)
        conn.execute(update(session).values(seen_at=at))

    database.run_now(live)
    database.close_now()
    return folder


def state(spean: Spean, where: str) -> str:
    return looked(spean, where)[0]["state"]


def test_a_purge_is_told_beforehand_done_and_remembered(spean: Spean, store: Path) -> None:
    assert store.exists()
    assert state(spean, "purge") == "warning"
    dry = json.loads(spean("purge", "--dry-run", "--json").out)
    assert dry["words"] == 1
    assert json.loads(spean("purge", "--dry-run", "--json").out) == dry
    assert spean("purge").status == 1
    assert spean("purge", "--yes").lines == ["1 messages"]
    assert spean("purge", "--yes", "--json").status == 0
    assert spean("purge", "--dry-run").lines == []
    assert state(spean, "purge") == "good"


def test_a_backup_is_proven_restored_and_forgets_who_was_erased(spean: Spean, store: Path) -> None:
    assert state(spean, "backup") == "warning"
    assert spean("backup", "--dry-run").status == 0
    path = Path(spean("backup").lines[0])
    assert path.parent == Path("var/backups")
    assert state(spean, "backup") == "good"
    assert spean("contact", "erase", SOPHEA, "--yes").status == 0
    assert b'"erased":0' in path.read_bytes()
    proven = json.loads(spean("restore", path, "--verify", "--json").out)
    assert (proven["people"], proven["erased_since"]) == (1, 1)
    assert spean("contact", "list", "--json").lines == []
    assert spean("restore", path).status == 1, "nobody is here to ask"
    assert spean("restore", path, "--dry-run").status == 0
    restored = spean("restore", path, "--yes")
    assert restored.status == 0, restored.err
    assert spean("contact", "list", "--json").lines == []
    assert len(list(path.parent.glob("*.backup"))) == 2, "what was in place is kept too"
    assert spean("doctor", "--json").out.count('"where": "audit"') == 1
    assert not list(store.glob("*restor*"))


def test_what_a_killed_restore_left_is_named_and_goes_with_the_next_command(
    spean: Spean, store: Path
) -> None:
    left = store / "spean.db.before-restore"
    left.write_bytes(b"people erased since")
    (told,) = looked(spean, "restore")
    assert told["what"].startswith("var/spean.db.before-restore: left by a restore")
    assert spean("contact", "list").status == 0
    assert not left.exists()


def test_a_store_that_was_cut_comes_back(spean: Spean, store: Path) -> None:
    path = Path(spean("backup").lines[0])
    (store / "spean.db").write_bytes(b"this is no store at all" * 1000)
    restored = spean("restore", path, "--yes")
    assert (restored.status, "cannot be read" in restored.err) == (0, True)
    assert len(spean("contact", "list", "--json").lines) == 1


def test_refusals_say_what_to_do(spean: Spean, store: Path) -> None:
    path = Path(spean("backup", "--json").out and next(Path("var/backups").glob("*.backup")))
    assert spean("restore", "nowhere").status == 1
    (store / "erasures.log").unlink()
    missing = spean("restore", path, "--verify")
    assert (missing.status, "erasures log var/erasures.log is missing" in missing.err) == (1, True)
    assert "beside the master key" in missing.err
    (store / "erasures.log").touch()
    path.write_bytes(path.read_bytes()[:-9])
    assert "it is no backup of Spean, or it was cut" in spean("restore", path, "--verify").err


def test_the_doctor_sees_a_lost_log_open_rights_and_a_changed_trail(spean: Spean, store: Path) -> None:
    assert spean("contact", "erase", SOPHEA, "--yes").status == 0
    log = store / "erasures.log"
    assert state(spean, "var/erasures.log") == "good"
    log.chmod(0o644)
    assert looked(spean, "var/erasures.log")[0]["cure"] == "chmod 600 var/erasures.log"
    log.unlink()
    assert looked(spean, "var/erasures.log")[0]["what"] == "the erasures log is missing; erased: 1 person"
    assert state(spean, "audit") == "good"
    with sqlite3.connect(store / "spean.db") as raw:
        raw.execute("DROP TRIGGER audit_no_update")
        raw.execute("UPDATE audit SET what = 'nobody' WHERE action = 'contact.erased'")
    raw.close()
    assert state(spean, "audit") == "fault"
    assert spean("audit", "verify").status == 1


def test_the_doctor_counts_consents_given_to_older_words(spean: Spean, house: Path) -> None:
    assert spean("chat", "--data", house / "var").status == 0
    words = read_catalogue((house / "locales" / "en" / "LC_MESSAGES" / "menu.po").read_bytes())
    text = next(iter(words))
    database = Database.open(f"sqlite:///{house}/var/spean.db")

    def agree(version: str) -> None:
        said = {"granted": True, "text": text, "release": "r1", "language": "en", "channel": "terminal"}
        at = SystemClock().now()
        database.run_now(lambda conn: consents.record(conn, 1, "messages", **said, now=at, version=version))  # type: ignore[arg-type]

    agree("older")
    assert looked(spean, "consents")[0]["what"] == "given to older words than today's: 1"
    agree(consents.version(words[text].text))
    database.close_now()
    assert looked(spean, "consents")[0]["what"] == "1, all to today's words"
