"""The table of Khmer sentences for a native reviewer: none is left out, and what was signed is not lost."""

from pathlib import Path

import pytest

from bot.core.khmer.level import level
from bot.scripts import read_files
from bot.word_review import document, rows, signatures
from tests.scripts.sample import SCRIPTS, files_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "khmer-review.md"


def test_the_page_is_what_the_catalogues_say() -> None:
    page = PAGE.read_text("utf-8")
    wanted = document(rows(read_files(ROOT), signatures(page)))
    assert page == wanted, "run: spean words review --into docs/khmer-review.md"


def test_a_signature_stays_while_the_sentence_is_the_same() -> None:
    before = document(rows(files_of(SCRIPTS), {}))
    first, second = rows(files_of(SCRIPTS), {})[:2]
    signed = before.replace(
        f"| {first.tone} |  |\n| {second.id} ", f"| {first.tone} | ok, Sophea, 3 March |\n| {second.id} "
    )
    kept = rows(files_of(SCRIPTS), signatures(signed))
    assert (kept[0].signed, kept[1].signed) == ("ok, Sophea, 3 March", "")
    assert document(kept) == signed
    changed = {first.id: ("other words", "ok, Sophea, 3 March")}
    assert rows(files_of(SCRIPTS), changed)[0].signed == ""


@pytest.mark.parametrize(
    ("sentence", "name", "longest"),
    [
        ("យល់ព្រម", "easy", 4),
        ("សូមអាន។ ប្រើឥតគិតថ្លៃ។", "easy", 6),
        ("{centre} {answer_by}", "easy", 0),
        ("យើងប្រាប់ការិយាល័យផ្សេង តែពេលអ្នកយល់ព្រមម្តងៗ។", "fair", 22),
    ],
)
def test_how_long_a_sentence_is(sentence: str, name: str, longest: int) -> None:
    assert (level(sentence).name, level(sentence).longest) == (name, longest)


def test_words_that_many_do_not_know_are_named() -> None:
    assert level("សូមកុំផ្ញើរូបអត្តសញ្ញាណប័ណ្ណ ទៅការិយាល័យ។").hard == ("អត្តសញ្ញាណប័ណ្ណ", "ការិយាល័យ")
