"""`spean faq`: what is said today, what a question finds, and what staff do about it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.cli.store import Store, opened
from bot.core.contact import Address
from storage import answers, missed, people
from storage.schema import audit, outbox
from tests.cli.command import Spean

PAY, PRACTICAL = "q01-wages-owed", "q20-owe-thai-boss"
ASKED = "ថៅកែថៃជំពាក់លុយខែខ្ញុំ"


@contextmanager
def store() -> Iterator[Store]:
    with opened(Path("bot.toml")) as found:
        yield found


def audited(prefix: str = "faq.") -> list[tuple[int | None, str, str]]:
    with store() as found:
        rows = found.read(lambda conn: conn.execute(select(audit).order_by(audit.c.id)).all())
    return [(row.staff_id, row.action, row.what) for row in rows if row.action.startswith(prefix)]


@pytest.fixture
def site(spean: Spean, house: Path) -> Path:
    """A live Release, and staff."""
    assert spean("script", "import").status == 0
    for name, role in (("dara", "caseworker"), ("vanna", "viewer"), ("gone", "viewer")):
        assert spean("staff", "add", name, "--role", role, "--centre", "pursat").status == 0
    assert spean("staff", "disable", "gone", "--yes").status == 0
    return house


def state(spean: Spean, entry: str) -> str:
    rows = [json.loads(line) for line in spean("faq", "list", "--json").lines]
    return str(next(row["today"] for row in rows if row["id"] == entry))


def greeted(*who: str) -> list[int]:
    def work(conn: Connection, one: str) -> int:
        where = Address("telegram:7001", one)
        person = people.greet(conn, found.vault, where, "km", found.now)
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
    with store() as found:
        rows = found.read(lambda conn: conn.execute(select(outbox.c.cause, outbox.c.contact_id)).all())
    assert [tuple(row) for row in rows] == [(f"corrected:{PAY}:old:{ids[0]}", ids[0])]
    again = spean(*command, "--yes")
    assert ("1 stopped" in again.out, str(ids[1]) in again.err) == (True, True)
    with store() as found:
        assert len(found.read(lambda conn: conn.execute(select(outbox.c.id)).all())) == 1
    assert (1, "faq.correct", f"{PAY} old") in audited()


def test_what_is_said_today_is_not_corrected(spean: Spean, site: Path) -> None:
    assert site.exists()
    version = json.loads(spean("faq", "show", PAY, "--json").out)["version"]
    command = ("faq", "correct", PAY, "--version", version, "--by", "dara", "--yes")
    ran = spean(*command)
    assert (ran.status, "said today" in ran.err) == (1, True)
    assert spean("faq", "withdraw", PAY, "--by", "dara").status == 0
    assert "nobody is left" in spean(*command).err


# --- publishing, and what the doctor says ---


def test_a_release_with_another_legal_answer_is_published_by_two(spean: Spean, site: Path) -> None:
    first = spean("script", "list", "--json").lines
    file = site / "locales/en/LC_MESSAGES/faq-pay.po"
    text = file.read_text("utf-8")
    file.write_text(text.replace("Thank you for asking us.", "Thank you for your question.", 1), "utf-8")
    assert spean("script", "import", "--yes").status == 0
    digest = json.loads(first[0])["digest"]
    ran = spean("script", "publish", digest, "--yes")
    assert (ran.status, "legal" in ran.err) == (2, True)
    assert spean("script", "publish", digest, "--yes", "--by", "dara", "--with", "dara").status == 2
    assert spean("script", "publish", digest, "--yes", "--by", "dara", "--with", "vanna").status == 0
    assert audited("script.publish") == [(1, "script.publish", f"{digest[:12]} with staff 2")]


def test_a_release_that_changes_no_legal_answer_is_published_by_one(spean: Spean, site: Path) -> None:
    digest = json.loads(spean("script", "list", "--json").lines[0])["digest"]
    file = site / "locales/en/LC_MESSAGES/stop.po"
    file.write_text(file.read_text("utf-8").replace("Stopped.", "It has stopped."), "utf-8")
    assert spean("script", "import", "--yes").status == 0
    assert spean("script", "publish", digest, "--yes").status == 0


def test_the_doctor_names_answers_whose_time_runs_out_and_numbers_nobody_called(
    spean: Spean, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    file = house / "dialogs/faq/pay.toml"
    soon = file.read_text("utf-8").replace(
        "expires = 2027-11-22", f"expires = {today + timedelta(days=20)}", 1
    )
    file.write_text(soon, "utf-8")
    assert spean("script", "import").status == 0

    def said(where: str) -> list[dict[str, str]]:
        found = [json.loads(line) for line in spean("doctor", "--json").lines]
        return [one for one in found if one["where"] == where]

    assert [one["state"] for one in said("answers") if PAY in one["what"]] == ["warning"]
    (numbers,) = said("hotlines")
    assert numbers["state"] == "warning", "a sample site reaches nobody"
    assert all(name in numbers["what"] for name in ("police", "anti-trafficking", "child", "cmac-pursat"))
    monkeypatch.setenv("SPEAN_TELEGRAM__ENABLED", "true")
    monkeypatch.setenv("SPEAN_TELEGRAM__TOKEN", "7001:abc")
    assert [one["state"] for one in said("hotlines")] == ["fault"]
