"""`spean faq`: what is said today, what a question finds, and what staff do about it."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.contact import Address
from storage import answers, missed, people
from storage.schema import agenda, outbox
from tests.cli.command import Spean
from tests.cli.site import audited, store

PAY, PRACTICAL = "q01-wages-owed", "q20-owe-thai-boss"
ASKED = "ថៅកែថៃជំពាក់លុយខែខ្ញុំ"


def state(spean: Spean, entry: str) -> str:
    rows = [json.loads(line) for line in spean("faq", "list", "--json").lines]
    return str(next(row["today"] for row in rows if row["id"] == entry))


def greeted(*who: str) -> list[int]:
    def work(conn: Connection, one: str) -> int:
        where = Address("telegram:7001", one)
        person = people.greet(conn, found.vault, where, "km", found.now)
        people.set_flag(conn, person.contact.id, "careful", on=False, now=found.now)
        answers.record(conn, person.contact.id, PAY, "old", "whole", found.now)
        return person.contact.id

    with store() as found:
        return [found.run(lambda conn, name=one: work(conn, name)) for one in who]  # type: ignore[misc]


# --- looking ---


def test_a_question_is_answered_from_the_files_without_making_a_store(spean: Spean, house: Path) -> None:
    told = json.loads(spean("faq", "ask", ASKED).out)
    assert set(told) == {"decision", "hits"}
    assert told["decision"] == "answer"
    assert set(told["hits"][0]) == {"id", "confidence", "question", "answer"}
    assert told["hits"][0]["id"] == PAY
    assert told["hits"][0]["answer"]
    english = json.loads(spean("faq", "ask", ASKED, "--language", "en").out)
    assert english["hits"][0]["question"].isascii()
    assert not (house / "var").exists()


def test_the_search_is_measured_with_questions_whose_answers_are_known(spean: Spean, house: Path) -> None:
    file = house / "asked.tsv"
    lines = ("# in scope", f"{ASKED}\tq01\tspoken", f"{ASKED}\tq45", "zzz qqq\t-", "")
    file.write_text("\n".join(lines), "utf-8")
    found = json.loads(spean("faq", "eval", file).out)
    assert set(found) == {"n", "top1", "top3", "mrr", "accepted", "false_accepts"}
    assert (found["n"], found["top1"], found["accepted"], found["false_accepts"]) == (3, 0.5, 0.5, 0.0)
    assert 0.5 <= found["mrr"] < 1.0
    file.write_text("no id here\n", "utf-8")
    ran = spean("faq", "eval", file)
    assert (ran.status, "line 1" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("written", "told"),
    [(b"\xff\xfe\ttext", "UTF-8"), ("សួរ\tq99\n".encode(), "q99"), (b"only words\n", "line 1")],
)
def test_a_list_of_questions_that_makes_no_sense_is_refused(
    spean: Spean, house: Path, written: bytes, told: str
) -> None:
    (house / "odd.tsv").write_bytes(written)
    ran = spean("faq", "eval", "odd.tsv")
    assert ran.status == 1
    assert told in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.usefixtures("site")
def test_what_is_no_entry_was_seen_by_nobody_and_is_said_to_be_none(spean: Spean) -> None:
    ran = spean("faq", "seen", "q99-nothing")
    assert (ran.status, "there is no such entry" in ran.err) == (1, True)


def test_an_answer_is_shown_in_both_languages_as_it_would_be_said(spean: Spean, site: Path) -> None:
    assert site.exists()
    told = json.loads(spean("faq", "show", PAY, "--json").out)
    assert (told["id"], told["topic"], told["kind"], told["today"]) == (PAY, "pay", "legal", "draft")
    assert told["km"]["answer"] != told["en"]["answer"]
    assert told["version"]
    assert PAY in spean("faq", "show", PAY).out
    assert spean("faq", "show", "q99-none").status == 1


def test_a_legal_answer_that_nobody_reviewed_is_not_asserted_on_a_live_site(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.exists()
    assert (state(spean, PAY), state(spean, PRACTICAL)) == ("draft", "asserted")
    monkeypatch.setenv("SPEAN_TELEGRAM__ENABLED", "true")
    monkeypatch.setenv("SPEAN_TELEGRAM__TOKEN", "7001:abc")
    assert (state(spean, PAY), state(spean, PRACTICAL)) == ("only what is sure", "asserted")


# --- taking back ---


def test_any_member_of_staff_takes_an_answer_back_at_once_and_alone(spean: Spean, site: Path) -> None:
    assert site.exists()
    assert spean("faq", "withdraw", PAY).status == 2
    assert spean("faq", "withdraw", PAY, "--by", "gone").status == 1
    assert spean("faq", "withdraw", PAY, "--by", "vanna", "--reason", "the law changed").status == 0
    assert state(spean, PAY) == "withdrawn"
    shown = json.loads(spean("faq", "show", PAY, "--json").out)
    assert (shown["withdrawn_by"], shown["reason"]) == ("vanna", "the law changed")
    assert spean("faq", "withdraw", PAY, "--by", "dara").status == 1
    assert audited() == [(2, "faq.withdraw", PAY)]


def test_a_legal_answer_comes_back_by_two_different_people(spean: Spean, site: Path) -> None:
    assert site.exists()
    for entry in (PAY, PRACTICAL):
        assert spean("faq", "withdraw", entry, "--by", "dara").status == 0
    assert spean("faq", "restore", PAY, "--by", "dara").status == 2
    assert spean("faq", "restore", PAY, "--by", "dara", "--with", "dara").status == 2
    assert spean("faq", "restore", PAY, "--by", "dara", "--with", "gone").status == 1
    assert state(spean, PAY) == "withdrawn"
    assert spean("faq", "restore", PAY, "--by", "dara", "--with", "vanna").status == 0
    assert spean("faq", "restore", PRACTICAL, "--by", "dara").status == 0
    assert (state(spean, PAY), state(spean, PRACTICAL)) == ("draft", "asserted")
    assert audited()[2:] == [(1, "faq.restore", f"{PAY} with staff 2"), (1, "faq.restore", PRACTICAL)]


# --- what nothing answers ---


def test_staff_see_what_nothing_answers_in_their_centre(spean: Spean, site: Path) -> None:
    assert site.exists()
    with store() as found:
        for words, centre in (("ក", "pursat"), ("ក", "pursat"), ("ខ", "preah-vihear"), ("គ", None)):
            found.run(
                lambda conn, said=words, where=centre: missed.add(
                    conn, found.vault, said, where, "km", found.now
                )
            )

    def listed(*more: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in spean("faq", "misses", "--json", *more).lines]

    assert [(one["words"], one["count"]) for one in listed("--as", "dara")] == [("ក", 2), ("គ", 1)]
    assert len(listed()) == 3
    assert [one["words"] for one in listed("--centre", "preah-vihear")] == ["ខ"]
    assert spean("faq", "misses", "--as", "dara", "--centre", "preah-vihear").status == 1
    assert spean("faq", "misses", "--as", "vanna").status == 1, "a viewer reads no words"
    whens = [(by, what) for by, action, what in audited() if action == "faq.misses"]
    assert whens == [(1, "all"), (None, "all"), (None, "preah-vihear")]


# --- making good ---


def test_who_saw_a_version_is_listed_and_told_once(spean: Spean, site: Path) -> None:
    assert site.exists()
    ids = greeted("1", "2")
    seen = json.loads(spean("faq", "seen", PAY, "--json").out)
    assert (seen["contacts"], seen["ids"]) == (2, ids)
    assert seen["versions"] == [{"version": "old", "contacts": 2}]
    assert json.loads(spean("faq", "seen", PAY, "--version", "x", "--json").out)["contacts"] == 0
    command = ("faq", "correct", PAY, "--version", "old", "--by", "dara")
    assert spean(*command, "--dry-run").status == 0
    assert spean(*command).status == 1, "nobody is here to ask"
    with store() as found:
        assert found.read(lambda conn: conn.scalar(select(outbox.c.id))) is None
        found.run(lambda conn: people.set_flag(conn, ids[1], "stopped", on=True, now=found.now))
    told = json.loads(spean(*command, "--yes", "--json").out)
    assert (told["queued"], told["stopped"]) == (1, 1)
    again = spean(*command, "--yes")
    assert ("1 stopped" in again.out, str(ids[1]) in again.err) == (True, True)
    with store() as found:
        rows = found.read(lambda conn: conn.execute(select(agenda.c.key, agenda.c.contact_id)).all())
    assert [tuple(row) for row in rows] == [(f"{PAY}:old:{ids[0]}:1", ids[0])], "each once"
    assert (1, "faq.correct", f"{PAY} old") in audited()
    state = json.loads(spean("faq", "seen", PAY, "--version", "old", "--json").out)
    assert (state["told"], state["waits"]) == ([], ids[:1])
    assert f"will be told: {ids[0]}\n" in spean("faq", "seen", PAY, "--version", "old").out


def test_what_became_right_while_we_were_asked_is_not_corrected(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody restored it between the question and the answer."""
    assert site.exists()
    version = json.loads(spean("faq", "show", PRACTICAL, "--json").out)["version"]
    (number,) = greeted("1")
    with store() as found:
        found.run(lambda conn: answers.record(conn, number, PRACTICAL, version, "whole", found.now))
    assert spean("faq", "withdraw", PRACTICAL, "--by", "dara").status == 0

    def meanwhile(*_: object, **__: object) -> bool:
        with store() as found:
            return found.run(lambda conn: answers.restore(conn, PRACTICAL))

    monkeypatch.setattr("bot.cli.faq_staff.agreed", meanwhile)
    ran = spean("faq", "correct", PRACTICAL, "--version", version, "--by", "dara", "--json")
    assert json.loads(ran.out)["said today"] == 1
    with store() as found:
        assert found.read(lambda conn: conn.execute(select(agenda.c.id)).all()) == []


def test_what_is_said_today_is_not_corrected(spean: Spean, site: Path) -> None:
    assert site.exists()
    version = json.loads(spean("faq", "show", PAY, "--json").out)["version"]
    command = ("faq", "correct", PAY, "--version", version, "--by", "dara", "--yes")
    ran = spean(*command)
    assert (ran.status, "said today" in ran.err) == (1, True)
    assert spean("faq", "withdraw", PAY, "--by", "dara").status == 0
    assert "nobody is left" in spean(*command).err
