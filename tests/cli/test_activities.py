"""`spean fair` and `spean activity`: one at a time, from a draft to what became of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.activity_cells import local
from bot.clock import SystemClock
from bot.core.activity import Party
from bot.core.contact import Address
from storage import outcomes, people, registrations
from storage import settings as kept
from storage.schema import agenda
from tests.cli.command import Spean
from tests.cli.site import audited, store

SAID = (
    "title_km=ពិព័រណ៍ការងារ បាកាន",
    "title_en=Job fair in Bakan",
    "commune=150101",
    "venue_km=សាលាឃុំ",
    "starts_at=2027-03-06T08:00",
    "ends_at=2027-03-06T16:00",
)


def made(spean: Spean, *more: str) -> int:
    ran = spean("fair", "add", *SAID, *more)
    assert ran.status == 0, ran.err
    return int(ran.out)


def shown(spean: Spean, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spean("fair", "show", number, "--json").out)
    return found


def listed(spean: Spean, *more: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in spean("activity", "list", "--json", *more).lines]


def guest(number: int, name: str, adults: int = 1) -> int:
    def work(conn: Connection) -> int:
        where = Address("telegram:7001", name)
        contact = people.greet(conn, found.vault, where, "km", found.now).contact.id
        key = people.key_of(conn, found.vault, contact)
        assert key is not None
        booked = registrations.register(
            conn, key, contact, number, "come", Party(adults), remind="app", ticket=f"T{name}", now=found.now
        )
        assert isinstance(booked, registrations.Booked)
        return contact

    with store() as found:
        return found.run(work)


def test_a_fair_is_made_as_a_draft_then_shown_changed_and_called_off(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "capacity=200")
    assert shown(spean, number)["state"] == "draft"
    planned = json.loads(spean("fair", "publish", number, "--json").out)
    assert (planned["state"], [one["offset"] for one in planned["reminders"]]) == (
        "published",
        ["-7d", "-1d 17:00", "-3h"],
    )
    assert planned["reminders"][1]["at"] == "2027-03-05T17:00"
    assert spean("fair", "publish", number).status == 1

    assert spean("fair", "edit", number, "starts_at=2027-03-06T09:00").status == 1, "nobody is here to ask"
    assert shown(spean, number)["starts_at"] == "2027-03-06T08:00"
    moved = json.loads(spean("fair", "edit", number, "starts_at=2027-03-06T09:00", "--yes", "--json").out)
    assert (moved["state"], moved["revision"] > planned["revision"], moved["changes"]) == (
        "moved",
        True,
        ["when"],
    )
    assert shown(spean, number)["capacity"] == 200, "what is not named stays"

    assert spean("fair", "cancel", number, "--dry-run").status == 0
    assert spean("fair", "cancel", number).status == 1, "nobody is here to ask"
    assert json.loads(spean("fair", "cancel", number, "--yes", "--json").out)["state"] == "cancelled"
    refused = spean("fair", "edit", number, "venue_km=វត្ត", "--yes")
    assert (refused.status, "state" in refused.err) == (1, True)


def test_what_nobody_plans_by_is_changed_without_a_question(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean)
    assert spean("fair", "publish", number).status == 0
    changed = json.loads(spean("fair", "edit", number, "--description-en", "Ten employers.", "--json").out)
    assert (changed["state"], changed["changes"]) == ("published", [])
    assert shown(spean, number)["description_en"] == "Ten employers."


def test_every_fault_of_what_is_typed_is_named_at_once(spean: Spean, site: Path) -> None:
    assert site.exists()
    ran = spean("fair", "add", "title_en=x", "commune=999999", "starts_at=soon", "ends_at=2027-03-06T16:00")
    assert ran.status == 2
    assert all(word in ran.err for word in ("commune", "999999", "starts_at", "soon"))
    for wrong in ("tittle_en=x", "title_en", "state=published", "--colour"):
        assert spean("fair", "add", *SAID, wrong).status == 2
    assert listed(spean) == []


def test_the_same_fair_is_not_made_twice(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean)
    again = spean("fair", "add", *SAID)
    assert (again.status, f"activity {number}" in again.err) == (1, True)


def test_the_family_of_fairs_knows_no_courses(spean: Spean, site: Path) -> None:
    assert site.exists()
    course = spean("activity", "add", "kind=course", *SAID, "--publish")
    assert course.status == 0
    number = int(course.out)
    assert spean("fair", "show", number).status == 1
    assert spean("fair", "add", "kind=course", *SAID).status == 2
    fair = made(spean)
    assert [one["id"] for one in listed(spean)] == [number, fair]
    assert [json.loads(one)["id"] for one in spean("fair", "list", "--json").lines] == [fair]
    assert [one["id"] for one in listed(spean, "--state", "published")] == [number]
    assert listed(spean, "--place", "22") == []


def test_staff_change_only_what_their_own_centre_organises(spean: Spean, site: Path) -> None:
    assert site.exists()
    for name, centre in (("sok", "pursat"), ("neary", "preah-vihear")):
        assert spean("staff", "add", name, "--role", "admin", "--centre", centre).status == 0
    number = made(spean, "--as", "sok")
    for command in (("publish", number), ("edit", number, "venue_en=x"), ("cancel", number, "--yes")):
        assert spean("fair", *command, "--as", "neary").status == 1, command
        assert spean("fair", *command, "--as", "vanna").status == 1, command
    assert spean("fair", "add", *SAID, "title_en=Another", "--as", "neary").status == 1
    assert spean("fair", "publish", number, "--as", "sok").status == 0
    assert [what for _, action, what in audited("activity.") if action == "activity.make"] == [
        f"activity {number}"
    ]


# --- the day ---


def test_at_the_door_parties_are_noted_and_others_counted(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    family, single = guest(number, "1", adults=3), guest(number, "2")
    early = spean("fair", "came", number, "t-T1")
    assert (early.status, "it begins on 2027-03-06" in early.err) == (1, True)
    assert spean("fair", "walk-in", number, "--sex", "man").status == 1, "nobody is there before its day"
    yes = ("--as", "dara", "--yes", "--json")
    came = json.loads(spean("fair", "came", number, "t-T1", "--people", 2, *yes).out)
    assert (came["contact_id"], came["came"], came["size"]) == (family, 2, 3)
    assert spean("fair", "came", number, "--contact", single, "--yes").status == 0
    assert spean("fair", "came", number, "--contact", single, "--undo").status == 0
    assert spean("fair", "came", number, "T9").status == 1
    assert spean("fair", "came", number, "T1", "--contact", family).status == 2
    assert spean("fair", "came", number, "T1", "--as", "vanna").status == 1, "a viewer is nobody at the door"

    day = ("--day", "2027-03-06")
    assert (
        spean("fair", "walk-in", number, "--sex", "woman", "--age", "25-34", *day, "--count", 4).status == 0
    )
    counted = spean(
        "fair", "walk-in", number, "--sex", "woman", "--age", "25-34", *day, "--count", -1, "--json"
    )
    assert json.loads(counted.out) == {"day": "2027-03-06", "sex": "woman", "age": "25-34", "count": 3}
    assert spean("fair", "walk-in", number, "--sex", "man", "--count", -1).status == 1
    assert spean("fair", "walk-in", number, "--sex", "man", "--day", "soon").status == 2
    assert [action for _, action, _ in audited("activity.")][-5:] == [
        *("activity.came", "activity.came", "activity.came-not", "activity.walk-in", "activity.walk-in")
    ]
    assert shown(spean, number)["came"] == {"parties": 1, "people": 2, "walk_in": 3}
    assert "walk_in 3" in spean("fair", "show", number).out
    assert spean("fair", "outcomes", number, "--json").out == "", "nobody was asked yet"


def test_of_how_few_somebody_wanted_money_is_not_told(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "--publish")
    for count, told in ((1, "fewer than 5"), (3, "fewer than 5"), (1, 5)):
        with store() as found:
            for _ in range(count):
                found.run(lambda conn: outcomes.count_money(conn, number, 1))
        assert json.loads(spean("fair", "outcomes", number, "--json").out)["money"] == told


def test_a_fair_that_has_begun_is_ended_and_leaves_no_reminder(spean: Spean, site: Path) -> None:
    assert site.exists()
    early = spean("fair", "done", made(spean, "--publish"))
    assert (early.status, "it has not begun" in early.err) == (1, True)
    hours = [local(SystemClock().now() + timedelta(hours=one)) for one in (-1, 3)]
    number = made(spean, "title_en=Today", f"starts_at={hours[0]}", f"ends_at={hours[1]}", "--publish")
    assert json.loads(spean("fair", "done", number, "--json").out)["state"] == "done"
    with store() as found:
        keys = found.read(lambda conn: conn.scalars(select(agenda.c.key)).all())
    assert [key for key in keys if key.startswith(f"{number}:-")] == []


# --- codes ---


def test_codes_and_a_sheet_lead_to_both_platforms(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = made(spean, "bring_km=អត្តសញ្ញាណប័ណ្ណ", "cost=0", "bus_stop=ផ្សារ", "bus_at=06:30", "bus_seats=30")
    assert spean("fair", "qr", number).status == 1, "a draft is shown to nobody"
    assert spean("fair", "publish", number).status == 0
    assert spean("fair", "qr", number).status == 1, "no app is known"
    monkeypatch.setenv("SPEAN_TELEGRAM__ENABLED", "true")
    monkeypatch.setenv("SPEAN_TELEGRAM__TOKEN", "7001:abc")
    with store() as found:
        found.run(lambda conn: kept.put(conn, "name:telegram:7001", "spean_bot"))
    ran = spean("fair", "qr", number, "--into", site / "codes", "--json")
    assert json.loads(ran.out) == {"telegram": f"https://t.me/spean_bot?start=f-{number}"}
    picture = (site / "codes" / f"f-{number}-telegram.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    sheet = (site / "codes" / f"f-{number}.html").read_text("utf-8")
    for words in ("ពិព័រណ៍ការងារ បាកាន", "Job fair in Bakan", "ផ្សារ", "<svg", "អត្តសញ្ញាណប័ណ្ណ", "It is free."):
        assert words in sheet
    near = spean("activity", "qr", "--place", "150101", "--into", site / "codes")
    assert near.lines == ["https://t.me/spean_bot?start=v-150101"]
    assert (site / "codes" / "v-150101.html").exists()
    assert spean("activity", "qr", "--place", "999999").status == 2
    assert spean("activity", "qr").status == 2
