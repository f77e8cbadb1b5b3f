"""A person with a danger case: who works for them goes on, and learns nothing of it; nor does an operator."""

import json
from pathlib import Path

from sqlalchemy import Connection, select

from bot.clock import SystemClock
from bot.core.contact import Address
from storage import duty, people
from storage.database import Database
from storage.parts import BODY
from storage.schema import outbox
from storage.seal import Vault
from tests.cli.command import Spean


def test_only_the_safeguarding_role_knows_of_danger(spean: Spean, house: Path) -> None:
    data = house / "var"
    talk = ("chat", "--json", "--data", data, "--language", "en")
    assert spean(*talk, "--dialog", "talk", typed="/tap 1\n/tap 2\n").status == 0
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    assert spean("staff", "add", "sophea", "--role", "safeguarding").status == 0

    def seen(*who: str) -> list[str]:
        return [json.loads(line)["kind"] for line in spean("case", "list", *who, "--json").lines]

    def told(*who: str) -> str:
        return spean("conversation", "show", "1", *who, "--json").out

    (case,) = [json.loads(line) for line in spean("case", "list", "--as", "dara", "--json").lines]
    before = told("--as", "dara")
    assert spean(*talk, typed="/danger\n/tap 2\n").status == 0
    assert (seen("--as", "dara"), seen()) == (["person"], ["person"])
    assert seen("--as", "sophea") == ["danger", "person"]
    assert told("--as", "dara") == before
    assert spean("case", "show", case["number"], "--as", "dara").status == 0
    assert spean("case", "show", "2", "--as", "dara").status == 1
    assert spean("case", "show", "2").status == 1
    assert spean("case", "show", "2", "--as", "sophea").status == 0
    assert "eased_at: 20" in spean("case", "show", "2", "--as", "sophea").out


def test_whoever_is_only_in_danger_does_not_exist_for_others(spean: Spean, house: Path) -> None:
    talk = ("chat", "--json", "--data", house / "var", "--language", "en")
    assert spean(*talk, typed="/danger\n").status == 0
    assert spean("staff", "add", "chief", "--role", "admin").status == 0
    assert spean("staff", "add", "sophea", "--role", "safeguarding").status == 0
    for who in ((), ("--as", "chief")):
        assert spean("contact", "list", *who, "--json").out == ""
        assert spean("conversation", "show", "1", *who).status == 1
        assert spean("contact", "export", "1", *who).status == 1
    assert len(spean("contact", "list", "--as", "sophea", "--json").lines) == 1


def test_who_works_for_somebody_hears_that_they_were_erased(spean: Spean, house: Path) -> None:
    talk = ("chat", "--json", "--data", house / "var", "--language", "en")
    assert spean(*talk, "--dialog", "talk", typed="/tap 1\n/tap 2\n").status == 0
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    vault = Vault.open(house / "var" / "master.key", make=False)
    database = Database.open(f"sqlite:///{house}/var/spean.db")
    now = SystemClock().now()

    def join(conn: Connection) -> int:
        person = people.greet(conn, vault, Address("telegram:7001", "501"), "en", now)
        assert duty.set_code(conn, vault, "dara", "CODEDARA", now)
        assert duty.join(conn, vault, person.contact.id, "CODEDARA", now)
        return person.contact.id

    dara = database.run_now(join)
    (case,) = [json.loads(line) for line in spean("case", "list", "--json").lines]
    assert spean("case", "take", case["number"], "--as", "dara").status == 0
    assert spean("contact", "erase", "1", "--yes").status == 0

    def heard(conn: Connection) -> str:
        person = people.by_id(conn, vault, dara, lock=False)
        assert person is not None
        row = conn.execute(select(outbox).where(outbox.c.contact_id == dara)).one()
        return person.key.open(BODY, row.cause, row.body).decode()

    assert case["number"] in database.read_now(heard)
    database.close_now()
