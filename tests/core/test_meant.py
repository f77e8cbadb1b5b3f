"""What a typed answer may have meant that names no button. Never tests how the bot asks (see transcripts)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dialog import Choice
from bot.core.meant import MOST, Meant, meant

NEEDS = ("លុយជំពាក់នៅថៃ", "ការងារ ឬជំនាញ", "ទាំងពីរ", "រឿងផ្សេង")
URGENT = ("មិនមានទេ", "មិនមានសុវត្ថិភាព", "ឈឺ ឬមានរបួស", "គ្មានបាយ ឬទីស្នាក់", "មានក្មេងនៅម្នាក់ឯង")
AGES = ("១៥–១៧ឆ្នាំ", "១៨–២៤ឆ្នាំ")
TIMES = ("ព្រឹក", "ថ្ងៃត្រង់", "ល្ងាច", "ពេលណាក៏បាន")


def asked(words: tuple[str, ...], text: str, *guarded: str) -> Meant:
    choices = tuple(Choice(word, word) for word in words)
    return meant({word: (word,) for word in words}, choices, text, frozenset(guarded))


def keys(found: Meant) -> list[str]:
    return [one.key for one in found.choices]


@pytest.mark.parametrize(
    ("words", "typed", "label"),
    [
        (NEEDS, "លុយជំពាកនៅថៃ", "លុយជំពាក់នៅថៃ"),
        (NEEDS, "លុយជំពាក់នៅថៃៃ", "លុយជំពាក់នៅថៃ"),
        (NEEDS, "លុយជពាក់នៅថៃ", "លុយជំពាក់នៅថៃ"),
        (NEEDS, "ការងា ឬជំនាញ", "ការងារ ឬជំនាញ"),
        (NEEDS, "រឿងផសេង", "រឿងផ្សេង"),
        (URGENT, "មានក្មេងនៅម្នាកឯង", "មានក្មេងនៅម្នាក់ឯង"),
    ],
)
def test_one_label_with_a_small_slip_is_sure(words: tuple[str, ...], typed: str, label: str) -> None:
    assert asked(words, typed) == Meant((Choice(label, label),), sure=True)
    assert not asked(words, typed, label).sure


@pytest.mark.parametrize(
    ("words", "typed", "label"),
    [
        (NEEDS, "luy jompeak", "លុយជំពាក់នៅថៃ"),
        (NEEDS, "teang pir", "ទាំងពីរ"),
        (NEEDS, "ជំនាន", "ការងារ ឬជំនាញ"),
        (NEEDS, "ខ្ញុំចង់បានការងារ ឬជំនាញណា", "ការងារ ឬជំនាញ"),
        (URGENT, "មានសុវត្ថិភាព", "មិនមានសុវត្ថិភាព"),
        (TIMES, "លងាច", "ល្ងាច"),
    ],
)
def test_what_is_only_likely_is_asked_about(words: tuple[str, ...], typed: str, label: str) -> None:
    found = asked(words, typed)
    assert keys(found)[0] == label
    assert not found.sure
    assert len(found.choices) <= MOST


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (NEEDS, "ថ្ងៃនេះក្តៅណាស់"),
        (NEEDS, "xyzzy"),
        (NEEDS, "ទេ"),
        (AGES, "១៩–១៧ឆ្នាំ"),
        (TIMES, "1"),
        (("យល់ព្រម", "មើលព័ត៌មាន"), "មើលព័តមានណា"),
        (NEEDS, "លុយ" * 40),
    ],
)
def test_what_is_near_nothing_or_could_be_agreed_to_twice_is_not(words: tuple[str, ...], typed: str) -> None:
    assert keys(asked(words, typed)) == []


def test_a_slip_between_two_labels_is_asked_about() -> None:
    found = asked(("រោងចក្រក្រណាត់", "រោងចក្រកំណាត់"), "រោងចក្រណាត់")
    assert not found.sure
    assert len(found.choices) == 2


@given(st.text(), st.lists(st.text(min_size=1), max_size=4, unique=True))
def test_any_text_means_some_choices_or_none(typed: str, words: list[str]) -> None:
    assert set(keys(asked(tuple(words), typed))) <= set(words)
