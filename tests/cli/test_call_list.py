"""`spean activity call-list`: whom to call, commune by commune, with one neutral sentence; an export."""

import json
from pathlib import Path

import orjson
from sqlalchemy import Connection

from bot.core.activity import Party
from bot.core.answers import Phone, PlaceCode, Value, Words, dump
from bot.core.contact import Address
from storage import activities, people, registrations, reminders, submissions
from storage.schema import contact
from tests.cli.command import Spean
from tests.cli.site import audited, store
from tests.cli.test_activities import made

TOLD: dict[str, Value] = {"phone": Phone("+85512345678"), "name": Words("សុភា"), "home": PlaceCode("150101")}


def missed(number: int, occasion: str = "r3") -> None:
    """Somebody was shown the fair, said maybe, and could not be told of something: that it is called off."""

    def work(conn: Connection) -> None:
        where, now = Address("telegram:7001", "77"), found.now
        person = people.greet(conn, found.vault, where, "km", now)
        whose = person.contact.id
        submissions.open_(conn, person, 1, "intake", "r1", now)
        for name, value in TOLD.items():
            form, node = orjson.dumps(dump(value)), f"intake.{name}"
            submissions.save_answer(
                conn, person, 1, name, 0, form, sensitivity="S1", coarse=None, node=node, now=now
            )
        conn.execute(contact.update().where(contact.c.id == whose).values(consents="call"))
        people.set_flag(conn, whose, "careful", on=False, now=now)
        activities.tell(conn, whose, [(number, 2)], now)
        registrations.register(
            conn, person.key, whose, number, "maybe", Party(), remind="none", ticket="23456789", now=now
        )
        reminders.miss(conn, number, occasion, [(whose, "unreachable")], now)

    with store() as found:
        found.run(work)


def test_staff_print_whom_to_call_and_that_is_an_export(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    assert spean("fair", "cancel", number, "--yes").status == 0
    nobody = spean("fair", "call-list", number, "--as", "dara")
    assert (nobody.status, nobody.out, "nobody" in nobody.err) == (0, "", True)
    missed(number)
    printed = spean("fair", "call-list", number, "--as", "dara")
    assert printed.status == 0, printed.err
    assert "បាកាន" in printed.out or "បឹងបត់កណ្តាល" in printed.out
    (line,) = [one for one in printed.lines if one.startswith("☐")]
    assert "សុភា · +85512345678 · any · " in line
    for word in ("ពិព័រណ៍", "ថៃ", "ចំណាកស្រុក", "fair", "job"):
        assert word not in line, "whoever answers the phone may hear it"
    row = json.loads(spean("fair", "call-list", number, "--as", "dara", "--json").out)
    assert (row["commune"], row["what"]) == ("150101", "cancelled")
    exports = [what for _, _, what in audited("contact.export")]
    assert exports == [f"activity {number} call-list {count}" for count in (0, 1, 1)]


def test_whom_an_offered_seat_did_not_reach_is_called_with_a_neutral_sentence_too(
    spean: Spean, site: Path
) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    missed(number, "offer1")
    row = json.loads(spean("fair", "call-list", number, "--as", "dara", "--json").out)
    assert row["what"] == "seat"
    assert "កន្លែងទំនេរ" in row["say"]
    assert "ពិព័រណ៍" not in row["say"]


def test_a_damaged_person_is_counted_and_left_out_and_others_are_listed(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    assert spean("fair", "cancel", number, "--yes").status == 0
    missed(number)
    with store() as found:
        found.run(lambda conn: conn.execute(contact.update().values(data_key=bytes(64))))
    printed = spean("fair", "call-list", number, "--as", "dara")
    assert printed.status == 0, printed.err
    assert "1 more left out" in printed.err
    assert "85512345678" not in printed.out


def test_who_may_not_see_numbers_gets_no_list(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    for refused in (
        spean("fair", "call-list", number, "--as", "vanna"),
        spean("fair", "call-list", number + 1, "--as", "dara"),
    ):
        assert (refused.status, refused.out) == (1, "")
    assert audited("contact.export") == []
