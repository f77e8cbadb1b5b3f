"""The thesaurus: what was learned of one word holds for all that mean the same, in another language too."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.refused import Refused
from bot.cli.safety import read_table, read_thesaurus
from bot.core.safety_key import READ, said
from bot.core.safety_learning import learn
from bot.core.safety_sense import leaning
from bot.core.safety_thesaurus import (
    MOST,
    NO_THESAURUS,
    Thesaurus,
    packed,
    thesaurus_of,
    unpacked,
)
from bot.core.safety_thesaurus import meanings as meanings_of
from tests.safety.lists import shipped

WORDS = (
    ("husband", "km", "ប្តី"),
    ("husband", "en", "husband"),
    ("hit", "km", "វាយ"),
    ("hit", "km", "ទាត់"),
    ("hit", "en", "hits"),
    ("hit", "en", "hit"),
    ("i", "km", "ខ្ញុំ"),
    ("i", "en", "me"),
    ("sport", "km", "បាល់"),
    ("sport", "km", "វាយបាល់"),
    ("sport", "en", "football"),
    ("fish", "en", "fish sauce"),
)
HURT = ("ប្តីវាយខ្ញុំ", "ប្តីខ្ញុំវាយខ្ញុំ", "ខ្ញុំខ្លាចប្តីវាយ", "ប្តីចេះតែវាយខ្ញុំ")
CALM = ("ប្តីវាយបាល់", "ខ្ញុំវាយបាល់", "ប្តីខ្ញុំទៅវាយបាល់", "ប្តីខ្ញុំវាយបាល់ល្ងាច")
THESAURUS = thesaurus_of(WORDS)


def meanings(thesaurus: Thesaurus, text: str) -> frozenset[int]:
    return meanings_of(thesaurus, said(text))


def shared(one: str, other: str) -> int:
    return len(meanings(THESAURUS, one) & meanings(THESAURUS, other))


def test_what_khmer_taught_is_heard_in_english() -> None:
    told = [*((True, one) for one in HURT), *((False, one) for one in CALM)] * 2
    taught = learn(told, thesaurus=THESAURUS)
    assert leaning(taught, "husband hits me") > leaning(taught, "husband football") + 1
    deaf = learn(told)
    assert leaning(deaf, "husband hits me") == pytest.approx(leaning(deaf, "husband football"), abs=0.01)


def test_another_word_for_the_same_has_the_same_meaning() -> None:
    assert shared("ប្តីវាយខ្ញុំ", "ប្តីទាត់ខ្ញុំ") > shared("ប្តីវាយខ្ញុំ", "ប្តីវាយបាល់")


@pytest.mark.parametrize("typed", ["bdey veay knhom", "Pdey veay khnhom"])
def test_khmer_words_are_known_in_latin_letters(typed: str) -> None:
    assert shared("ប្តីវាយខ្ញុំ", typed) > 3


def test_the_longest_word_is_the_one_that_is_meant() -> None:
    alone = thesaurus_of(one for one in WORDS if one[2] != "វាយបាល់")
    assert meanings(alone, "ខ្ញុំវាយបាល់") & meanings(alone, "ខ្ញុំវាយ") > meanings(alone, "ខ្ញុំ")
    assert meanings(THESAURUS, "ខ្ញុំវាយបាល់") & meanings(THESAURUS, "ខ្ញុំវាយ") == meanings(THESAURUS, "ខ្ញុំ")


@pytest.mark.parametrize("inside", ["whitening", "fish and a sauce", "i am homesick"])
def test_a_short_word_within_another_is_not_meant(inside: str) -> None:
    assert meanings(THESAURUS, inside) == frozenset()


@pytest.mark.parametrize(("between", "signs"), [(0, 3), (1, 2), (2, 2), (3, 1), (10, 1), (11, 0)])
def test_two_words_say_more_together_the_closer_they_stand(between: int, signs: int) -> None:
    names = thesaurus_of([("a", "en", "husband"), ("b", "en", "hits"), ("c", "en", "word")])
    filled = " ".join(["husband", *["word"] * between, "hits"])
    alone = meanings(names, "husband") | meanings(names, "hits")
    others = meanings(names, f"husband{' word' * 9}") | meanings(names, f"{'word ' * 9} hits")
    assert len(meanings(names, filled) - alone - others) == signs


def test_a_word_that_sounds_like_too_much_means_nothing() -> None:
    many = [(f"concept {number}", "en", "thing") for number in range(MOST + 1)]
    assert thesaurus_of(many) == NO_THESAURUS
    assert thesaurus_of(many[1:]) != NO_THESAURUS


def test_what_stands_behind_a_long_text_is_not_looked_at() -> None:
    assert meanings(THESAURUS, "x" * (READ - 9) + " husband") & meanings(THESAURUS, "husband")
    assert not meanings(THESAURUS, "x" * (READ - 3) + " husband") & meanings(THESAURUS, "husband")


def test_a_hostile_message_has_no_more_signs_than_its_words() -> None:
    words = [(f"{letter}{number}", "en", f"{letter}on") for letter in "abc" for number in range(MOST)]
    assert len(meanings(thesaurus_of(words), "aon bon con " * 500)) < 3 * 3 * 3 * MOST * MOST


def test_a_thesaurus_survives_its_bytes() -> None:
    assert unpacked(packed(THESAURUS)) == THESAURUS
    assert unpacked(packed(NO_THESAURUS)) == NO_THESAURUS


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "hit\ta",
        "hit\n\nhit",
        "hit\ta\tb\n\n",
        "hit\t\n\n",
        "h\ta\n\n",
        "hit\tabcdef\n\n",
        "hit\ta\nhit\tb\n\n",
    ],
)
def test_other_bytes_are_no_thesaurus(broken: str) -> None:
    assert unpacked(b"hit\ta\n\n") != NO_THESAURUS
    with pytest.raises(ValueError):  # noqa: PT011 - of many kinds
        unpacked(broken.encode())


@settings(deadline=None)  # the first example loads the weights
@given(st.text(max_size=700))
def test_any_text_has_meanings(text: str) -> None:
    assert all(0 <= sign < 2**32 for sign in meanings(shipped().sense.thesaurus, text))


@pytest.mark.parametrize(
    "line", ["hit\tkm", "hit\tfr\tfrapper", "hit\tkm\tវាយ\tmore", "hit\tkm\t", "hit\ten\tវាយ", "hit\ten\ta"]
)
def test_a_line_that_is_no_word_is_told_of(tmp_path: Path, line: str) -> None:
    table = tmp_path / "thesaurus.tsv"
    table.write_text(f"# words\nhit\ten\thit\n{line}\n", encoding="utf-8")
    with pytest.raises(Refused, match="line 3"):
        read_thesaurus(table)


@pytest.mark.parametrize("empty", ["", "# words\n", "\n\n"])
def test_an_empty_table_is_told_of(tmp_path: Path, empty: str) -> None:
    table = tmp_path / "empty.tsv"
    table.write_text(empty, encoding="utf-8")
    for read in (read_table, read_thesaurus):
        with pytest.raises(Refused, match="holds no"):
            read(table)


def test_a_table_in_another_coding_is_told_of(tmp_path: Path) -> None:
    table = tmp_path / "thesaurus.tsv"
    table.write_bytes("hit\tkm\tវាយ\n".encode("utf-16"))
    with pytest.raises(Refused, match="UTF-8"):
        read_thesaurus(table)
    table.write_bytes("hit\tkm\tវាយ\r\n".encode("utf-8-sig"))
    assert read_thesaurus(table) == thesaurus_of([("hit", "km", "វាយ")])
