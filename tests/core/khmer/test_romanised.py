"""The key that Latin spellings share. Never tests meanings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.romanised import latin, latin_key


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
