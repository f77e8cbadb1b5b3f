"""Spreadsheets of all manners: what says the same, and what is no table of activities."""

import io
from datetime import time, timedelta

import openpyxl
import pytest

from bot.activity_cells import Cells, local
from bot.activity_columns import columns
from bot.activity_rows import read as read_rows
from bot.spreadsheets import Unreadable, as_xlsx, read
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
        f"\r\n{TEXT}".encode(),
        f"sep=;\r\n{TEXT.replace(',', ';')}".encode(),
        "\n".join(f"{line},,," for line in TEXT.splitlines()).encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace("2027-03-06T08:00", "2027-03-06 8:00").encode(),
        TEXT.replace("2027-03-06T08:00", "2027-03-06 08:00:00").encode(),
        TEXT.replace("សាលាឃុំ", '" សាលាឃុំ\u200b\n"').replace("\u200b", "").encode(),
    ],
)
def test_spreadsheets_of_all_manners_say_the_same(written: bytes) -> None:
    table, plain = read(written), read(TEXT.encode())
    assert not isinstance(table, Unreadable)
    assert not isinstance(plain, Unreadable)
    (report,) = read_rows(table, KNOWN)
    assert report.draft is not None, report.errors
    (expected,) = read_rows(plain, KNOWN)
    assert (report.draft, report.warnings) == (expected.draft, expected.warnings)
    assert report.row == expected.row + written.decode("utf-8", "ignore").startswith(("sep", "\r\n"))


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (HEAD.replace("commune", "comune"), "comune: there is no such column; commune?"),
        (HEAD.replace("starts_at", "venue_en"), "starts_at: the column is missing"),
        (HEAD.replace("title_en", "title_km"), "title_km: the column is there twice"),
        (HEAD.replace("title_km,title_en", "bring_km,bring_en"), "title_km: the column is missing"),
        (f"{HEAD},,kind", "column 10 has no name"),
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
        (b"\xd0\xcf\x11\xe0 old", "old spreadsheet (.xls), or one with a password"),
        (b"<!DOCTYPE html><table><tr><td>title_km", "no CSV: it is a web page"),
        (b"\xef\xbb\xbf\n<html>", "no CSV: it is a web page"),
        (f"{HEAD}\nx\0y".encode(), "no CSV: it holds bytes that no text has (NUL)"),
        (HEAD.encode("utf-16-le"), "no CSV: it holds bytes that no text has (NUL)"),
        (b"PK\x03\x04" + b" " * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
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


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (TEXT.encode(), "if it is CSV, name it .csv"),
        (b"<html><table>", "it is a web page"),
        (b"\0\1", "bytes that no text has"),
        (b"", "save it again as .xlsx"),
    ],
)
def test_what_is_named_a_workbook_and_is_none_is_not_read_as_csv(content: bytes, what: str) -> None:
    found = read(content, ".XLSX")
    assert isinstance(found, Unreadable)
    assert "its name ends in .XLSX, but it is no workbook" in found
    assert what in found


def test_a_workbook_that_is_named_csv_is_read_all_the_same() -> None:
    assert read(as_xlsx(("commune",), [{"commune": "150102"}], ()), ".csv") == [
        (1, ["commune"]),
        (2, ["150102"]),
    ]


def test_midnight_comes_back_from_a_workbook_as_midnight() -> None:
    rows = [{"starts_at": "2027-03-06T00:00", "ends_at": "2027-03-06T08:00"}]
    table = read(as_xlsx(("starts_at", "ends_at"), rows, ("starts_at", "ends_at")))
    assert not isinstance(table, Unreadable)
    cells = Cells(dict(zip(("starts_at", "ends_at"), table[1][1], strict=True)))
    assert [local(at) for name in ("starts_at", "ends_at") if (at := cells.moment(name))] == [
        *rows[0].values()
    ]
    assert cells.errors == []


def test_a_time_of_a_workbook_may_be_kept_as_a_length() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for at in (timedelta(hours=6, minutes=30), timedelta(days=2)):
        book.active.append([at])
    written = io.BytesIO()
    book.save(written)
    assert read(written.getvalue()) == [(1, [time(6, 30)]), (2, ["2 days, 0:00:00"])]
