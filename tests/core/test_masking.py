"""What nothing answers is shown to staff without what tells whose it is."""

import pytest

from bot.core.masking import LONGEST, masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ខ្ញុំអាយុ ៣៥ ឆ្នាំ", "ខ្ញុំអាយុ ## ឆ្នាំ"),
        ("fee ២០០ or 200 or ๒๐๐?", "fee ### or ### or ###?"),
        ("លេខ ០១២ ៣៤៥ ៦៧៨ ហៅមក", "លេខ *** ហៅមក"),
        ("call +855 12-345-678 now", "call *** now"),
        ("write me@example.org or @sok_dara or https://t.me/sokdara ok", "write *** or *** or *** ok"),
        ("ខ្ញុំសុខដារ៉ាសួរ", "ខ្ញុំ***សួរ"),
        ("ខ្ញុំ សុខ  ដារ៉ា សួរ", "ខ្ញុំ *** សួរ"),
        ("ដារ៉ា សួរថា", "*** សួរថា"),
        ("I am VANNA, not vannak", "I am ***, not vannak"),
        ("តើធ្វើប័ណ្ណបើកបរម៉េច?", "តើធ្វើប័ណ្ណបើកបរម៉េច?"),
    ],
)
def test_digits_numbers_addresses_and_known_names_are_taken_out(said: str, shown: str) -> None:
    assert masked(said, ["សុខ ដារ៉ា", "Vanna"]) == shown


def test_a_name_of_one_letter_hides_no_words() -> None:
    assert masked("a question", ["a", "", " "]) == "a question"


def test_only_so_much_is_kept() -> None:
    assert len(masked("ក" * 2000, [])) == LONGEST
