"""`spean broadcast`: what leads nowhere or names no time is refused; what is shown is local and English."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.core.activity import Bilingual, State
from storage import activities, consents
from tests.cli.command import Spean
from tests.cli.site import a_reader, store
from tests.runner.phone import a_sheet

KM = "មានពិព័រណ៍ការងារ នៅបាកាន"


@pytest.fixture
def reader(spean: Spean, site: Path) -> Path:
    """Somebody who writes in this terminal and agreed to messages, and a fair in three days, a draft."""
    data = a_reader(spean, site)

    def prepare(conn: Connection) -> None:
        starts = found.now + timedelta(days=3)
        sheet = a_sheet(
            title=Bilingual("ពិព័រណ៍"), starts_at=starts, ends_at=starts + timedelta(hours=1), stops=()
        )
        activities.make(conn, "fair", "pursat", sheet, found.now)

    with store() as found:
        found.run(prepare)
    return data


def draft(spean: Spean, *options: str) -> str:
    ran = spean("broadcast", "draft", "December", "--km", KM, *options)
    assert ran.status == 0, ran.err
    return ran.out.strip()


def stands(state: State) -> None:
    with store() as found:
        found.run(lambda conn: activities.change(conn, 1, found.now, state=state))


WRONG = (
    (("--button", "ទៅ|Go|a:99"), "December · there is no such activity: a:99 · "),
    (("--button", "ទៅ|Go|d:nope"), "December · there is no such dialog in the live Release: d:nope · "),
    (("--who", "activity=99"), "December · there is no such activity: activity=99 · "),
    (("--at", "2099-12-01"), "--at 2099-12-01 · write the time too · write 2099-12-01T08:00"),
    (("--until", "20991201"), "--until 20991201 · write the time too · write 2099-12-01T08:00"),
    (
        ("--at", "2099-12-01T08:00", "--until", "2099-12-01T07:30"),
        "December · it would end before it begins: 2099-12-01 07:30 · ",
    ),
)


def test_what_leads_nowhere_and_a_day_without_a_time_are_refused(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    number = draft(spean, "--button", "ទៅ|Go|d:faq")
    for options, said in WRONG:
        ran = spean("broadcast", "draft", "December", "--km", KM, *options)
        assert (ran.status, ran.out) == (2, ""), options
        assert said in ran.err, options
        again = spean("broadcast", "edit", number, *options)
        assert again.status == 2, options
        assert said.removeprefix("December · ") in again.err, options
    unnamed = spean("broadcast", "draft", " ", "--km", KM)
    assert (unnamed.status, unnamed.err) == (2, "name · its name is empty or too long · 1 to 80 letters\n")
    explained = " ".join(spean("broadcast", "draft", "--help").out.split())
    assert "(spean broadcast parts)" in explained
    assert "--parts" not in explained


def test_what_people_are_not_shown_is_told_and_never_approved(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    number = draft(spean, "--button", "ទៅ|Go|a:1")
    states: dict[State, str] = {"draft": "a draft still", "cancelled": "called off", "done": "over when it"}
    for state, said in states.items():
        stands(state)
        assert said in spean("broadcast", "preview", number).err
        for how in ("--yes", "--dry-run"):
            refused = spean("broadcast", "approve", number, how)
            assert refused.status == 2
            assert said in refused.err
            assert ": a:1 · " in refused.err
    stands("published")
    assert spean("broadcast", "approve", number, "--yes").status == 0


def test_when_it_leaves_is_shown_in_local_time_with_the_quiet_hours(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    really = "2099-12-01 23:00; quiet hours then, so not before 2099-12-02 07:00"
    number = draft(spean, "--at", "2099-12-01T23:00")
    seen = spean("broadcast", "preview", number)
    assert f"leaves: {really}" in seen.out.splitlines()
    assert "who: everybody" in seen.out.splitlines(), "a report is English, whatever language is looked at"
    assert KM in seen.out
    row = json.loads(spean("broadcast", "preview", number, "--json").out)
    assert (row["leaves"], row["who"]) == ("2099-12-02 07:00", "everybody")
    assert f"to 1 person, {really}\n" in spean("broadcast", "approve", number, "--dry-run").err
    done = spean("broadcast", "approve", number, "--yes").err
    assert (
        done
        == f"announcement {number} goes to 1 person, {really}; look on: spean broadcast status {number}\n"
    )
    assert spean("broadcast", "cancel", number, "--yes").status == 0
    again = spean("broadcast", "repeat", number)
    assert (again.status, again.out) == (1, "")
    assert "it ended before it began, so nobody is left whom it failed" in again.err
    plain = draft(spean, "--at", "2099-12-01T08:00")
    assert "leaves: 2099-12-01 08:00" in spean("broadcast", "preview", plain).out.splitlines()
    assert "leaves: once approved" in spean("broadcast", "preview", draft(spean)).out


def test_of_the_consents_those_that_hold_are_shown_in_local_time(spean: Spean, reader: Path) -> None:
    assert reader.exists()

    def says(conn: Connection) -> None:
        shown = {"text": "news.wanted", "release": "r", "language": "en", "channel": "terminal"}
        for nth, granted in enumerate((False, True, False)):
            at = found.now.replace(year=2026, month=5, day=1 + nth, hour=20, minute=30)
            consents.record(conn, 1, "messages-fairs", granted=granted, now=at, **shown)

    with store() as found:
        found.run(says)
    told = [line for line in spean("contact", "show", "1").out.splitlines() if "messages-fairs" in line]
    assert told == ["  consent messages-fairs: no (2026-05-04 03:30)"]
    held = json.loads(spean("contact", "show", "1", "--json").out)["consents"]
    assert len([one for one in held if one["purpose"] == "messages-fairs"]) == 3, "the record keeps them all"
