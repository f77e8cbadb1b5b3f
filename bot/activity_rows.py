"""Activities as rows of a spreadsheet: each row read to a sheet with a report of its own, and written back.

Never knows the store, nor whether a row was there before; and never takes a row that is half right.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bot.activity_alike import made_key, own
from bot.activity_cells import Cell, Cells, local
from bot.activity_columns import COLUMNS, columns
from bot.activity_parts import read_employers, read_stipend, read_stops, write_employers, write_stops
from bot.core.activity import KINDS, RULE, SECTORS, SPOKEN, Activity, Bilingual, Kind, Sheet
from bot.core.khmer.digits import to_ascii_digits
from bot.core.khmer.normalise import normalise
from bot.core.phone import phone
from bot.core.places import Gazetteer
from bot.core.reminding import parse
from bot.core.schedule import PHNOM_PENH

STATES = ("draft", "published", "moved", "cancelled", "done")
TITLE, LINE, TEXT = 120, 200, 1500  # characters
CROWD, RIEL = 100_000, 100_000_000
LONGEST = timedelta(days=366)
FIRST, AHEAD = 2000, 10  # the first year that an activity can be in; how many years ahead the last one is
BUDDHIST = 543  # years by which that calendar is ahead
NONE = "none"  # no reminders
_WITHIN = ((9.0, 15.0), (102.0, 108.0))  # Cambodia: latitudes, longitudes
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)")
_SHORT = re.compile(r"\d{3,4}")


class Known:
    """What rows are read against. `kinds`: those taken, the first where none is written.

    `centres`: the one that organises what happens in a province, by its code. `now`: aware UTC.
    """

    def __init__(
        self, gazetteer: Gazetteer, centres: Mapping[str, str], now: datetime, kinds: Sequence[Kind] = KINDS
    ) -> None:
        self.gazetteer = gazetteer
        self.centres = centres
        self.now = now
        self.kinds = tuple(kinds)
        self._named = _names(gazetteer)

    def code_of(self, name: str) -> str:
        """The code of a commune that has this name alone; empty for any other text."""
        return self._named.get(normalise(name).casefold(), "")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says. `id`: of the activity that it changes; `key`: by which it is known again.

    `named`: somebody chose the key.
    """

    kind: Kind
    centre: str
    key: str
    state: str
    sheet: Sheet
    id: int | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Of one row, numbered as the spreadsheet does: columns' names are row 1. `draft` when it is right."""

    row: int
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    draft: Draft | None = None


def read(table: Sequence[tuple[int, Sequence[Cell]]], known: Known) -> list[Report]:
    """Read numbered rows, the columns' names first. Rows without anything in them are left out."""
    if not table:
        return [Report(1, ("there are no columns",))]
    (first, heads), *rows = table
    names, wrong = columns(heads)
    if wrong:
        return [Report(first, wrong)]
    reports: list[Report] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        if len(cells) > len(names) and any(cell not in (None, "") for cell in cells[len(names) :]):
            reports.append(Report(number, (f"{len(cells)} cells for {len(names)} columns",)))
            continue
        report = read_row(number, dict(zip(names, cells, strict=False)), known)
        reports.append(_alone(report, seen))
    return reports


def read_row(number: int, row: Mapping[str, Cell], known: Known) -> Report:
    """Read one row by column."""
    cells = Cells(row)
    sheet = _sheet(cells, known)
    kind = cells.text("kind", LINE).lower() or known.kinds[0]
    if kind not in known.kinds:
        cells.wrong("kind", f"{kind!r} is none of {', '.join(known.kinds)}")
    state = cells.text("state", LINE).lower() or "draft"
    if state not in STATES:
        cells.wrong("state", f"{state!r} is none of {', '.join(STATES)}")
    centre = cells.text("centre", LINE) or (known.centres.get(sheet.place[:2], "") if sheet else "")
    if centre not in known.centres.values() and (centre or sheet):
        cells.wrong("centre", f"{centre!r} is none of {', '.join(sorted(set(known.centres.values())))}")
    key, its = cells.text("key", LINE), cells.number("id", 1, 10**9 - 1)
    warnings = tuple(dict.fromkeys(cells.warnings))
    if sheet is None or cells.errors:
        return Report(number, tuple(dict.fromkeys(cells.errors)), warnings)
    what = cast("Kind", kind)
    draft = Draft(what, centre, key or made_key(what, sheet), state, sheet, its, named=own(key))
    return Report(number, (), warnings, draft)


def write(activity: Activity, key: str | None) -> dict[str, Cell]:
    """An activity as `read` reads it. `key`: by which an import knows it, if one made it."""
    sheet = activity.sheet
    said = {
        f"{name}_{language}": text
        for name in ("title", "venue", "description", "bring", "for_whom")
        for language, text in _both(getattr(sheet, name)).items()
    }
    stipend = sheet.stipend
    paid: dict[str, Cell] = {}
    if stipend is not None:
        paid = {f"stipend_{language}": text for language, text in _both(stipend.rule).items()}
        paid |= {"stipend_source": stipend.source, "stipend_read_on": stipend.read_on.isoformat()}
    row: dict[str, Cell] = dict.fromkeys(COLUMNS, "")
    row |= {
        "id": activity.id,
        "key": key or "",
        "kind": activity.kind,
        "centre": activity.centre,
        "state": activity.state,
        "commune": sheet.place,
        "point": "{}, {}".format(*sheet.point) if sheet.point else "",
        "starts_at": local(sheet.starts_at),
        "ends_at": local(sheet.ends_at),
        "capacity": "" if sheet.capacity is None else sheet.capacity,
        "childcare": "yes" if sheet.childcare else "no",
        "cost": "" if sheet.cost is None else sheet.cost,
        "languages": " ".join(sheet.languages),
        "phone": sheet.phone,
        "sectors": " ".join(sheet.sectors),
        "employers": write_employers(sheet.employers),
        "reminders": "; ".join(sheet.reminders) or NONE,
    }
    return row | write_stops(sheet.stops, sheet.starts_at) | said | paid


def _sheet(cells: Cells, known: Known) -> Sheet | None:
    """What the row says; None where it does not say the least of it."""
    title = cells.bilingual("title", TITLE)
    if not title:
        cells.missing("title_km", "title_en")
    elif not (title.km and title.en):
        lacks = "title_en" if title.km else "title_km"
        if not cells.computed(lacks):
            cells.warnings.append(f"{lacks}: it is empty, so everybody reads the other language")
    place, (starts_at, ends_at) = _place(cells, known), _times(cells, known.now)
    today = known.now.astimezone(PHNOM_PENH).date()
    venue, description = cells.bilingual("venue", LINE), cells.bilingual("description", TEXT)
    sheet = Sheet(
        title,
        place,
        starts_at or known.now,
        ends_at or known.now,
        venue,
        description,
        _point(cells),
        bring=cells.bilingual("bring", TEXT),
        for_whom=cells.bilingual("for_whom", TEXT),
        employers=read_employers(cells, today),
        stops=read_stops(cells, starts_at),
        capacity=cells.number("capacity", 1, CROWD),
        childcare=cells.flag("childcare"),
        languages=cells.among("languages", SPOKEN) or ("km",),
        phone=_phone(cells),
        sectors=cells.among("sectors", SECTORS),
        cost=cells.number("cost", 0, RIEL),
        stipend=read_stipend(cells, today),
        reminders=_reminders(cells),
    )
    return sheet if title and place and starts_at and ends_at else None


def _place(cells: Cells, known: Known) -> str:
    """A gazetteer code; empty, with what is wrong, where there is none."""
    written = to_ascii_digits(cells.needed("commune", LINE))
    if not written:
        return ""
    code = written.zfill(len(written) + len(written) % 2) if written.isdecimal() else written
    found = known.gazetteer.by_code(code)
    if found is None:
        meant = known.code_of(written)
        cure = f"; write its code, {meant}" if meant else ": write the code of the gazetteer, such as 150101"
        cells.wrong("commune", f"{written!r} is no place that is known{cure}")
        return ""
    if len(code) < 6:
        cells.warnings.append(f"commune: {found.en} is a {found.kind}, so nobody is told which commune it is")
    return code


def _times(cells: Cells, now: datetime) -> tuple[datetime | None, datetime | None]:
    starts_at, ends_at = (_of_our_time(cells, one, now) for one in ("starts_at", "ends_at"))
    if starts_at and ends_at:
        if ends_at <= starts_at:
            cells.wrong("ends_at", "it ends before it starts")
        elif ends_at - starts_at > LONGEST:
            cells.wrong("ends_at", "it lasts for more than a year")
        elif ends_at <= now:
            cells.warnings.append("ends_at: it is over already")
    return starts_at, ends_at


def _of_our_time(cells: Cells, name: str, now: datetime) -> datetime | None:
    """A moment of our time; another year is a slip, or of the Buddhist calendar."""
    at = cells.moment(name)
    if at is None or FIRST <= at.year <= now.year + AHEAD:
        return at
    meant = at.year - BUDDHIST
    cure = f" in the calendar of a phone: write {meant}" if FIRST <= meant <= now.year + AHEAD else ""
    cells.wrong(name, f"{at.year} is no year of an activity{cure}")
    return None


def _point(cells: Cells) -> tuple[float, float] | None:
    written = to_ascii_digits(cells.text("point", LINE))
    if not written:
        return None
    found = _POINT.fullmatch(written)
    at = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not all(low <= one <= high for one, (low, high) in zip(at, _WITHIN, strict=True)):
        cells.wrong("point", f"{written!r} is no point in Cambodia: latitude first, as 12.5388, 103.9192")
        return None
    return at


def _phone(cells: Cells) -> str:
    written = to_ascii_digits(cells.text("phone", LINE))
    if not written or _SHORT.fullmatch(written):
        return written
    found = phone(written) or phone(f"0{written}")  # a spreadsheet takes the first 0 of a number away
    if found is None:
        cells.wrong("phone", f"{written!r} is no phone number")
    return found or ""


def _reminders(cells: Cells) -> tuple[str, ...]:
    written = cells.listed("reminders")
    if not written or written == [NONE]:
        return () if written else RULE
    for one in written:
        try:
            parse(one)
        except ValueError as error:
            cells.wrong("reminders", str(error))
    return tuple(dict.fromkeys(written))


def _alone(report: Report, seen: dict[str, int]) -> Report:
    """The report, unless an earlier row says that it is the same activity."""
    draft = report.draft
    if draft is None:
        return report
    marks = [f"key {draft.key}", *([f"id {draft.id}"] if draft.id else [])]
    earlier = next((seen[mark] for mark in marks if mark in seen), None)
    if earlier is not None:
        return Report(report.row, (f"it is the same activity as row {earlier}",), report.warnings)
    seen.update(dict.fromkeys(marks, report.row))
    return report


def _both(said: Bilingual) -> dict[str, str]:
    return {"km": said.km, "en": said.en}


def _names(gazetteer: Gazetteer) -> dict[str, str]:
    """The communes by their names; those that share one are left out."""
    found: dict[str, str] = {}
    for province in gazetteer.children():
        for district in gazetteer.children(province.code):
            for commune in gazetteer.children(district.code):
                for name in {normalise(commune.km).casefold(), normalise(commune.en).casefold()}:
                    found[name] = "" if name in found else commune.code
    return found
