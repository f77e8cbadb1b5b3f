"""The search key: merges spellings of one word, not two words. Never shown to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise

ANY = st.one_of(st.text(), st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17FF)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ពោធិ៍សាត់", "ពោធិសាត"),
        ("ព័ត៌មាន", "ពត៌មាន"),
        ("ប៉ោយប៉ែត", "ប៊ោយប៊ែត"),
        ("ឲ្យ", "ឱ្យ"),
        ("ឧត្តរ", "ឧត្ដរ"),
        ("១២៣", "123"),
        ("๑๒๓", "១២៣"),
        ("  OK\u200b  Bong ", "ok bong"),
        ("STRASSE", "straße"),
        ("ធា្លក់", "ធ្លាក"),
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("បី", "បិ"), ("កាត់", "កត់"), ("ទេ", "តេ"), ("ចាស", "ចាប")])
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert fold(normalise(text)) == key
