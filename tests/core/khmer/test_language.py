"""Which language lines are written in: sixty and more of each, by hand. Never tests their meaning."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.language import written_in

LINES = {
    file.stem: file.read_text(encoding="utf-8").splitlines()
    for file in sorted((Path(__file__).parent / "written").glob("*.txt"))
}
TAUGHT = Path(__file__).parents[2] / "safety" / "taught.tsv"


@pytest.mark.parametrize(("language", "least"), [("km", 1.0), ("th", 1.0), ("en", 0.95), ("rom", 0.95)])
def test_nearly_every_line_is_known(language: str, least: float) -> None:
    lines = LINES[language]
    wrong = [line for line in lines if written_in(line) != language]
    assert len(lines) >= 60
    assert len(wrong) <= (1 - least) * len(lines), wrong


@pytest.mark.parametrize("language", ["en", "rom"])
def test_lines_by_others_are_known_too(language: str) -> None:
    """Written for the safety lists, with slips and shouting, and never looked at for the word lists here."""
    rows = [line.split("\t") for line in TAUGHT.read_text(encoding="utf-8").splitlines() if "\t" in line]
    found = [written_in(said) for _, script, said in rows if script == language]
    assert len(found) > 1000
    assert found.count(language) >= 0.97 * len(found)


@pytest.mark.parametrize("line", LINES["mixed"])
def test_two_scripts_side_by_side(line: str) -> None:
    assert written_in(line) == "mixed"


@pytest.mark.parametrize("line", LINES["none"])
def test_numbers_and_signs_are_no_language(line: str) -> None:
    assert written_in(line) is None


@given(st.text())
def test_any_text_is_in_some_language_or_none(text: str) -> None:
    assert written_in(text) in ("km", "rom", "en", "th", "mixed", None)
