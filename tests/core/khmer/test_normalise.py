"""One spelling for what looks the same. Never tests the search key (see test_fold)."""

import unicodedata
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.normalise import normalise

KHMER = st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17FF), max_size=40)
MIXED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17DD),
        st.sampled_from("\u200b\u200c\u200d\u00ad\ufeff a\u0301\u0323\u09c7\u09be\ni១กำ"),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("ធា្លក់", "ធ្លាក់"),
        ("បូ្តរ", "ប្តូរ"),
        ("ខែ្មរ", "ខ្មែរ"),
        ("ខ្ញំុ", "ខ្ញុំ"),
        ("ក្រពៈ", "ក្រពៈ"),
    ],
)
def test_a_vowel_typed_too_early_finds_its_place(typed: str, right: str) -> None:
    assert normalise(typed) == right


def test_the_twelve_encodings_of_woman_become_one() -> None:
    spellings = set()
    for letter, (ro_first, vowel_at) in product("តដ", product((False, True), range(3))):
        marks = ["្" + letter, "្រ"]
        if ro_first:
            marks.reverse()
        marks.insert(vowel_at, "ី")
        spellings.add("ស" + "".join(marks))
    assert len(spellings) == 12
    assert {normalise(spelling) for spelling in spellings} == {"ស្ត្រី"}


def test_any_order_of_marks_becomes_the_canonical_one() -> None:
    marks = ["្ត", "្រ", "៊", "ើ", "ំ", "ះ"]
    assert {normalise("ស" + "".join(order)) for order in permutations(marks)} == {"ស្ត្រ៊ើំះ"}


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("ក\u17c1\u17b8ត", "កើត"),  # two strokes for one vowel
        ("ក\u17c1\u17b6ះ", "កោះ"),
        ("សុី", "ស៊ី"),  # U where a shifter is meant, first series
        ("មុឺន", "ម៉ឺន"),  # second series
        ("ស\u17c1ុ\u17b8ប", "ស៊ើប"),
        ("ស៊ុី", "ស៊ី"),
        ("ខ្ញុំ", "ខ្ញុំ"),  # U with a nikahit stays
        ("\u17a3\u17a4", "អអា"),
        ("កំ\u17d3", "កំ"),
        ("\u17d8", "។ល។"),
        ("ក\u17b4ា\u17b5", "កា"),
        ("ការ\u200bងារ\u200c \ufeffល្អ\u00ad", "ការងារ ល្អ"),
        ("កាា", "កា"),
        ("ឧត្ដរ", "ឧត្តរ"),
        ("ក្ ក្ា", "ក កា"),
        ("cafe\u0301", "café"),
    ],
)
def test_joins_and_old_letters(typed: str, right: str) -> None:
    assert normalise(typed) == right


@pytest.mark.parametrize(
    "word",
    ["ពោធិ៍សាត់", "ប៉ុន្តែ", "ចា៎ះ", "ពួម៉ែ", "ធម៌", "ព័ត៌មាន", "ស៊ាំ", "ញ៉ាំ", "សៀវភៅ", "ក៏", "គ្រឿង", "ត្រឹម", "១២៣៛ ៗ"],
)
def test_what_is_right_stays(word: str) -> None:
    assert normalise(word) == word


@given(st.one_of(KHMER, MIXED, st.text()))
def test_any_text_comes_out_once_and_for_all(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(
    st.text(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17FF, exclude_characters="\u17a3\u17a4\u17d8")
    )
)
def test_no_letter_is_lost(text: str) -> None:
    """A subscript may move before another, and DA below the line becomes TA; all of them stay."""

    def letters(of: str) -> list[str]:
        return sorted(letter.replace("ដ", "ត") for letter in of if "ក" <= letter <= "ឳ")

    assert letters(normalise(text)) == letters(text)


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=20))
def test_other_scripts_become_nfc(text: str) -> None:
    kept = text.replace("\u00ad", "")
    assert normalise(text) == unicodedata.normalize("NFC", kept)
