"""What an activity has several of, in the cells of a row: bus stops, employers with their work, a stipend.

Never shows an employer to anybody: it only warns of those that nobody has checked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from bot.activity_cells import Cells, local, pair, paired, read_clock, read_moment
from bot.core.activity import SECTORS, Bilingual, Employer, Sheet, Stipend, Stop, Vacancy
from bot.core.khmer.digits import to_ascii_digits
from bot.core.schedule import PHNOM_PENH

SEATS = 500  # of a bus stop, at most
BEFORE = timedelta(hours=1)  # its start, when the row does not say when the bus leaves
EARLIEST = timedelta(hours=24)  # before the start
FORM = "employer | sector | job | number | pay | requirements | checked by | checked on"
FIELDS = FORM.count("|") + 1
LONGEST = 200  # characters of a name
BUS, STIPEND = (
    ("bus_stop", "bus_at", "bus_seats"),
    ("stipend_km", "stipend_en", "stipend_source", "stipend_read_on"),
)
_PAY = re.compile(r"(?:(\d{1,5})?\s*-\s*(\d{1,5})?|(\d{1,5}))")
_STUFF = re.compile(r"[^a-z0-9]+")


def read_stops(cells: Cells, starts_at: datetime | None) -> tuple[Stop, ...]:
    """Of `bus_stop`, `bus_at` and `bus_seats`, which list as many things each; times on the first day."""
    names, times, seats = (cells.listed(one) for one in BUS)
    if cells.computed(*BUS):
        return ()
    if len(seats) != len(names):
        cells.wrong("bus_seats", f"{len(seats)} numbers for {len(names)} bus stops")
        return ()
    if times and len(times) != len(names):
        cells.wrong("bus_at", f"{len(times)} times for {len(names)} bus stops")
        return ()
    if starts_at is None or not names:
        return ()
    if not times:
        taken = (starts_at - BEFORE).astimezone(PHNOM_PENH)
        cells.warnings.append(
            f"bus_at: it is empty, so the bus leaves an hour before the start, at {taken:%H:%M}"
        )
        times = [taken.isoformat()] * len(names)
    stops: list[Stop] = []
    for name, at, number in zip(names, times, seats, strict=True):
        said, leaves = _named(cells, "bus_stop", name), _leaves(cells, at, starts_at)
        free = cells.number_in("bus_seats", number, 1, SEATS)
        if said and leaves and free:
            stops.append(Stop(_key(said, [one.key for one in stops]), said, leaves, free))
    return tuple(stops)


def read_employers(cells: Cells, today: date) -> tuple[Employer, ...]:
    """Of `employers`: on each line what FORM says, one line for each job; what is last may be left out."""
    found: dict[Bilingual, Employer] = {}
    for line in (one for one in cells.text("employers", 20_000).splitlines() if one):
        fields = [one.strip() for one in line.split("|")]
        if len(fields) > FIELDS:
            cells.wrong("employers", f"{line[:40]!r} has {len(fields)} fields, of {FORM}")
            continue
        fields += [""] * (FIELDS - len(fields))
        name = _named(cells, "employers", fields[0])
        if not name:
            continue
        known = found.get(name) or Employer(_key(name, [one.key for one in found.values()]), name)
        work = _vacancy(cells, fields[1:6]) if any(fields[1:6]) else None
        checked = cells.day_in("employers", fields[7]) if fields[7] else None
        if checked is not None and checked > today:
            cells.wrong("employers", f"{fields[7]} is still to come: nobody has checked them then")
        found[name] = replace(
            known,
            vacancies=known.vacancies + ((work,) if work else ()),
            checked_by=fields[6] or known.checked_by,
            checked_on=checked or known.checked_on,
        )
    for one in found.values():
        if not one.checked:
            cells.warnings.append(
                f"employers: {paired(one.name)} is not shown until somebody has checked them"
            )
    return tuple(found.values())


def read_stipend(cells: Cells, today: date) -> Stipend | None:
    """Of the four columns, all or none: the rule, where it is written, and when that was read."""
    rule, source = cells.bilingual("stipend", 500), cells.text("stipend_source", 300)
    written = cells.text("stipend_read_on", 40)
    if cells.computed(*STIPEND) or not (rule or source or written):
        return None
    read_on = cells.day_in("stipend_read_on", written) if written else None
    if not (rule and source and written):
        cells.wrong("stipend_source", "a stipend is told with its rule, its source and the day it was read")
        return None
    if read_on is not None and read_on > today:
        cells.wrong("stipend_read_on", f"{written} is still to come")
    return Stipend(rule, source, read_on) if read_on else None


def write_stops(stops: Sequence[Stop], starts_at: datetime) -> dict[str, str]:
    """The three columns; the day of a bus is written only when it is not that of the start."""
    times = (local(one.leaves_at).removeprefix(f"{local(starts_at)[:10]}T") for one in stops)
    return {
        "bus_stop": "; ".join(paired(one.name) for one in stops),
        "bus_at": "; ".join(times),
        "bus_seats": "; ".join(str(one.seats) for one in stops),
    }


def write_employers(employers: Iterable[Employer]) -> str:
    """What `read_employers` reads."""
    lines = []
    for one in employers:
        checked = (one.checked_by.replace("|", ","), one.checked_on.isoformat() if one.checked_on else "")
        for work in one.vacancies or (None,):
            told = _told(work) if work else ("",) * 5
            lines.append(" | ".join((paired(one.name), *told, *checked)).rstrip(" |"))
    return "\n".join(lines)


def keep_keys(before: Sheet, after: Sheet) -> Sheet:
    """The sheet after a change, whose stops and employers keep the keys that people are registered with.

    What bears another name at the place of one that is gone is taken for that one.
    """
    stops = _kept([one.key for one in before.stops], [one.key for one in after.stops])
    firms = _kept([one.key for one in before.employers], [one.key for one in after.employers])
    return replace(
        after,
        stops=tuple(replace(one, key=stops[one.key]) for one in after.stops),
        employers=tuple(replace(one, key=firms[one.key]) for one in after.employers),
    )


def _kept(before: list[str], after: list[str]) -> dict[str, str]:
    kept = {one: one for one in after}
    if len(before) != len(after):
        return kept
    pairs = zip(before, after, strict=True)
    return kept | {new: old for old, new in pairs if old not in after and new not in before}


def _leaves(cells: Cells, text: str, starts_at: datetime) -> datetime | None:
    clock = read_clock(text)
    if clock is not None:
        day = starts_at.astimezone(PHNOM_PENH).date()
        at = datetime.combine(day, clock, PHNOM_PENH).astimezone(starts_at.tzinfo)
    elif (read := read_moment(to_ascii_digits(text))) is not None:
        at = read
    else:
        cells.wrong("bus_at", f"{text!r} is no time: write it as 05:30")
        return None
    if not starts_at - EARLIEST <= at < starts_at:
        cells.wrong("bus_at", f"{text} is not within the 24 hours before it starts")
        return None
    return at


def _named(cells: Cells, column: str, text: str) -> Bilingual | None:
    said = pair(text)
    if said is None:
        cells.wrong(column, f"{text[:40]!r}: write Khmer / English")
    elif not said:
        cells.wrong(column, "a name is missing")
    elif len(text) > LONGEST:
        cells.wrong(column, f"a name has {len(text)} characters, of at most {LONGEST}")
    else:
        return said
    return None


def _vacancy(cells: Cells, fields: Sequence[str]) -> Vacancy | None:
    sector, job, number, pay, requires = fields
    said, needs = _named(cells, "employers", job), _named(cells, "employers", requires) if requires else None
    if sector not in SECTORS:
        cells.wrong("employers", f"{sector!r} is none of {', '.join(SECTORS)}")
    many = cells.number_in("employers", number, 1, 100_000) if number else 1
    least = most = None
    if pay:
        found = _PAY.fullmatch(to_ascii_digits(pay).replace("$", ""))
        if found is None:
            cells.wrong("employers", f"{pay!r} is no pay: write US dollars a month, 210-260 or 210")
            return None
        least, most = ((int(one) if one else None) for one in (found[1] or found[3], found[2] or found[3]))
        if least is not None and most is not None and least > most:
            cells.wrong("employers", f"{pay!r}: the least is more than the most")
    if said is None or many is None:
        return None
    return Vacancy(said, sector, many, least, most, needs or Bilingual())


def _told(work: Vacancy) -> tuple[str, ...]:
    least, most = work.pay_least, work.pay_most
    pay = "" if least is None and most is None else f"{'' if least is None else least}-{most or ''}"
    if least is not None and least == most:
        pay = str(least)
    return (
        work.sector,
        paired(work.job),
        str(work.number),
        pay,
        paired(work.requires) if work.requires else "",
    )


def _key(name: Bilingual, taken: Sequence[str]) -> str:
    """ASCII, short and the same at every import, as it stands in payloads and registrations."""
    plain = _STUFF.sub("-", name.en.lower()).strip("-")[:20].strip("-")
    key = plain or f"n{sha256(name.km.encode()).hexdigest()[:8]}"
    return key if key not in taken else f"{key}-{sum(one.startswith(key) for one in taken) + 1}"
