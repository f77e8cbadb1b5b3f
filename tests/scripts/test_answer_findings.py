"""Every fault of an answer, provoked by one broken place; the last good Release stays live meanwhile."""

from datetime import date, datetime

import pytest

from bot import scripts
from bot.core.contact import LANGUAGES
from bot.core.finding import FAULTS
from bot.runner.publishing import import_files
from storage.database import Database
from tests.scripts import sample

PAGE = """\
[dialog]
id = "faq"

[[node]]
id = "ask"
kind = "faq"
topics = ["pay", "law"]
leads = { person = "talk" }
"""
ENTRY = """\
[[entry]]
id = "{id}"
kind = "legal"
source = "T5"
confidence = "M"
reviewed = 2026-11-22
expires = 2027-11-22
hotline = "police"
follow_ups = ["person"]
khmer = ["{word}មួយ", "{word}ពីរ", "{word}បី", "{word}បួន", "{word}ប្រាំ"]
romanised = ["{id} luy"]
english = ["{id} money"]
"""
FACTS = """\
[[fact]]
id = "limit"
value = 2
unit = "years"
source = "T5"
confidence = "M"
reviewed = 2026-11-22
expires = 2027-11-22
"""
PAY, LAW, DATED = "dialogs/faq/pay.toml", "dialogs/faq/law.toml", "dialogs/facts.toml"
SCRIPTS = {
    **sample.SCRIPTS,
    "dialogs/routes.toml": sample.ROUTES.replace('person = "talk"\n', 'person = "talk"\nanswers = "faq"\n'),
    "dialogs/faq.toml": PAGE,
    PAY: ENTRY.format(id="q01-owed", word="ប្រាក់ខែ"),
    LAW: ENTRY.format(id="q36-day", word="ម៉ោង"),
    DATED: FACTS,
}
TODAY = date(2026, 11, 22)


def files_of(changed: dict[str, str]) -> dict[str, bytes]:
    """The scripts with their words; the first answer names the dated fact."""
    files = {**sample.files_of(SCRIPTS), **{file: text.encode() for file, text in changed.items()}}
    for language in LANGUAGES:
        po = f"locales/{language}/LC_MESSAGES/faq-pay.po"
        word = "ពាក្យ" if language == "km" else "words"
        old = f'msgid "faq-pay.q01-owed.answer"\nmsgstr "{word}"'
        files[po] = files[po].decode().replace(old, old[:-1] + ' {limit} {hotline}"').encode()
    return files


def found(changed: dict[str, str], fault: str) -> list[tuple[str, str, str]]:
    findings = scripts.check(files_of(changed), TODAY)
    return [(one.file, one.node, one.key) for one in findings if one.problem == f"check.{fault}"]


def test_the_answers_are_whole() -> None:
    assert sample.faults(files_of({})) == []
    faq = scripts.compile_release(files_of({})).book.faq
    assert faq.entries["q01-owed"].names == {"limit", "hotline"}
    assert faq.entries["q01-owed"].version != faq.entries["q36-day"].version


BROKEN = [
    ("faq-topic", "dialogs/faq.toml", '"pay", ', "", "ask", "topics"),
    ("faq-topic", "dialogs/faq.toml", '"pay", ', '"pay", "debt", ', "ask", "topics"),
    ("faq-hotline", PAY, '"police"', '"polite"', "q01-owed", "hotline"),
    ("faq-follow-up", PAY, '["person"]', '["parson"]', "q01-owed", "follow_ups"),
    ("faq-fact-unit", DATED, "value = 2\n", 'value = "two"\n', "limit", "value"),
    ("faq-expired", PAY, "expires = 2027-11-22", "expires = 2026-11-22", "q01-owed", "expires"),
    ("faq-expired", DATED, "expires = 2027-11-22", "expires = 2026-11-01", "q01-owed", "expires"),
    ("dialog", "dialogs/faq.toml", '"talk"', '"walk"', "ask", "leads.person"),
    ("missing-key", PAY, 'source = "T5"\n', "", "q01-owed", "source"),
    ("range", PAY, 'source = "T5"', 'source = ""', "q01-owed", "source"),
    ("range", PAY, '"ប្រាក់ខែមួយ", ', "", "q01-owed", "khmer"),
    ("options", PAY, 'confidence = "M"', 'confidence = "MEM"', "q01-owed", "confidence"),
]


@pytest.mark.parametrize(("fault", "file", "old", "new", "node", "key"), BROKEN)
def test_a_broken_answer_is_found_where_it_is_broken(
    fault: str, file: str, old: str, new: str, node: str, key: str
) -> None:
    assert old in SCRIPTS[file]
    where = file if fault != "faq-expired" else PAY
    assert (where, node, key) in found({file: SCRIPTS[file].replace(old, new, 1)}, fault)


def test_an_unknown_placeholder_is_found() -> None:
    assert found({DATED: FACTS.replace("limit", "limits")}, "faq-fact") == [(PAY, "q01-owed", "")]
    assert found({PAY: SCRIPTS[PAY].replace('hotline = "police"\n', "")}, "faq-fact") == [
        (PAY, "q01-owed", "")
    ]


def test_one_wording_of_two_answers_is_found() -> None:
    twice = SCRIPTS[LAW].replace("ម៉ោងមួយ", "ប្រាក់ខែ មួយ")
    assert found({LAW: twice}, "faq-phrasing-twice") == [(PAY, "q01-owed", "khmer")]


def test_one_id_of_two_answers_is_found() -> None:
    assert found({LAW: SCRIPTS[LAW].replace("q36-day", "q01-owed")}, "twice") == [(PAY, "q01-owed", "id")]


def test_an_answer_without_its_translation_is_found() -> None:
    files = files_of({})
    po = "locales/en/LC_MESSAGES/faq-pay.po"
    files[po] = files[po].replace(b"words {limit} {hotline}", b"")
    keys = [one.key for one in scripts.check(files) if one.problem == "check.words-missing"]
    assert keys == ["faq-pay.q01-owed.answer"]


def test_every_fault_of_answers_is_provoked_above() -> None:
    provoked = {fault for fault, *_ in BROKEN} | {"faq-fact", "faq-phrasing-twice"}
    assert {fault for fault in FAULTS if fault.startswith("faq-")} <= provoked


def test_what_has_run_out_stops_no_release_and_what_is_broken_leaves_the_last_good_one(
    database: Database, now: datetime
) -> None:
    good = import_files(
        database, files_of({PAY: SCRIPTS[PAY].replace("2027-11-22", "2026-11-22")}), now, sample=True
    )
    assert good.outcome == "fresh"
    broken = import_files(
        database, files_of({PAY: SCRIPTS[PAY].replace('"police"', '"polite"')}), now, sample=True
    )
    assert (broken.outcome, broken.digest) == ("broken", good.digest)
    assert broken.broken is not None
    assert "check.faq-hotline" in {one.problem for one in broken.broken.findings}


def test_another_number_to_call_is_another_version() -> None:
    """So that whoever was told the old one can be corrected, and two members of staff sign."""
    before = scripts.compile_release(files_of({})).book.faq.entries
    lines = SCRIPTS["dialogs/hotlines.toml"]
    assert lines.count('"117"') == 1
    changed = scripts.compile_release(files_of({"dialogs/hotlines.toml": lines.replace('"117"', '"119"')}))
    for entry_id in ("q01-owed", "q36-day"):
        assert changed.book.faq.entries[entry_id].version != before[entry_id].version
    silent = files_of({LAW: SCRIPTS[LAW].replace('hotline = "police"\n', "")})
    assert scripts.compile_release(silent).book.faq.entries["q36-day"].version != before["q36-day"].version
