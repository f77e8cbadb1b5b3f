"""Spreadsheets as tables of cells: CSV and XLSX, read from bytes and written to bytes.

Never runs a formula, and never reads a file that would fill the memory.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.read_only import EmptyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from bot.activity_cells import Cell, Formula, words

MIDNIGHT = "T00:00"  # of a moment, which stays a text: a spreadsheet would keep the day alone
LARGEST = 20 * 1024 * 1024  # bytes of a file
UNPACKED = 200 * 1024 * 1024  # bytes that a workbook unpacks to
ROWS, WIDTH = 50_000, 200  # of a table
WIDE = 24  # characters of a column that is written
XLSX, OLD_XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how the files begin
BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, ParseError, OSError)
OPEN_DOCUMENT = (
    b"mimetypeapplication/vnd.oasis.opendocument"  # how these go on, behind the name of the file in them
)
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)
_PARTED_BY = re.compile(r"sep=[,;\t]\s*", re.IGNORECASE)  # a first line for one spreadsheet program alone
_COMPUTED = re.compile(r"'*[=+\-@\t\r]")  # how a text begins that a spreadsheet may take for a formula

Table = list[tuple[int, Sequence[Cell]]]  # rows with their numbers, from 1


class Unreadable(str):
    """Why a file is no table, in words."""

    __slots__ = ()


def read(content: bytes, ending: str = ".csv") -> Table | Unreadable:
    """The cells of a CSV file or of a workbook's first sheet. `ending`: of the file's name."""
    if len(content) > LARGEST:
        return Unreadable(f"the file is larger than {LARGEST // 2**20} MB")
    if content.startswith(OLD_XLS):
        return Unreadable(
            "it is an old spreadsheet (.xls), or one with a password: save it as .xlsx without one, or as CSV"
        )
    if content.startswith(XLSX):
        return _workbook(content)
    if ending.lower() in {".xlsx", ".xlsm"}:
        kind = _kind(content.decode("utf-8-sig", "replace"))
        return Unreadable(f"its name ends in {ending}, but it is no workbook: {kind}")
    return _csv(content)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """UTF-8 with its mark, so that spreadsheets read Khmer; nothing in it is computed."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_harmless(words(row.get(name))) for name in columns])
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], moments: Sequence[str]) -> bytes:
    """A workbook of one sheet. `moments`: columns of local times in ISO 8601, written as times."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "activities"
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for at, cell in enumerate(sheet[1]):
        cell.font = Font(bold=True)
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at + 1)].width = WIDE
    for number, row in enumerate(rows, 2):
        for at, name in enumerate(columns, 1):
            _put(sheet.cell(number, at), row.get(name), moment=name in moments)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _put(cell: Any, value: Cell, *, moment: bool) -> None:  # noqa: ANN401 - openpyxl has no types
    if moment and isinstance(value, str) and value and not value.endswith(MIDNIGHT):
        cell.value = datetime.fromisoformat(value)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        cell.value = value
    elif text := words(value):
        cell.value = text
        cell.data_type = "s"  # also of what begins as a formula does
        cell.number_format = "@"


def _harmless(text: str) -> str:
    return f"'{text}" if _COMPUTED.match(text) else text


def _csv(content: bytes) -> Table | Unreadable:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return Unreadable("its letters are not UTF-8: save it as CSV UTF-8, or as .xlsx")
    if "\0" in text or _PAGE.match(text):
        return Unreadable(f"it is no CSV: {_kind(text)}")
    heads = next((one for one in text.splitlines() if one and not _PARTED_BY.fullmatch(one)), "")
    parted = max(",;\t", key=heads.count)
    table: Table = []
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True), 1
        ):
            if len(table) >= ROWS:
                return Unreadable(f"it has more than {ROWS} rows")
            if any(row) and not (not table and _PARTED_BY.fullmatch(parted.join(row))):
                table.append((number, [_written(one) for one in row]))
    except csv.Error as error:
        return Unreadable(f"after row {table[-1][0] if table else 0} it is no CSV: {error}")
    return table


def _kind(text: str) -> str:
    """What a file is instead, as far as that shows, and what to do."""
    if _PAGE.match(text):
        return "it is a web page; open it in the spreadsheet program and save it as .xlsx"
    if "\0" in text:
        return "it holds bytes that no text has (NUL); save it again as .xlsx, or as CSV UTF-8"
    return "if it is CSV, name it .csv; else save it again as .xlsx"


def _written(text: str) -> Cell:
    """What a cell of CSV says: without the mark that keeps a spreadsheet from computing it."""
    if text.startswith("="):
        return Formula(text)
    return text[1:] if text.startswith("'") and _COMPUTED.match(text) else text


def _workbook(content: bytes) -> Table | Unreadable:
    if OPEN_DOCUMENT in content[:200]:
        return Unreadable("it is an OpenDocument spreadsheet (.ods): save it as .xlsx, or as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                return Unreadable("it unpacks to more than a spreadsheet of activities has")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and checks of the spreadsheet that do not matter here
            return _sheet(content)
    except BROKEN as error:
        return Unreadable(
            f"it is no workbook that can be read ({type(error).__name__}): save it again as .xlsx"
        )


def _sheet(content: bytes) -> Table | Unreadable:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        if not book.worksheets:
            return Unreadable("the workbook has no sheet with cells")
        table: Table = []
        for number, row in enumerate(_rows(book.worksheets[0]), 1):
            if any(cell is not None for cell in row):
                if len(table) >= ROWS or number > 2**20:
                    return Unreadable(f"it has more than {ROWS} rows")
                table.append((number, row))
        return table
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[Cell]]:  # noqa: ANN401 - openpyxl has no types
    sheet.reset_dimensions()  # some programs write wrong ones
    for row in sheet.iter_rows(max_col=WIDTH):
        cells = [None if isinstance(cell, EmptyCell) else _cell(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        yield cells


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - openpyxl has no types
    value = cell.value
    if isinstance(value, timedelta):  # 06:30 may be kept as a length of time
        return str(value) if value.days else time(*divmod(value.seconds // 60, 60))
    if value is None or isinstance(value, str | bool | int | float | datetime | date | time):
        return Formula(str(value)) if value is not None and cell.data_type in ("f", "e") else value
    return Formula(
        str(getattr(value, "text", None) or type(value).__name__)
    )  # of an array, a table, a length
