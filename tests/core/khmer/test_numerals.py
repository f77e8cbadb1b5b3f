"""Numbers in words, as people say, spell and shorten them. Never tests units (test_digits, test_amounts)."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.digits import number
from bot.core.khmer.fold import fold
from bot.core.khmer.numerals import readings

KHMER = """
0 សូន្យ | 1 មួយ | 2 ពីរ | 3 បី | 4 បួន | 5 ប្រាំ | 6 ប្រាំមួយ | 7 ប្រាំពីរ | 8 ប្រាំបី | 9 ប្រាំបួន
10 ដប់ | 7 ប្រាំពិល | 6 ប្រាំ មួយ | 11 ដប់មួយ | 12 ដប់ពីរ | 15 ដប់ប្រាំ | 19 ដប់ប្រាំបួន | 11 មួយដណ្តប់
15 ប្រាំដណ្តប់ | 17 ប្រាំពីរដណ្ដប់ | 15 ដណ្ដប់ប្រាំ | 20 ម្ភៃ | 20 មួយភៃ | 20 មភៃ | 20 ភៃ | 25 ម្ភៃប្រាំ
28 ម្ភៃ ប្រាំបី | 30 សាមសិប | 30 សាមសឹប | 35 សាមសិបប្រាំ | 40 សែសិប | 50 ហាសិប | 60 ហុកសិប | 70 ចិតសិប
70 ចិត្តសិប | 80 ប៉ែតសិប | 90 កៅសិប | 99 កៅសិបប្រាំបួន | 100 មួយរយ | 100 មរយ | 200 ពីររយ | 200 ពីរយ
700 ប្រាំពីរយ | 250 ពីររយហាសិប | 111 មួយរយមួយដណ្តប់ | 1000 មួយពាន់ | 1500 មួយពាន់ប្រាំរយ
2005 ពីរពាន់ប្រាំ | 2024 ពីរពាន់ម្ភៃបួន | 10000 មួយម៉ឺន | 10000 មួយមុឺន | 20000 ម្ភៃពាន់
25000 ពីរម៉ឺនប្រាំពាន់ | 25000 ពីរម៉ឺនកន្លះ | 100000 មួយសែន | 100000 ដប់ម៉ឺន
352123 បីសែនប្រាំម៉ឺនពីរពាន់មួយរយម្ភៃបី | 1000000 មួយលាន | 1500000 មួយលានកន្លះ | 500000 កន្លះលាន
1200000 មួយ លាន ពីរ សែន | 25000000 ម្ភៃប្រាំលាន | 1000000000 មួយពាន់លាន | 0.5 កន្លះ | 1.5 មួយកន្លះ
4 បូន | 5 ប្រាំ៎ | 10 ដប | 5 ប៉ាំ
"""
MIXED = """
5000 ៥ពាន់ | 20000 ២ម៉ឺន | 3500000 3លាន5សែន | 1500000 1.5លាន | 2500 ២ពាន់៥រយ | 2500 ២ពាន់៥០០
5000000 ៥០០ម៉ឺន | 2500 2.5ពាន់ | 70000 ៧០ពាន់ | 5.5 ៥កន្លះ | 15 ៥ដណ្តប់ | 2000 2k | 1500 1.5k
200000 ៛២០ម៉ឺន
"""
LATIN = """
1 muoy | 2 pir | 2 pi | 3 bey | 4 buon | 5 pram | 6 prammuoy | 6 pram muoy | 7 prampi | 7 prampil
8 pram bey | 9 prambuon | 10 dop | 12 dop pi | 15 dop pram | 20 mphey | 25 m'phey pram | 35 samsep pram
40 sae sep | 90 kav sep | 100 muoy roy | 500 pramroy | 1500 muoy poan pram roy | 20000 pi meun
100000 muoy saen | 1000000 muoy lean | 1500000 muoy lean konlah | 0 zero | 1 one | 13 thirteen
25 twenty-five | 42 forty two | 100 a hundred | 250 two hundred and fifty | 500 Five Hundred
105 one hundred five | 100000 one hundred thousand | 1000000 a million | 500000 half a million
1500000 one and a half million
"""
NEITHER = (
    "ពីរបី|បី បួន|មួយ ឬ ពីរ|ដប់ដប់|ពាន់|លាន|រយ|lean|roy|ពី|ពាន់ពីរ|3លាន5|1.500លាន|1.500k|2k5|k|5 5|"
    "five and|and five|a|ten five|"
    "ប្រាំដប់|ពីរពាន់បីម៉ឺន|មួយលានសូន្យ|1.5កន្លះ|មួយនោះ|អត់មួយ|ខ្ញុំមានពីរ|one more|someone|bey hery|មាន|mean|men|ban|ប្រាំ៥|"
    "មួយលានកន្លះសែន|កន្លះកន្លះ|ម|sep|តិចមួយ|មួយណា"
)


def table(rows: str) -> Iterator[tuple[str, str]]:
    """Meaning and spelling of each cell."""
    for cell in rows.replace("\n", "|").split("|"):
        if cell.strip():
            meant, _, written = cell.strip().partition(" ")
            yield meant, written


@pytest.mark.parametrize(("meant", "written"), [*table(KHMER), *table(MIXED), *table(LATIN)])
def test_a_number_in_words(meant: str, written: str) -> None:
    assert number(written) == Decimal(meant)


@pytest.mark.parametrize("written", NEITHER.split("|"))
def test_what_is_not_one_number(written: str) -> None:
    assert number(written) is None


def test_short_speech_is_a_second_reading() -> None:
    assert readings(fold("ពីរពាន់ប្រាំ")) == (2005, 2500)
    assert readings(fold("3លាន5")) == (3_000_005, 3_500_000)
    assert readings(fold("មួយរយប្រាំ")) == (105,)


def spoken(words: str) -> list[str]:
    """Words for 0 (nothing is said), 1, 2…"""
    return ["", *words.split()]


UNITS = spoken("មួយ ពីរ បី បួន ប្រាំ ប្រាំមួយ ប្រាំពីរ ប្រាំបី ប្រាំបួន")
TENS = spoken("ដប់ ម្ភៃ សាមសិប សែសិប ហាសិប ហុកសិប ចិតសិប ប៉ែតសិប កៅសិប")
STEPS = ((10**6, "លាន"), (10**5, "សែន"), (10**4, "ម៉ឺន"), (1000, "ពាន់"), (100, "រយ"))
LATIN_UNITS = spoken("muoy pir bey buon pram prammuoy prampir prambey prambuon")
LATIN_TENS = spoken("dop mphey samsep saesep hasep hoksep chetsep paetsep kavsep")
LATIN_STEPS = ((10**6, "lean"), (10**5, "saen"), (10**4, "meun"), (1000, "poan"), (100, "roy"))
Steps = tuple[tuple[int, str], ...]


def words(value: int, units: list[str], tens: list[str], steps: Steps) -> list[str]:
    """A number as it is spoken, word by word; zero says nothing."""
    for step, name in steps:
        if value >= step:
            return [
                *words(value // step, units, tens, steps),
                name,
                *words(value % step, units, tens, steps),
            ]
    return [word for word in (tens[value // 10], units[value % 10]) if word]


@given(st.integers(1, 999_999_999), st.sampled_from(["", " ", "\u200b"]))
def test_every_number_comes_back_from_its_words(value: int, between: str) -> None:
    assert number(between.join(words(value, UNITS, TENS, STEPS))) == value
    if value < 10**6:
        assert number(" ".join(words(value, LATIN_UNITS, LATIN_TENS, LATIN_STEPS))) == value


@given(
    st.lists(
        st.sampled_from(["មួយ", "ប្រាំ", "ដប់", "រយ", "លាន", "កន្លះ", "ដណ្តប់", "5", "1.5", " ", "k", "and", "pi"])
    )
)
def test_any_words_are_a_number_or_none(said: list[str]) -> None:
    found = number("".join(said))
    assert found is None or found >= 0
