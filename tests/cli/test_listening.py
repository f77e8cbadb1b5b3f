"""`spean listen`: who may hear what, what counts as heard, and what a note's words become."""

import json
from pathlib import Path

import pytest

from bot.cli.store import opened
from tests.cli.command import Spean
from tests.noted import Noted, somebody
from tests.sound import opus


@pytest.fixture
def noted(spean: Spean, house: Path) -> Noted:
    """Somebody of Pursat left voice notes; Dara works there, Sok elsewhere."""
    assert house.exists()
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    assert spean("staff", "add", "sok", "--centre", "preah-vihear").status == 0
    return left()


def left(*, restricted: bool = False, external: str = "5") -> Noted:
    with opened(Path("bot.toml")) as store:
        return store.run(lambda conn: somebody(conn, store.vault, restricted=restricted, external=external))


def waiting(spean: Spean, *arguments: str) -> list[dict]:
    return [json.loads(line) for line in spean("listen", "list", "--json", *arguments).lines]


def test_the_notes_of_ones_own_centre_wait_the_oldest_first(spean: Spean, noted: Noted) -> None:
    rows = waiting(spean, "--as", "dara")
    assert [one["id"] for one in rows] == list(noted.notes.values())
    assert [one["field"] for one in rows] == [None, "age", "home", "years", "needs"]
    assert {(one["person"], one["centre"], one["seconds"], one["kb"]) for one in rows} == {
        (noted.contact, "pursat", 4, 1)
    }
    assert waiting(spean, "--as", "sok") == []
    assert waiting(spean, "--centre", "preah-vihear") == []
    assert len(waiting(spean)) == len(rows)


def test_a_note_is_written_into_a_new_file_and_waits_no_longer(
    spean: Spean, noted: Noted, house: Path
) -> None:
    number, out = noted.notes["age"], house / "note.ogg"
    assert spean("listen", "play", number, "--out", out, "--as", "dara").status == 0
    assert out.read_bytes() == opus(4)
    assert out.stat().st_mode & 0o777 == 0o600
    assert number not in [one["id"] for one in waiting(spean, "--as", "dara")]
    again = spean("listen", "play", number, "--out", out, "--as", "dara")
    assert (again.status, "something is there already" in again.err) == (1, True)


def test_who_may_not_hear_a_note_does_not_learn_that_it_is_there(
    spean: Spean, noted: Noted, house: Path
) -> None:
    number = noted.notes["age"]
    other = spean("listen", "play", number, "--out", house / "x", "--as", "sok")
    nothing = spean("listen", "play", 999, "--out", house / "x", "--as", "sok")
    assert (other.status, nothing.status) == (1, 1)
    assert other.err.replace(str(number), "999") == nothing.err
    assert spean("listen", "transcribe", number, "1", "--as", "sok").status == 1
    assert not (house / "x").exists()


def test_restricted_notes_are_for_safeguarding_only(spean: Spean, noted: Noted) -> None:
    secret = left(restricted=True, external="6")
    mine = {one["id"] for one in waiting(spean, "--as", "dara")}
    assert not mine & set(secret.notes.values())
    assert mine >= set(noted.notes.values())
    made = spean("staff", "add", "sophea", "--centre", "pursat", "--role", "safeguarding")
    assert made.status == 0, made.err
    hers = [one for one in waiting(spean, "--as", "sophea") if one["restricted"]]
    assert {one["id"] for one in hers} == set(secret.notes.values())


def test_a_transcript_fills_the_field(spean: Spean, noted: Noted) -> None:
    number = noted.notes["age"]
    ran = spean("listen", "transcribe", number, "2", "--as", "dara")
    assert (ran.status, ran.err) == (0, f"the words of note {number} are kept, and age is answered\n")
    assert number not in [one["id"] for one in waiting(spean, "--as", "dara")]


def test_words_that_answer_nothing_are_refused_with_what_would(spean: Spean, noted: Noted) -> None:
    number = noted.notes["age"]
    ran = spean("listen", "transcribe", number, "perhaps", "--language", "en", "--as", "dara")
    assert ran.status == 1
    assert ran.err == (
        f"note {number}, age · these words do not answer the question · "
        "one of: words · words; or write --words-only to keep just the words\n"
    )
    kept = spean("listen", "transcribe", number, "perhaps", "--words-only", "--as", "dara")
    assert (kept.status, kept.err) == (0, f"the words of note {number} are kept\n")


def test_no_words_are_misuse(spean: Spean, noted: Noted) -> None:
    assert spean("listen", "transcribe", noted.notes["age"], "  ", "--as", "dara").status == 2
