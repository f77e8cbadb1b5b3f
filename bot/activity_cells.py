"""The cells of one row, read with every fault gathered and none hidden.

Never knows what a column is for: it reads texts, numbers, moments and lists.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.core.activity import Bilingual
from bot.core.khmer.digits import to_ascii_digits
from bot.core.schedule import PHNOM_PENH

YES = frozenset({"yes", "y", "true", "1", "x", "បាទ", "ចាស", "មាន"})
NO = frozenset({"", "no", "n", "false", "0", "ទេ", "គ្មាន"})
WHEN = "write it as 2026-08-15T08:00, or as a date and time of the spreadsheet"
DAY = "write it as 2026-08-15, or as a date of the spreadsheet"
_SLASH = re.compile(r"(?:^|\s)/(?:\s|$)")  # between the two languages
_SLASHES, _PARTS = re.compile(r"\s*/\s*"), re.compile(r"[|;\n]")  # of words, which must not part them
_SPLIT = re.compile(r"[;\n]")
_KHMER = re.compile(r"[\u1780-\u17ff]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::00)?")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a spreadsheet computes: what it would say is not known here, so it is refused."""

    text: str


Cell = str | int | float | bool | datetime | date | time | Formula | None


class Cells:
    """One row by column. `errors`: why it is refused; `warnings`: what should be looked at."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self._cells = cells
        self.errors: list[str] = []
        self.warnings: list[str] = []
        for name, cell in cells.items():
            if isinstance(cell, Formula):
                self.wrong(name, f"the cell is a formula ({cell.text[:40]}): put its value there")

    def wrong(self, name: str, what: str) -> None:
        """Note a fault of a column."""
        self.errors.append(f"{name}: {what}")

    def cell(self, name: str) -> Cell:
        """What stands there; None for what is empty, and for a formula, which is a fault already."""
        found = self._cells.get(name)
        return None if isinstance(found, Formula) or found == "" else found

    def computed(self, *names: str) -> bool:
        """Whether one of them is a formula, which is a fault already and nothing else."""
        return any(isinstance(self._cells.get(name), Formula) for name in names)

    def missing(self, name: str, *others: str) -> None:
        """Note that it is empty, and the others, which would do as well."""
        if not self.computed(name, *others):
            self.wrong(name, "it is empty")

    def text(self, name: str, longest: int) -> str:
        """The words, each line without blanks around it; a longer text is a fault."""
        found = words(self.cell(name))
        if len(found) > longest:
            self.wrong(name, f"{len(found)} characters, of at most {longest}")
        return found

    def needed(self, name: str, longest: int) -> str:
        """The same, and it must be there."""
        found = self.text(name, longest)
        if not found:
            self.missing(name)
        return found

    def bilingual(self, name: str, longest: int) -> Bilingual:
        """Of the columns `{name}_km` and `{name}_en`."""
        return Bilingual(self.text(f"{name}_km", longest), self.text(f"{name}_en", longest))

    def number(self, name: str, least: int, most: int) -> int | None:
        """A whole number, in digits of any script; None where nothing stands."""
        cell = self.cell(name)
        return None if cell is None else self.number_in(name, words(cell), least, most)

    def number_in(self, name: str, text: str, least: int, most: int) -> int | None:
        """The same of a text."""
        found = to_ascii_digits(text).replace(",", "").removesuffix(".0")
        if not found.isdecimal() or len(found) > 9 or not least <= int(found) <= most:
            self.wrong(name, f"{text!r} is no whole number from {least} to {most}")
            return None
        return int(found)

    def flag(self, name: str) -> bool:
        """Yes or no; empty is no."""
        said = words(self.cell(name)).lower()
        if said not in YES | NO:
            self.wrong(name, f"{said!r} is neither yes nor no")
        return said in YES

    def moment(self, name: str) -> datetime | None:
        """A local date and time, as aware UTC. It must be there, and its time with it."""
        cell = self.cell(name)
        if isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time():
            cell = cell.date()  # as a spreadsheet keeps one
            late = f"; for midnight itself as the text {cell}T00:00"
        else:
            late = ""
        text = to_ascii_digits(words(cell))
        if not text:
            self.missing(name)
            return None
        found = _whole(cell) if isinstance(cell, datetime) else read_moment(text)
        if found is None and (day := _DAY.match(text)) and not _is_day(day[0]):
            self.wrong(name, f"there is no such day as {day[0]}")
        elif found is None and _DAY.fullmatch(text):
            self.wrong(name, f"{text} is a day without a time: write both, as {text}T08:00{late}")
        elif found is None:
            self.wrong(name, f"{text!r} is no date with a time: {WHEN}")
        return found

    def day_in(self, name: str, text: str) -> date | None:
        """A day of a text."""
        try:
            return date.fromisoformat(to_ascii_digits(text)[:10])
        except ValueError:
            self.wrong(name, f"{text!r} is no day: {DAY}")
            return None

    def listed(self, name: str) -> list[str]:
        """What stands between semicolons or on lines of its own."""
        return [one.strip() for one in _SPLIT.split(words(self.cell(name))) if one.strip()]

    def among(self, name: str, known: Mapping[str, str] | tuple[str, ...]) -> tuple[str, ...]:
        """Words of a closed list, between commas, semicolons or lines."""
        found = [one for one in re.split(r"[;,\s]+", words(self.cell(name)).lower()) if one]
        for one in found:
            if one not in known:
                self.wrong(name, f"{one!r} is none of {', '.join(known)}")
        return tuple(dict.fromkeys(found))

    def each(self, name: str, read: Callable[[str], str | None]) -> tuple[str, ...]:
        """Every listed text that `read` takes; it says what is wrong with the others."""
        for one in (found := self.listed(name)):
            if (what := read(one)) is not None:
                self.wrong(name, f"{one!r} {what}")
        return tuple(found)


def words(cell: Cell) -> str:
    """A cell as text: numbers without a needless fraction, moments as ISO 8601."""
    match cell:
        case None | Formula():
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | time():
            return cell.isoformat()
        case str():
            plain = _UNSEEN.sub("", unicodedata.normalize("NFC", cell))
            return "\n".join(" ".join(line.split()) for line in plain.strip().splitlines())
        case _:
            return str(cell)


def read_moment(text: str) -> datetime | None:
    """ISO 8601 with a time, local where no zone is written; aware UTC."""
    if len(text) < len("2026-08-15T08") or text[10] not in "T ":
        return None
    hours, written = _CLOCK.fullmatch(text[11:]), text
    if hours:
        written = f"{text[:10]}T{int(hours[1]):02}:{hours[2]}"
    try:
        return _whole(datetime.fromisoformat(written))
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """A time of the day, such as 05:30."""
    found = _CLOCK.fullmatch(to_ascii_digits(text))
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None


def pair(text: str) -> Bilingual | None:
    """`Khmer / English`; one of them alone is known by its letters. None for more than two."""
    match [one.strip() for one in _SLASH.split(text)]:
        case [km, en]:
            return Bilingual(km, en)
        case [one]:
            return Bilingual(km=one) if _KHMER.search(one) else Bilingual(en=one)
        case _:
            return None


def paired(said: Bilingual) -> str:
    """What `pair` reads; what parts fields is taken out of the words."""
    km, en = (_SLASHES.sub("/", _PARTS.sub(",", one)).strip("/ ") for one in (said.km, said.en))
    if km and en:
        return f"{km} / {en}"
    alone = km or en
    if pair(alone) == Bilingual(km, en):
        return alone
    return f"{km} /" if km else f"/ {en}"


def local(at: datetime) -> str:
    """`2026-08-15T08:00` in Phnom Penh."""
    return at.astimezone(PHNOM_PENH).strftime("%Y-%m-%dT%H:%M")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _whole(at: datetime) -> datetime | None:
    """Aware UTC, without a spreadsheet's fractions of a day; None at either end of all years."""
    try:
        whole = (at + timedelta(milliseconds=500)).replace(microsecond=0)
        return whole.replace(tzinfo=whole.tzinfo or PHNOM_PENH).astimezone(UTC)
    except OverflowError:
        return None
