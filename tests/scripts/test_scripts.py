"""From files to a Release: what is compiled, how it is named, how files are kept tidy."""

import io
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import scripts
from bot.catalogues import read
from bot.core.actions import Consent, OpenCase
from bot.core.dialog import CallNode, ChoiceNode, DateNode, RepeatNode
from bot.script_words import extract_script, format_scripts, format_words, update_words
from tests.scripts import sample

REPOSITORY = Path(__file__).parents[2]


def test_the_files_become_a_book(files: dict[str, bytes]) -> None:
    book = scripts.compile_release(files).book
    assert (book.first, book.home, book.person) == ("language", "menu", "talk")
    assert [route.rank for route in book.routes] == ["control", "open"]
    intake = book.dialogs["intake"]
    assert intake.start == "hello"
    assert intake.submission == "new"
    assert intake.questions == 5
    assert list(intake.nodes) == [
        "hello",
        "agree",
        "age",
        "home",
        "years",
        "needs",
        "jobs",
        "review",
        "thanks",
    ]
    assert book.dialogs["menu"].nodes["to-intake"].kind == CallNode("intake")
    assert book.centres["pursat"].hours == "centres.pursat.hours"
    assert book.hotlines["police"].called_on == date(2026, 11, 2)


def test_nodes_get_their_defaults(files: dict[str, bytes]) -> None:
    book = scripts.compile_release(files).book
    nodes = book.dialogs["intake"].nodes
    assert nodes["hello"].next == "agree"
    assert nodes["thanks"].next == "end"
    assert nodes["hello"].field is None
    assert nodes["age"].field == "age"
    assert book.dialogs["menu"].nodes["top"].field is None
    assert nodes["age"].expires == timedelta(hours=12)
    assert nodes["thanks"].expires == timedelta(days=3)
    assert nodes["jobs"].kind == RepeatNode("job", 10)
    assert nodes["review"].do == (OpenCase("intake"),)
    assert (nodes["agree"].why, nodes["agree"].help) == ("intake.agree.why", None)
    assert (nodes["years"].help, nodes["years"].retry) == ("intake.years.help", "intake.years.retry")
    assert book.dialogs["job"].nodes["since"].kind == DateNode("month", date(1990, 1, 1))


def test_choices_get_their_labels(files: dict[str, bytes]) -> None:
    book = scripts.compile_release(files).book
    top = book.dialogs["menu"].nodes["top"].kind
    assert isinstance(top, ChoiceNode)
    assert [(one.label, one.short) for one in top.choices] == [
        ("menu.top.intake", "menu.top.intake.short"),
        ("menu.top.bye", None),
    ]
    agree = book.dialogs["intake"].nodes["agree"].kind
    assert agree.yes.do == (Consent("help", granted=True),)
    assert agree.no.next == "end"
    assert book.labels["menu.top.intake"] == ("ពាក្យ", "words")
    assert book.labels["bot.yes"] == ("ពាក្យ", "words")


def test_a_digest_names_the_bytes(files: dict[str, bytes], root: Path) -> None:
    assert scripts.digest(files) == scripts.digest(dict(reversed(files.items())))
    assert scripts.digest(scripts.read_files(root)) == scripts.digest(files)
    assert scripts.compile_release(files).digest == scripts.digest(files)
    moved = {("dialogs/x.toml" if file.endswith("job.toml") else file): data for file, data in files.items()}
    assert scripts.digest(moved) != scripts.digest(files)
    assert scripts.digest({"a": b"b", "c": b""}) != scripts.digest({"a": b"", "c": b"b"})


def test_hidden_files_are_no_part_of_a_release(root: Path) -> None:
    (root / "dialogs" / ".intake.toml.swp").write_bytes(b"x")
    assert "dialogs/.intake.toml.swp" not in scripts.read_files(root)


def test_update_adds_what_is_said_and_drops_what_is_not(root: Path) -> None:
    job = root / "dialogs/job.toml"
    job.write_text(job.read_text(encoding="utf-8").replace('id = "since"', 'id = "until"'), encoding="utf-8")

    changes = update_words(root)
    changes.write(root)

    assert (changes.added, changes.dropped) == (("job.until",), ("job.since",))
    entries = read((root / "locales/km/LC_MESSAGES/job.po").read_bytes())
    assert entries["job.until"].text == ""
    assert entries["job.work"].text == "ពាក្យ"
    assert update_words(root).files == {}


def test_update_removes_the_catalogue_of_a_dialog_that_went(root: Path) -> None:
    intake = root / "dialogs/intake.toml"
    text = intake.read_text(encoding="utf-8").replace('kind = "repeat"\ndialog = "job"', 'kind = "say"')
    intake.write_text(text, encoding="utf-8")
    (root / "dialogs/job.toml").unlink()
    update_words(root).write(root)
    assert not (root / "locales/en/LC_MESSAGES/job.po").exists()


def test_update_touches_nothing_while_a_script_cannot_be_read(root: Path) -> None:
    (root / "dialogs/job.toml").write_text("[dialog", encoding="utf-8")
    with pytest.raises(scripts.BrokenScript):
        update_words(root)


def test_formatting_makes_files_canonical_and_then_rests(root: Path) -> None:
    job, words = root / "dialogs/job.toml", root / "locales/km/LC_MESSAGES/job.po"
    job.write_bytes(b"# why not\r\n\n\n\n" + job.read_bytes() + b"  \n\n")
    words.write_text(words.read_text(encoding="utf-8").replace("ពាក្យ", "ធា្លក់"), encoding="utf-8")

    format_scripts(root).write(root)
    format_words(root).write(root)

    assert job.read_text(encoding="utf-8") == "# why not\n\n" + sample.JOB
    assert read(words.read_bytes())["job.work"].text == "ធ្លាក់"
    assert (format_scripts(root).files, format_words(root).files) == ({}, {})
    assert sample.faults(scripts.read_files(root)) == []


def test_babel_extracts_the_ids_of_a_script() -> None:
    script = io.BytesIO(sample.TALK.encode())
    script.name = "/anywhere/dialogs/talk.toml"
    assert [found[2] for found in extract_script(script, {}, [], {})] == ["talk.calm"]


def test_pybabel_finds_every_shipped_message_by_the_mapping(tmp_path: Path) -> None:
    template = tmp_path / "all.pot"
    tool = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
    subprocess.run([*tool, "-o", str(template), "."], cwd=REPOSITORY, check=True)  # noqa: S603 - our own tool
    shipped = {
        message_id
        for path in (REPOSITORY / "locales/km/LC_MESSAGES").glob("*.po")
        for message_id in read(path.read_bytes())
    }
    assert set(read(template.read_bytes())) >= shipped


def test_the_committed_schema_is_the_one_of_the_forms() -> None:
    assert (REPOSITORY / "docs/dialog.schema.json").read_text(encoding="utf-8") == scripts.schema()


def test_the_shipped_scripts_are_without_fault() -> None:
    assert sample.faults(scripts.read_files(REPOSITORY)) == []  # which sentences to record is no fault
