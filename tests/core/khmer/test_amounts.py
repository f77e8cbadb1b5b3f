"""Amounts of money as people write them. Never tests plain numbers (test_digits, test_numerals)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.amounts import Amount, amount
from tests.core.khmer.test_numerals import table

WRITTEN = {
    "KHR": """
5000 5000រៀល | 5000 ៥ពាន់រៀល | 20000 ២ម៉ឺនរៀល | 3500000 3លាន5សែនរៀល | 1500000 មួយលានកន្លះរៀល
10000 10,000 ៛ | 5000 ៛5000 | 5000 5000 riel | 5000 5000 khr | 1500000 1.5លានរៀល | 5000 5000r
300000 លុយខ្មែរ ៣០ម៉ឺន
""",
    "THB": """
12000 ១២០០០បាត | 12000 12,000 baht | 500 500b | 500 500 bath | 500 ฿500 | 500 បាត ៥០០
500 pram roy baht | 500 500 บาท | 15000 ១ម៉ឺន៥ពាន់បាត | 15000 15k baht | 9000 thb 9000
""",
    "USD": """
200 $200 | 200 200$ | 200 ២០០ដុល្លារ | 200 ២០០ដុល្លា | 200 200 usd | 100 មួយរយដុល្លារ | 50 ៥០ដុល
2.5 ២ដុល្លារកន្លះ | 2.50 $2.50 | 500 five hundred dollars
""",
}


@pytest.mark.parametrize(
    ("currency", "meant", "written"),
    [(currency, *cell) for currency, rows in WRITTEN.items() for cell in table(rows)],
)
def test_an_amount_with_its_currency(currency: str, meant: str, written: str) -> None:
    found = amount(written).sure
    assert found is not None
    assert (found.value, found.currency) == (Decimal(meant), currency)


@pytest.mark.parametrize("written", ["5000", "៥ពាន់", "ប្រាំពាន់", "15k"])
def test_without_a_currency_the_caller_asks(written: str) -> None:
    found = amount(written).sure
    assert found is not None
    assert found.currency is None


def test_short_speech_of_money_is_asked_about() -> None:
    assert amount("ពីរពាន់ប្រាំរៀល").candidates == (Amount(Decimal(2500), "KHR"), Amount(Decimal(2005), "KHR"))
    assert amount("3លាន5").candidates == (Amount(Decimal(3_500_000), None), Amount(Decimal(3_000_005), None))


@pytest.mark.parametrize(
    "written", ["", "$200 baht", "៥នាក់", "២ខែ", "បាត", "$", "-5", "១០០ ឬ ២០០ បាត", "bat", "1000ដុល្លារកន្លះ"]
)
def test_what_is_no_amount(written: str) -> None:
    assert amount(written).candidates == ()


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(["5", "k", "b", "$", "រៀល", "បាត", "លាន", "កន្លះ", " "])).map("".join),
    )
)
def test_any_text_is_an_amount_or_none(text: str) -> None:
    assert all(one.value.is_finite() and one.value >= 0 for one in amount(text).candidates)
