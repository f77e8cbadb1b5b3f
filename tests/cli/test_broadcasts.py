"""`spean broadcast`: from the draft to the report, and everything that is refused on the way."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Spean
from tests.cli.site import a_reader, audited

KM, EN = "មានពិព័រណ៍ការងារ នៅបាកាន", "A job fair in Bakan"


@pytest.fixture
def reader(spean: Spean, site: Path) -> Path:
    """Somebody who writes in this terminal and agreed to messages."""
    data = a_reader(spean, site)
    assert spean("staff", "add", "chenda", "--role", "approver").status == 0
    return data


def drafted(spean: Spean, *options: str, name: str = "December") -> str:
    ran = spean("broadcast", "draft", name, "--km", KM, "--en", EN, *options)
    assert ran.status == 0, ran.err
    return ran.out.strip()


def status(spean: Spean, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spean("broadcast", "status", number, "--json").out)
    return found


def test_from_the_draft_to_the_report(spean: Spean, reader: Path) -> None:
    number = drafted(spean, "--button", "សួរ|Ask|d:faq", "--as", "chenda")
    seen = json.loads(spean("broadcast", "preview", number, "--json", "--language", "en").out)
    assert (seen["people"], seen["reached"], seen["not_reached"]) == (1, {"terminal": 1}, {})
    assert seen["who"] == "everybody"
    assert EN in seen["looks"]["terminal"][0]
    assert "[Ask]" in seen["looks"]["terminal"][0]
    asked = spean("broadcast", "approve", number, "--as", "chenda")
    assert asked.status == 1
    assert "Nobody is here to ask" in asked.err
    done = spean("broadcast", "approve", number, "--as", "chenda", "--yes")
    assert done.err.startswith(f"announcement {number} goes to 1 person, at once")
    assert done.err.endswith(f"; look on: spean broadcast status {number}\n")
    heard = spean("chat", "--data", reader, "--json", typed="/wait 1d\n")
    assert any(EN in json.loads(line)["text"] for line in heard.lines)
    stands = status(spean, number)
    assert (stands["state"], stands["of"], stands["ended"]) == ("done", 1, 1)
    assert stands["states"] == {"sent": 1}
    (fate,) = [json.loads(line) for line in spean("broadcast", "report", number, "--json").lines]
    assert (fate["contact"], fate["state"], fate["why"]) == (1, "sent", "")
    again = spean("broadcast", "repeat", number, "--as", "chenda").out.strip()
    assert again == str(int(number) + 1)
    seen_again = spean("broadcast", "preview", again).out
    assert f"of these only whom announcement {number} failed to reach" in seen_again.splitlines()
    assert [action for _, action, _ in audited("broadcast.")] == [
        "broadcast.draft",
        "broadcast.approve",
        "broadcast.report",
        "broadcast.draft",
    ]


def test_a_second_person_above_the_limit(spean: Spean, reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader.exists()
    monkeypatch.setenv("SPEAN_BROADCAST__APPROVE_ABOVE", "0")
    number = drafted(spean)
    assert "a second person has to approve it" in spean("broadcast", "preview", number).out
    waits = spean("broadcast", "approve", number, "--yes")
    assert waits.err == f"it waits for a second person: spean broadcast approve {number} --as NAME\n"
    alone = spean("broadcast", "approve", number, "--yes")
    assert "somebody else must approve it" in alone.err
    assert spean("broadcast", "refuse", number, "--as", "chenda").status == 0
    assert status(spean, number)["state"] == "draft"
    assert spean("broadcast", "approve", number, "--yes", "--as", "chenda").status == 0
    assert status(spean, number)["state"] == "approved"


def test_paused_resumed_and_ended(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    number = drafted(spean)
    assert "not possible in its state" in spean("broadcast", "pause", number).err
    spean("broadcast", "approve", number, "--yes")
    for act, state in (("pause", "paused"), ("resume", "approved"), ("pause", "paused")):
        assert spean("broadcast", act, number).status == 0
        assert status(spean, number)["state"] == state
    assert "Nobody is here to ask" in spean("broadcast", "cancel", number).err
    assert "would be ended" in spean("broadcast", "cancel", number, "--dry-run").err
    assert spean("broadcast", "cancel", number, "--yes").status == 0
    assert status(spean, number)["state"] == "stopped"
    assert "not possible" in spean("broadcast", "edit", number, "--en", "x").err


def test_an_edit_changes_only_what_is_given(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    number = drafted(spean, "--who", "sexes=woman", "--who", "seen_within=30", "--at", "2099-12-01T08:00")
    before = status(spean, number)
    assert before["who"] == {"sexes": ["woman"], "seen_within": 30}
    assert before["send_at"] == "2099-12-01 08:00"
    edited = spean("broadcast", "edit", number, "--who", "places=15,1502", "--at", "", "--name", "Other")
    assert edited.status == 0, edited.err
    after = status(spean, number)
    assert (after["name"], after["who"], after["send_at"]) == ("Other", {"places": ["15", "1502"]}, None)
    told = spean("broadcast", "preview", number, "--language", "en")
    assert told.out.splitlines()[0] == "who: living in Pursat, Kandieng"
    nobody = f"nobody would get it; choose others: spean broadcast edit {number} --who PART=VALUE"
    assert nobody in told.err.splitlines()
    assert "nobody would get it" in spean("broadcast", "approve", number, "--yes").err


def test_without_words_nothing_is_drafted_and_none_are_taken_from_a_draft(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    for words in ((), ("--km", " "), ("--km", "", "--en", "")):
        ran = spean("broadcast", "draft", "December", *words)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err == "December · there are no words · write --km, --en or both\n"
    assert spean("broadcast", "list", "--json").out == ""
    number = drafted(spean)
    emptied = spean("broadcast", "edit", number, "--km", "", "--en", "")
    assert emptied.status == 2
    assert "there are no words" in emptied.err
    assert spean("broadcast", "edit", number, "--en", "").status == 0, "the Khmer words are enough"
    assert KM in spean("broadcast", "preview", number, "--language", "en").out


WRONG = (
    (("--who", "debts=yes"), "there is no debts"),
    (("--who", "sexes=cat"), "sexes has no cat"),
    (("--who", "sexes"), "this is no part and its values"),
    (("--who", "centres=mars"), "centres has no mars"),
    (("--purpose", "gossip"), "write one of news, fairs, training, jobs"),
    (("--centre", "mars"), "write one of oddar-meanchey, pursat, preah-vihear"),
    (("--button", "Go|there"), 'write "KM|EN|TO"'),
    (("--button", "Go|Go|http://example.org"), "nothing can be opened there"),
    (("--button", "||d:faq"), "a button's label is empty or too long"),
    (("--picture", "bot.toml"), "it is not a PNG or JPEG"),
    (("--picture", "none.png"), "it can not be read"),
    (("--at", "tomorrow"), "write 2026-12-01T08:00"),
    (("--until", "2020-01-01T08:00"), "it would end before it begins"),
    (("--who", "needs=owed", "--en", "Your wages"), "whoever reads along learns why somebody gets it: wage"),
)


def test_what_is_wrong_is_said_before_anything_is_kept(spean: Spean, site: Path) -> None:
    assert site.exists()
    for options, said in WRONG:
        ran = spean("broadcast", "draft", "X", "--km", KM, *options)
        assert ran.status == 2, options
        assert said in ran.err, options
    assert spean("broadcast", "list", "--json").out == ""
    parts = {
        row["part"]: row["values"] for row in map(json.loads, spean("broadcast", "parts", "--json").lines)
    }
    assert parts["sexes"] == "woman, man, other"
    assert parts["seen_within"] == "days, 1 to 3650"


def test_staff_see_and_reach_their_own_centre_only(spean: Spean, reader: Path) -> None:
    assert reader.exists()
    assert spean("staff", "add", "sina", "--role", "broadcaster", "--centre", "pursat").status == 0
    theirs = drafted(spean, "--as", "sina")
    assert status(spean, theirs)["centre"] == "pursat"
    ours = drafted(spean)
    refused = spean("broadcast", "preview", ours, "--as", "sina")
    assert refused.err.startswith(f"announcement {ours} · there is no such announcement within reach · ")
    rows = [json.loads(line) for line in spean("broadcast", "list", "--as", "sina", "--json").lines]
    assert [row["id"] for row in rows] == [int(theirs)]
    assert "you may not do this" in spean("broadcast", "draft", "X", "--km", "x", "--as", "vanna").err
    assert "on duty in no chat" in spean("broadcast", "preview", theirs, "--copy", "--as", "sina").err
