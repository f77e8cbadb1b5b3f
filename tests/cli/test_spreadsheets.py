"""Spreadsheets of all manners: what says the same, and what is no table of activities."""

import pytest

from bot.activity_columns import columns
from bot.activity_rows import read as read_rows
from bot.spreadsheets import Unreadable, read
from tests.cli.test_activity_rows import KNOWN

HEAD = "title_km,title_en,commune,venue_km,starts_at,ends_at,capacity,bus_stop,bus_seats"
ROW = "ពិព័រណ៍,Fair,150102,សាលាឃុំ,2027-03-06T08:00,2027-03-06T16:00,200,ផ្សារ,30"
TEXT = f"{HEAD}\r\n{ROW}"


@pytest.mark.parametrize(
    "written",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("commune", " Commune (code)").replace("title_en", "Title EN").encode(),
        (TEXT.replace("2027-03-06T08:00", "២០២៧-០៣-០៦ ០៨:០០") + "\r\n\r\n,,,,,,,,").encode(),
        TEXT.replace("2027-03-06T08:00", "2027-03-06T01:00:00Z").encode(),
        TEXT.replace("សាលាឃុំ", '" សាលាឃុំ\u200b\n"').replace("\u200b", "").encode(),
    ],
)
def test_spreadsheets_of_all_manners_say_the_same(written: bytes) -> None:
    table, plain = read(written), read(TEXT.encode())
    assert not isinstance(table, Unreadable)
    assert not isinstance(plain, Unreadable)
    (report,) = read_rows(table, KNOWN)
    assert report.draft is not None, report.errors
    assert [report] == read_rows(plain, KNOWN)


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (HEAD.replace("commune", "comune"), "comune: there is no such column; commune?"),
        (HEAD.replace("starts_at", "venue_en"), "starts_at: the column is missing"),
        (HEAD.replace("title_en", "title_km"), "title_km: the column is there twice"),
        (HEAD.replace("title_km,title_en", "bring_km,bring_en"), "title_km: the column is missing"),
        (f"{HEAD},", "column 10 has no name"),
    ],
)
def test_wrong_columns_are_named(head: str, fault: str) -> None:
    assert fault in columns(head.split(","))[1]


def test_a_file_without_anything_has_no_columns() -> None:
    (report,) = read_rows([], KNOWN)
    assert (report.row, report.errors) == (1, ("there are no columns",))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("ពិព័រណ៍".encode("utf-16-le"), "not UTF-8"),
        (b"\xd0\xcf\x11\xe0 old", "old spreadsheet"),
        (b"PK\x03\x04 broken", "no workbook"),
        (f'{HEAD}\n"never closed'.encode(), "no CSV"),
        (b"a" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"a\n" * 50_001, "more than 50000 rows"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(content: bytes, fault: str) -> None:
    found = read(content)
    assert isinstance(found, Unreadable)
    assert fault in found
