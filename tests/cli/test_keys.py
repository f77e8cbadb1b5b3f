"""`spean keys`: on paper, back from paper, and a new one, wherever the power goes out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.core.contact import Address
from storage import audit, people, rotation, settings
from storage.database import Database
from storage.schema import contact
from storage.seal import Vault
from tests.cli.command import THAT_DAY, Spean
from tests.cli.test_doctor import looked

WHERE = [Address("telegram:7001", str(external)) for external in range(1200)]


@pytest.fixture
def store(spean: Spean, house: Path) -> Path:
    """A store with some people."""
    assert spean("staff", "add", "dara").status == 0
    folder = house / "var"
    vault, database = Vault.open(folder / "master.key"), Database.open(f"sqlite:///{folder}/spean.db")
    for where in WHERE[:3]:
        database.run_now(lambda conn, where=where: people.greet(conn, vault, where, "km", THAT_DAY))  # type: ignore[misc]
    database.close_now()
    return folder


def readable(folder: Path) -> list[int]:
    """Whom the key file of a folder opens, of the first three and the last."""
    vault, database = (
        Vault.open(folder / "master.key", make=False),
        Database.open(f"sqlite:///{folder}/spean.db"),
    )
    try:
        found = [
            database.run_now(lambda conn, where=where: people.find(conn, vault, where, "u1"))  # type: ignore[misc]
            for where in (*WHERE[:3], WHERE[-1])
        ]
        assert database.read_now(lambda conn: settings.get(conn, "key-check")) == settings.key_check(vault)
        return [one.contact.id for one in found if one]
    finally:
        database.close_now()


def test_the_doctor_nags_until_the_key_is_on_paper_and_again_after_a_rotation(
    spean: Spean, store: Path, house: Path
) -> None:
    assert store.exists()
    (nags,) = looked(spean, "master key")
    assert (nags["state"], nags["what"]) == ("warning", "the master key is on no paper")
    assert spean("keys", "export").status == 1, "nobody is here to ask"
    shown = spean("keys", "export", "--yes")
    assert [line[:2] for line in shown.lines if line[:2].isdecimal()] == ["01", "02", "03", "04"]
    assert spean("keys", "export", "--yes", "--json", "--out", house / "x").status == 0
    (quiet,) = looked(spean, "master key")
    assert quiet["state"] == "good"
    assert spean("keys", "rotate", "--yes").status == 0
    (nags,) = looked(spean, "master key")
    assert nags["what"] == "the master key on paper is the one from before the last rotation"


def test_a_lost_key_file_comes_back_from_paper(spean: Spean, store: Path, house: Path) -> None:
    for turn in ("first", "rotated"):
        sheet = house / f"{turn}.txt"
        assert spean("keys", "export", "--yes", "--out", sheet).status == 0
        assert sheet.stat().st_mode & 0o777 == 0o600
        assert spean("keys", "export", "--yes", "--out", sheet).status == 1
        (store / "master.key").unlink()
        assert spean("keys", "import", sheet).status == 0
        assert (store / "master.key").stat().st_mode & 0o777 == 0o600
        assert readable(store) == [1, 2, 3]
        assert spean("keys", "import", sheet).status == 1, "there is one already"
        assert spean("keys", "rotate", "--yes").status == 0
    (store / "master.key").unlink()
    old = spean("keys", "import", house / "first.txt")
    assert (old.status, "rotated since" in old.err) == (1, True)
    slip = (house / "rotated.txt").read_text().replace("01  ", "01  A", 1)
    wrong = spean("keys", "import", typed=slip.partition("\n\n")[2].partition("\n\n")[0] + "\n\n")
    assert (wrong.status, "row 1" in wrong.err) == (1, True)
    assert not (store / "master.key").exists()


def test_another_installations_paper_is_refused(spean: Spean, store: Path, house: Path) -> None:
    other = house / "other"
    shutil.copytree(store, other)
    (store / "master.key").unlink()
    (store / "spean.db").unlink()
    assert spean("staff", "add", "dara").status == 0
    assert spean("keys", "export", "--yes", "--out", house / "sheet").status == 0
    shutil.rmtree(store)
    shutil.move(other, store)
    (store / "master.key").unlink()
    refused = spean("keys", "import", house / "sheet")
    assert (refused.status, "another installation" in refused.err) == (1, True)


def test_a_damaged_persons_key_hides_no_rotation(spean: Spean, store: Path) -> None:
    database = Database.open(f"sqlite:///{store}/spean.db")

    def damage(conn: Connection, number: int, at: int) -> None:
        whole = conn.scalar(select(contact.c.data_key).where(contact.c.id == number)) or b""
        cell = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        conn.execute(update(contact).where(contact.c.id == number).values(data_key=cell))

    database.run_now(lambda conn: damage(conn, 1, 2))
    database.run_now(lambda conn: damage(conn, 2, -1))
    for _ in range(2):
        held = (store / "master.key").read_bytes()
        done = spean("keys", "rotate", "--yes")
        assert (done.status, "there is a new master key, which wraps the keys of 1 person;" in done.err) == (
            0,
            True,
        ), done.err
        assert "the keys of 2 people are damaged" in done.err
        assert (store / "master.key").read_bytes() != held
        vault = Vault.open(store / "master.key", make=False)
        assert database.read_now(lambda conn, vault=vault: rotation.behind(conn, vault)) == 0  # type: ignore[misc]
    database.close_now()
    (told,) = looked(spean, "people's keys")
    assert told["what"].startswith("damaged: 2")


def test_nothing_rotates_while_somebody_serves(spean: Spean, store: Path) -> None:
    serving = Database.open(f"sqlite:///{store}/spean.db", serve=True)
    refused = spean("keys", "rotate", "--yes")
    serving.close_now()
    assert (refused.status, "stop that one first" in refused.err) == (1, True)
    assert spean("keys", "rotate", "--dry-run").status == 0
    assert (store / "master.key").stat().st_size == 32


def test_every_command_leaves_its_line(spean: Spean, store: Path) -> None:
    assert store.exists()
    for command in (
        ("keys", "export", "--yes"),
        ("keys", "rotate", "--yes"),
        ("backup",),
        ("purge", "--yes"),
    ):
        assert spean(*command).status == 0
    told = [json.loads(line) for line in spean("audit", "list", "--json", "--last", 4).lines]
    assert [one["action"] for one in told] == ["purge", "backup", "keys.rotate", "keys.export"]
    assert spean("audit", "list", "--as", "dara").status == 1
    assert spean("audit", "verify").status == 0
    assert json.loads(spean("audit", "verify", "--json").out)["broken"] is None


KILLED = """
import os, sys
from pathlib import Path
from bot.cli import keys

at, seen = int(sys.argv.pop(1)), 0

def killing(real):
    def instead(*args, **named):
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), 9)
        return real(*args, **named)
    return instead

Path.replace = killing(Path.replace)
keys.keys.sync_folder = killing(keys.keys.sync_folder)
keys.rotation.wrap_next = killing(keys.rotation.wrap_next)
keys.settings.put = killing(keys.settings.put)
keys.audit.record = killing(keys.audit.record)
from bot.cli.app import main
main()
"""


def test_a_power_cut_at_any_step_of_a_rotation_loses_nobody(spean: Spean, store: Path) -> None:
    vault, database = Vault.open(store / "master.key"), Database.open(f"sqlite:///{store}/spean.db")
    for where in WHERE[3:]:
        database.run_now(lambda conn, where=where: people.greet(conn, vault, where, "km", THAT_DAY))  # type: ignore[misc]
    database.close_now()
    everybody = [1, 2, 3, len(WHERE)]
    for at in range(1, 20):
        ended = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", KILLED, str(at), "keys", "rotate", "--yes"],
            check=False,
            capture_output=True,
        )
        assert readable(store) == everybody
        if ended.returncode == 0:
            break
        assert ended.returncode == -9, ended.stderr
        assert spean("keys", "rotate", "--yes").status == 0, "it goes on, or begins again"
        assert readable(store) == everybody
    assert ended.returncode == 0
    vault, database = Vault.open(store / "master.key"), Database.open(f"sqlite:///{store}/spean.db")
    assert database.read_now(lambda conn: rotation.behind(conn, vault)) == 0
    assert database.read_now(audit.verify).broken is None
    database.close_now()
