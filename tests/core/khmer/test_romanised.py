"""The key that Latin spellings share. Never tests meanings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.chat_words import WORDS
from bot.core.khmer.romanised import _by_sound, candidates, latin, latin_key
from bot.core.khmer.sound import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Samraong", "somroung"),
        ("Siem Reap", "siemreab"),
        ("Kratié", "KRATIE"),
        ("Ou Smach", "O'Smach"),
        ("Phnom Penh", "pnom pen"),
        ("Choam", "joam"),
        ("Veal", "Weal"),
        ("Sangkat", "sangkad"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert latin_key(one) == latin_key(other)


def test_vowels_in_front_are_heard() -> None:
    assert latin_key("Ampil") != latin_key("Pil")
    assert latin_key("បាកាន") == latin("បាកាន") == ""


@given(st.text())
def test_any_text_has_a_plain_key(text: str) -> None:
    assert latin_key(text).isascii()
    assert latin(latin(text)) == latin(text)


# --- which label is meant ------------------------------------------------------------------------

LABELS = (
    *("ធ្វើការ", "លុយជំពាក់នៅថៃ", "ការងារ ឬជំនាញ", "ទាំងពីរ", "រឿងផ្សេង", "មិនមានទេ", "ឈឺ ឬមានរបួស", "ប្រាក់ខែ ប្រាក់ឈ្នួល"),
    *("ថែមម៉ោង ថ្ងៃឈប់", "ព្រឹក", "ថ្ងៃត្រង់", "ល្ងាច", "ពេលណាក៏បាន", "និយាយជាមួយបុគ្គលិក", "សរសេរមកទីនេះ", "ហៅទូរសព្ទមក"),
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tver ka", "ធ្វើការ"),
        ("thver kar", "ធ្វើការ"),
        ("tverka", "ធ្វើការ"),
        ("luy", "លុយជំពាក់នៅថៃ"),
        ("loy chompeak", "លុយជំពាក់នៅថៃ"),
        ("kangea", "ការងារ ឬជំនាញ"),
        ("jomneanh", "ការងារ ឬជំនាញ"),
        ("teang pi", "ទាំងពីរ"),
        ("roeung phseng", "រឿងផ្សេង"),
        ("ot mean te", "មិនមានទេ"),
        ("chheu", "ឈឺ ឬមានរបួស"),
        ("prak khae", "ប្រាក់ខែ ប្រាក់ឈ្នួល"),
        ("them mong", "ថែមម៉ោង ថ្ងៃឈប់"),
        ("pruek", "ព្រឹក"),
        ("longeach", "ល្ងាច"),
        ("pel na kor ban", "ពេលណាក៏បាន"),
        ("bukalik", "និយាយជាមួយបុគ្គលិក"),
        ("sorse mok nis", "សរសេរមកទីនេះ"),
        ("hao tourosap", "ហៅទូរសព្ទមក"),
    ],
)
def test_the_likeliest_label_comes_first(written: str, meant: str) -> None:
    assert candidates(written, LABELS)[0][0] == meant


@pytest.mark.parametrize(
    "written", ["", "te", "xyzzy", "evening", "I want money", "ការងារ", "12", "👍", "a" * 61]
)
def test_what_sounds_like_no_label_finds_none(written: str) -> None:
    assert candidates(written, LABELS) == []


def test_four_of_five_spellings_are_found_by_their_sound_alone() -> None:
    """Among all words of the table, which the sound does not know."""
    spellings = [(spelling, word) for word, ways in WORDS.items() for spelling in ways if len(spelling) > 3]
    first = sum(
        max(WORDS, key=lambda word: _by_sound(spelling, word)) == word for spelling, word in spellings
    )
    assert len(WORDS) >= 100
    assert first >= 0.8 * len(spellings)


@given(st.text(st.one_of(st.characters(), st.sampled_from("tver kaបា្"))), st.lists(st.text(), max_size=3))
def test_any_text_and_any_labels_are_ranked(written: str, labels: list[str]) -> None:
    found = candidates(written, labels)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert {label for label, _ in found} <= set(labels)
    assert sound(written).isascii()
