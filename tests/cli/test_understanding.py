"""`spean understand`: what the bot makes of lines, as other programs read it."""

import json
from typing import Any

import pytest

from tests.cli.command import Spean


@pytest.mark.parametrize(
    ("kind", "line", "value"),
    [
        ("normalise", "ក\u17d2\u200bក", "ក្ក"),
        ("fold", "  ABC  ១២ ", "abc 12"),
        ("number", "១២៣", 123),
        ("number", "many", None),
        ("date", "១៥/៨/២០២៤", "2024-08-15"),
        ("number", "ពីរម៉ឺនកន្លះ", 25000),
        ("amount", "៥ពាន់រៀល", {"amount": 5000, "currency": "KHR"}),
        ("amount", "ពីរពាន់ប្រាំ", None),
        ("age", "សាមសិបប្រាំឆ្នាំ", 35),
        ("age", "90", None),
        ("date", "08/2024", "2024-08"),
        ("date", "ឆ្នាំ២០២៣", "2023"),
        ("date", "15/1/2566", "2023-01-15"),
        ("date", "15/8/2566", None),
        ("date", "31/2/2024", None),
        ("phone", "០១២ ៣៤៥ ៦៧៨", "+85512345678"),
        ("phone", "hello", None),
        ("yesno", "បាទ", True),
        ("yesno", "ទេ", False),
        ("yesno", "maybe", None),
        ("name", "ខ្ញុំឈ្មោះ សុខ ដារ៉ា", "សុខ ដារ៉ា"),
        ("name", "តើអ្នកជានរណា?", None),
        ("language", "ខ្ញុំចង់ធ្វើការ", "km"),
        ("language", "knhom chong tver ka", "rom"),
        ("language", "I want to work", "en"),
        ("language", "อยากทำงาน", "th"),
        ("language", "១២៣ 👍", None),
        ("place", "Pursat", "15"),
        ("place", "xyzzy", None),
        ("safety", "គេវាយខ្ញុំ", "danger"),
        ("safety", "គ្មានបាយហូបទេ", "need"),
        ("safety", "ប្តីខ្ញុំស្លាប់នៅថៃ", None),
        ("safety", "សួស្តី", None),
    ],
)
def test_a_line_is_understood_or_asked_again(spean: Spean, kind: str, line: str, value: Any) -> None:  # noqa: ANN401
    ran = spean("understand", kind, typed=f"{line}\n")
    assert ran.status == 0
    (answer,) = [json.loads(one) for one in ran.lines]
    assert (answer["input"], answer["value"]) == (line, value)
    assert isinstance(answer["candidates"], list)


def test_what_may_be_two_things_is_asked_about(spean: Spean) -> None:
    ran = spean("understand", "date", typed="15/8/2566\n")
    assert json.loads(ran.lines[0])["candidates"] == ["2022-08-15", "2023-08-15"]


def test_every_line_gets_its_own_answer(spean: Spean) -> None:
    ran = spean("understand", "number", typed="1\n\nពីរ\n")
    assert [json.loads(one)["input"] for one in ran.lines] == ["1", "", "ពីរ"]
