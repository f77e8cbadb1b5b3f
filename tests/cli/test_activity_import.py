"""`spean fair import` and `export`: whole files, right or refused, and the same again."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest
from sqlalchemy import func, select

from storage import activities
from storage.schema import activity, activity_sheet
from tests.cli.command import Ran, Spean
from tests.cli.site import audited, store

HEAD = "title_km,title_en,commune,venue_km,starts_at,ends_at,capacity,bus_stop,bus_seats"
ROW = "ពិព័រណ៍ {n},Fair {n},150101,សាលាឃុំ,2027-03-06T08:00,2027-03-06T16:00,200,ផ្សារ,30"


def brought(
    spean: Spean, text: str | bytes, *more: str, name: str = "fairs.csv"
) -> tuple[Ran, dict[str, Any]]:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    ran = spean("fair", "import", name, "--json", *more)
    assert len(ran.lines) <= 1, "one document"
    return ran, json.loads(ran.out) if ran.out else {}


def rows(*changed: str) -> str:
    return "\r\n".join([HEAD, *(ROW.format(n=at) for at in range(2)), *changed])


def count() -> int:
    with store() as found:
        return int(found.read(lambda conn: conn.scalar(select(func.count()).select_from(activity))) or 0)


def listed(spean: Spean) -> list[dict[str, Any]]:
    return [json.loads(line) for line in spean("fair", "list", "--json").lines]


def test_a_file_is_taken_in_as_drafts_with_a_report_for_every_row(spean: Spean, site: Path) -> None:
    assert site.exists()
    ran, told = brought(spean, rows())
    assert (ran.status, told["imported"]) == (0, 2)
    assert [(one["row"], one["errors"], one["outcome"]) for one in told["rows"]] == [
        (2, [], "new"),
        (3, [], "new"),
    ]
    assert "bus_at" in told["rows"][0]["warnings"][0], "nobody said when the bus leaves"
    assert {one["state"] for one in listed(spean)} == {"draft"}
    assert audited("activity.import") == [(None, "activity.import", "2 new, 0 changed")]


WRONG = (
    ("x,X,999999,v,2027-03-06T08:00,2027-03-06T16:00,,,", "commune: '999999'"),
    ("x,X,150101,v,2027-03-06T16:00,2027-03-06T08:00,,,", "ends_at: it ends before it starts"),
    ("x,X,150101,v,06/03/2027 08:00,2027-03-06T16:00,,,", "starts_at: '06/03/2027 08:00'"),
    ("x,X,150101,v,2027-03-06T08:00,2027-03-06T16:00,=1+1,,", "capacity: the cell is a formula"),
    ("x,X,150101,v,2027-03-06T08:00,2027-03-06T16:00,,ផ្សារ,", "bus_seats: 0 numbers for 1 bus stops"),
    (",,150101,v,2027-03-06T08:00,2027-03-06T16:00,,,", "title_km: it is empty"),
    (ROW.format(n=1), "it is the same activity as row 3"),
    ("x,X,150101,v,2027-03-06T08:00,2027-03-06T16:00,,,,,,more", "12 cells for 9 columns"),
)


def test_one_wrong_row_and_nothing_is_taken_in(spean: Spean, site: Path) -> None:
    assert site.exists()
    ran, told = brought(spean, rows(*(row for row, _ in WRONG)), "--publish")
    assert (ran.status, told["imported"], count()) == (1, 0, 0)
    assert [one["row"] for one in told["rows"]] == list(range(2, 12))
    for one, (_, fault) in zip(told["rows"][2:], WRONG, strict=True):
        assert fault in " ".join(one["errors"])
        assert len(one["errors"]) == 1
    assert [one["errors"] for one in told["rows"][:2]] == [[], []]
    plain = spean("fair", "import", "fairs.csv")
    assert (plain.status, plain.lines[2].startswith("row 4: wrong: ")) == (1, True)


def test_every_fault_of_a_row_is_told_at_once(spean: Spean, site: Path) -> None:
    assert site.exists()
    _, told = brought(spean, f"{HEAD}\n,,999999,v,soon,later,-1,,")
    assert [one.partition(":")[0] for one in told["rows"][0]["errors"]] == [
        "title_km",
        "commune",
        "starts_at",
        "ends_at",
        "capacity",
    ]


def test_a_file_that_is_no_spreadsheet_is_a_fault_of_its_first_row(spean: Spean, site: Path) -> None:
    assert site.exists()
    ran, told = brought(spean, b"PK\x03\x04 broken")
    assert (ran.status, told["imported"], [one["row"] for one in told["rows"]]) == (1, 0, [1])
    assert "no workbook" in told["rows"][0]["errors"][0]


def workbook(*cells: list[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEAD.split(","), *cells):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_workbook_brings_its_own_dates_numbers_and_times(spean: Spean, site: Path) -> None:
    assert site.exists()
    starts = datetime(2027, 3, 6, 7, 59, 59, 999_999)  # noqa: DTZ001 - a spreadsheet knows no zone
    ends = datetime(2027, 3, 6, 16)  # noqa: DTZ001 - as above
    row = ["ពិព័រណ៍", "Fair", 150101, None, starts, ends, 200.0, "ផ្សារ", 30]
    ran, told = brought(spean, workbook(row), name="fairs.xlsx")
    assert (ran.status, told["imported"]) == (0, 1)
    shown = json.loads(spean("fair", "show", told["rows"][0]["id"], "--json").out)
    assert (shown["starts_at"], shown["commune"], shown["capacity"]) == ("2027-03-06T08:00", "150101", 200)


def test_what_a_workbook_computes_is_refused(spean: Spean, site: Path) -> None:
    assert site.exists()
    when = ["2027-03-06T08:00", "2027-03-06T16:00"]
    right: list[object] = ["ពិព័រណ៍", "Fair", "150101", None, *when, 200]
    ran, told = brought(
        spean, workbook(right, [*right[:1], "Sum", *right[2:6], "=SUM(1,2)"]), name="fairs.xlsx"
    )
    assert (ran.status, told["imported"], count()) == (1, 0, 0)
    assert told["rows"][1]["errors"] == ["capacity: the cell is a formula (=SUM(1,2)): put its value there"]


# --- again ---


def test_the_same_file_again_changes_nothing_and_a_changed_row_its_own_activity(
    spean: Spean, site: Path
) -> None:
    assert site.exists()
    _, first = brought(spean, rows())
    _, again = brought(spean, rows())
    assert [one["outcome"] for one in again["rows"]] == ["unchanged", "unchanged"]
    _, changed = brought(spean, rows().replace("T16:00,200", "T15:00,200", 1))
    assert [one["outcome"] for one in changed["rows"]] == ["changed", "unchanged"]
    assert [one["id"] for one in changed["rows"]] == [one["id"] for one in first["rows"]]
    with store() as found:
        numbers = select(activity_sheet.c.revision).order_by(activity_sheet.c.activity_id)
        assert found.read(lambda conn: conn.scalars(numbers).all()) == [1, 2, 1]


def test_whoever_knows_a_fair_is_corrected_only_after_a_question(spean: Spean, site: Path) -> None:
    assert site.exists()
    assert brought(spean, rows(), "--publish")[1]["imported"] == 2
    later = rows().replace("T16:00,200", "T15:00,200", 1)
    ran, told = brought(spean, later)
    assert (ran.status, told) == (1, {}), "nobody is here to ask"
    assert brought(spean, later, "--dry-run")[1]["imported"] == 0
    assert {one["state"] for one in listed(spean)} == {"published"}
    assert brought(spean, later, "--yes")[1]["imported"] == 2
    assert [one["state"] for one in listed(spean)] == ["moved", "published"]


def test_what_is_over_is_shown_to_nobody(spean: Spean, site: Path) -> None:
    assert site.exists()
    old = rows(ROW.format(n=9).replace("2027", "2024"))
    ran, told = brought(spean, old, "--publish")
    assert (ran.status, count(), "over" in told["rows"][2]["errors"][0]) == (1, 0, True)
    assert brought(spean, old)[0].status == 0, "as drafts it is only warned of"


def test_a_member_of_staff_takes_in_only_what_their_centre_organises(spean: Spean, site: Path) -> None:
    assert site.exists()
    assert spean("staff", "add", "sok", "--role", "admin", "--centre", "pursat").status == 0
    ran, told = brought(spean, rows(ROW.format(n=3).replace("150101", "220101")), "--as", "sok")
    assert (ran.status, count(), "oddar-meanchey" in told["rows"][2]["errors"][0]) == (1, 0, True)


def plain(spean: Spean, *more: str) -> tuple[int, list[str], str]:
    ran = spean("fair", "import", "fairs.csv", *more)
    return ran.status, [line.partition(": ")[2] for line in ran.lines], ran.err.splitlines()[-1]


def test_in_words_every_row_has_its_outcome_and_what_to_look_at(spean: Spean, site: Path) -> None:
    assert site.exists()
    bus = "bus_at: it is empty, so the bus leaves an hour before the start, at 07:00"
    Path("fairs.csv").write_text(
        rows(ROW.format(n=2).removesuffix("ផ្សារ,30") + ",").replace("150101", "150102", 1)
    )
    status, lines, summed = plain(spean, "--dry-run")
    assert (status, summed) == (0, "it would be 3 new, 0 changed, 0 unchanged; nothing was taken in")
    assert lines[0] == f"new; {bus}"
    status, lines, summed = plain(spean)
    assert (status, summed) == (0, "3 new, 0 changed, 0 unchanged")
    assert [one.startswith("new") for one in lines] == [True] * 3
    assert plain(spean) == (
        *(0, [f"unchanged; {bus}", f"unchanged; {bus}", "unchanged"]),
        "0 new, 0 changed, 3 unchanged",
    )
    dry = spean("fair", "import", "fairs.csv", "--dry-run")
    assert [one.partition(":")[0] for one in dry.lines] == [
        f"row {at + 2}, activity {at + 1}" for at in range(3)
    ]
    Path("fairs.csv").write_text(rows("x,X,999999,v,2027-03-06T08:00,2027-03-06T16:00,,,"))
    status, lines, summed = plain(spean)
    assert (status, lines[0], summed) == (1, f"right; {bus}", "1 wrong, 2 right; nothing was taken in")
    Path("fairs.csv").write_text(f"{HEAD}\n,,,,\n")
    assert plain(spean) == (1, [], "there is no row below the columns; nothing was taken in")


def test_days_without_a_time_and_files_of_another_kind_are_refused(spean: Spean, site: Path) -> None:
    assert site.exists()
    day = datetime(2027, 3, 6)  # noqa: DTZ001 - a spreadsheet knows no zone
    ran, told = brought(spean, workbook(["ក", "A", 150101, None, day, "2027-03-06"]), name="fairs.xlsx")
    assert (ran.status, count()) == (1, 0)
    assert len(told["rows"][0]["errors"]) == 2
    assert all("2027-03-06 is a day without a time" in one for one in told["rows"][0]["errors"])
    _, told = brought(spean, rows(), name="fairs.xlsx")
    assert "it is no workbook" in told["rows"][0]["errors"][0]


# --- out and in ---

RICH = {
    "title_km": "=ពិព័រណ៍",  # looks like a formula and is none
    "point": "12.5388, 103.9192",
    "bus_stop": "ផ្សារបាកាន / Bakan market; វត្ត",
    "bus_at": "05:30; 06:15",
    "bus_seats": "30; 12",
    "sectors": "garment construction",
    "phone": "012 345 678",
    "cost": "0",
    "childcare": "yes",
    "languages": "km en",
    "description_km": "ជួបនិយោជក\\nនិយាយគ្នា",
    "employers": "ហ្គោលដិន / Golden | garment | អ្នកដេរ / sewer | 40 | 210-260 | អាន | dara | 2026-07-01\\n"
    "ហ្គោលដិន / Golden | garment | guard | 2 | 200\\nBuild Co",
    "stipend_en": "280,000 riel a month with an equity card",
    "stipend_source": "MoLVT notice",
    "stipend_read_on": "2026-06-01",
    "reminders": "-3d; -2h",
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_is_imported_as_the_same(spean: Spean, site: Path, ending: str) -> None:
    assert site.exists()
    brought(spean, rows())
    number = listed(spean)[0]["id"]
    fields = [f"{name}={value}" for name, value in RICH.items()]
    assert spean("fair", "edit", number, *fields).status == 0
    assert spean("fair", "export", f"out.{ending}").status == 0
    assert spean("fair", "export", f"out.{ending}").status == 1, "a file that is there stays"
    with store() as found:
        before = found.read(lambda conn: activities.get(conn, number))
    assert before is not None
    sheet = before.sheet
    assert [len(one.vacancies) for one in sheet.employers] == [2, 0]
    assert [one.name.en for one in sheet.shown] == ["Golden"], "nobody has checked the other"
    assert (sheet.phone, sheet.reminders, sheet.stops[1].name.km) == ("+85512345678", ("-3d", "-2h"), "វត្ត")
    ran = spean("fair", "import", f"out.{ending}", "--json")
    told = json.loads(ran.out)
    assert [one["outcome"] for one in told["rows"]] == ["unchanged", "unchanged"], ran.out
    assert (ran.status, ran.err) == (0, "0 new, 0 changed, 2 unchanged\n")
    with store() as found:
        after = found.read(lambda conn: activities.get(conn, number))
    assert after == before


def test_a_row_of_another_installation_changes_nothing_here(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, rows())
    there = f"id,{HEAD}\n1,ផ្សេង,Other,220101,v,2027-05-01T08:00,2027-05-01T16:00,,,"
    _, told = brought(spean, there)
    assert "is another one" in told["rows"][0]["errors"][0]
    _, told = brought(spean, there.replace("\n1,", "\n77,"))
    assert told["rows"][0]["errors"] == ["id: there is no activity 77"]


def test_a_calendar_holds_what_people_are_shown(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, rows())
    assert spean("fair", "publish", listed(spean)[0]["id"]).status == 0
    assert spean("fair", "cancel", listed(spean)[1]["id"], "--yes").status == 0, "a draft, which nobody saw"
    ran = spean("fair", "export", "fairs.ics", "--language", "en")
    assert (ran.status, ran.err) == (0, "1 activity: fairs.ics\n")
    (entry,) = icalendar.Calendar.from_ical(Path("fairs.ics").read_bytes()).walk("VEVENT")
    assert (str(entry["summary"]), entry["status"]) == ("Fair 0", "CONFIRMED")
    assert entry["dtstart"].dt.isoformat() == "2027-03-06T01:00:00+00:00"
    assert "Bakan" in str(entry["location"])
    assert spean("fair", "export", "fairs.pdf").status == 2


def test_ten_thousand_rows_are_read_in_one_go(spean: Spean, site: Path) -> None:
    assert site.exists()
    many = [ROW.format(n=at) for at in range(9_998)]
    ran, told = brought(spean, "\n".join([HEAD, *many, "x,X,999999,,2027-03-06T08:00,2027-03-06T09:00,,,"]))
    assert (ran.status, told["imported"], len(told["rows"]), count()) == (1, 0, 9_999, 0)
    assert [one["row"] for one in told["rows"] if one["errors"]] == [10_000]
