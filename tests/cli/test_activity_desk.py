"""What the counsellor's desk is told before and after: who loses by it, what is past, what is no value."""

import json
from pathlib import Path

from sqlalchemy import update

from storage.schema import registration
from tests.cli.command import Spean
from tests.cli.site import store
from tests.cli.test_activities import SAID, guest, made

BUS = ("bus_stop=ផ្សារ / Market", "bus_at=06:30", "bus_seats=30")
NIGHT = ("starts_at=2027-03-06T06:00", "reminders=-3h")


def boards(number: int, contact: int) -> None:
    """As if they had told us so in the chat."""
    its = (registration.c.activity_id == number, registration.c.contact_id == contact)
    by_bus = update(registration).where(*its).values(answer="bus", stop="market")
    with store() as found:
        found.run(lambda conn: conn.execute(by_bus))


def test_an_edit_says_who_loses_by_it_and_waits_for_a_yes(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, *BUS, "--publish")
    boards(number, guest(number, "1", adults=3))
    assert "stop ផ្សារ / Market" in spean("fair", "show", number).out, "by its name"
    away = ("fair", "edit", number, "bus_stop=", "bus_at=", "bus_seats=")
    for more in ((), ("--dry-run",)):
        assert "3 people lose the bus stop" in spean(*away, *more).err
    assert spean(*away).status == 1, "nobody is here to ask"
    fewer = spean("fair", "edit", number, "capacity=1")
    assert (fewer.status, "2 people more hold a seat" in fewer.err) == (1, True)
    assert spean(*away, "--yes").status == 0
    assert "stop ផ្សារ / Market (no more)" in spean("fair", "show", number).out, "by the name it had"
    (row,) = spean("fair", "registered", number, "--json").lines
    assert json.loads(row)["stop"] == "ផ្សារ (no more)"


def test_a_reminder_is_shown_at_the_time_at_which_it_leaves(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, *NIGHT)
    planned = json.loads(spean("fair", "publish", number, "--json").out)["reminders"]
    assert planned == [{"offset": "-3h", "at": "2027-03-05T19:00"}], "three in the night is nobody's hour"
    assert json.loads(spean("fair", "show", number, "--json").out)["reminded"] == planned


def test_what_is_over_is_not_shown_to_people(spean: Spean, site: Path) -> None:
    assert site.exists()
    past = ("starts_at=2026-01-06T08:00", "ends_at=2026-01-06T16:00")
    ran = spean("fair", "add", *SAID, *past, "--publish")
    assert (ran.status, "it is over already" in ran.err) == (1, True)
    number = made(spean, *past)
    assert "it is over already" in spean("fair", "publish", number).err


def test_refusals_name_the_state_and_what_is_no_value(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    assert "state: published" in spean("fair", "publish", number).err
    assert "at most 0 people" in spean("fair", "cancel", number, "--dry-run").err
    for option, value in (("--place", "999"), ("--centre", "nope"), ("--state", "foo")):
        ran = spean("fair", "list", option, value)
        assert (ran.status, f"{option} {value}" in ran.err) == (2, True)


def test_an_announcement_does_not_leave_in_the_past(spean: Spean, site: Path) -> None:
    assert site.exists()
    ran = spean("broadcast", "draft", "Late", "--km", "សួស្តី", "--at", "2026-01-01T08:00")
    assert (ran.status, "2026-01-01 08:00 is past" in ran.err) == (2, True)


def test_who_announces_is_not_said_to_answer_cases(spean: Spean, site: Path) -> None:
    assert site.exists()
    said = spean("staff", "add", "sokha", "--role", "broadcaster").err
    assert "case" not in said
    assert "announcements" in said
