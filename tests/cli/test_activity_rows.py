"""Rows of activities: what each cell may hold, what is said of one that may not, and back again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.activity_cells import Cell, Formula, pair, paired
from bot.activity_parts import keep_keys
from bot.activity_rows import Known, Report, read_row, write
from bot.core.activity import SECTORS, Activity, Bilingual, Employer, Sheet, Stipend, Stop, Vacancy
from bot.core.places import Gazetteer, Place
from bot.spreadsheets import as_csv, read

NOW = datetime(2027, 1, 1, tzinfo=UTC)
PLACES = Gazetteer(
    (
        Place("15", "ពោធិ៍សាត់", "Pursat", "province"),
        Place("1501", "បាកាន", "Bakan", "district"),
        Place("150102", "បឹងខ្នារ", "Boeng Khnar", "commune"),
        Place("12", "ភ្នំពេញ", "Phnom Penh", "province"),
    )
)
KNOWN = Known(PLACES, {"15": "pursat", "12": "pursat"}, NOW)
MIDNIGHT = datetime(2027, 3, 7)  # noqa: DTZ001 - a spreadsheet's day, which knows no zone
LEAST: dict[str, Cell] = {
    "title_en": "Fair",
    "title_km": "ពិព័រណ៍",
    "commune": "150102",
    "starts_at": "2027-03-06T08:00",
    "ends_at": "2027-03-06T16:00",
}


def row(**cells: Cell) -> Report:
    return read_row(2, LEAST | cells, KNOWN)


def sheet(**cells: Cell) -> Sheet:
    found = row(**cells)
    assert found.draft is not None, found.errors
    return found.draft.sheet


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"commune": "Boeng Khnar"}, "write its code, 150102"),
        ({"commune": "150199"}, "no place that is known"),
        ({"ends_at": "2029-03-06T16:00"}, "more than a year"),
        ({"starts_at": date(2027, 3, 6)}, "2027-03-06 is a day without a time: write both"),
        ({"starts_at": "២០២៧-០៣-០៦"}, "2027-03-06 is a day without a time: write both"),
        ({"ends_at": MIDNIGHT}, "a day without a time: write both, as 2027-03-07T08:00; for midnight"),
        ({"starts_at": "1900-03-06T08:00"}, "1900 is no year of an activity"),
        ({"ends_at": "2570-03-06T16:00"}, "in the calendar of a phone: write 2027"),
        ({"ends_at": "2060-03-06T16:00"}, "2060 is no year of an activity"),
        ({"ends_at": "0001-01-01T00:00"}, "no date with a time"),
        ({"ends_at": "9999-12-31T23:59:59.9"}, "no date with a time"),
        ({"ends_at": datetime.max.replace(tzinfo=UTC)}, "no date with a time"),
        ({"starts_at": 46452.33}, "no date with a time"),
        ({"starts_at": "2027-02-30T08:00"}, "starts_at: there is no such day as 2027-02-30"),
        ({"ends_at": "2027-13-41"}, "ends_at: there is no such day as 2027-13-41"),
        ({"ends_at": "2027-03-06T25:00"}, "no date with a time"),
        ({"point": "103.9, 12.5"}, "latitude first"),
        ({"capacity": "0"}, "from 1 to"),
        ({"capacity": 12.5}, "no whole number"),
        ({"cost": "-1"}, "no whole number"),
        ({"phone": "12"}, "no phone number"),
        ({"sectors": "garment, fishing"}, "'fishing' is none of"),
        ({"languages": "km lao"}, "'lao' is none of"),
        ({"childcare": "perhaps"}, "neither yes nor no"),
        ({"kind": "party"}, "'party' is none of"),
        ({"centre": "nowhere"}, "'nowhere' is none of pursat"),
        ({"state": "open"}, "'open' is none of"),
        ({"title_km": "ក" * 121}, "121 characters, of at most 120"),
        ({"reminders": "-7d; soon"}, '"soon"'),
        ({"bus_stop": "a; b", "bus_seats": "30"}, "1 numbers for 2 bus stops"),
        ({"bus_stop": "a; b", "bus_seats": "3; 4", "bus_at": "06:00"}, "1 times for 2 bus stops"),
        ({"bus_stop": "a", "bus_seats": "30", "bus_at": "08:30"}, "within the 24 hours before"),
        ({"bus_stop": "a", "bus_seats": "30", "bus_at": "early"}, "no time: write it as 05:30"),
        ({"bus_stop": "a / b / c", "bus_seats": "30"}, "write Khmer / English"),
        ({"employers": "A | fishing | job"}, "'fishing' is none of"),
        ({"employers": "A | garment"}, "a name is missing"),
        ({"employers": "A | garment | job | 1 | much"}, "write US dollars a month"),
        ({"employers": "A | garment | job | 1 | 300-200"}, "the least is more than the most"),
        ({"employers": "A | | | | | | dara | 2027-01-02"}, "still to come"),
        ({"employers": "A | | | | | | dara | yesterday"}, "no day"),
        ({"employers": "A |" + "|" * 8}, "has 10 fields"),
        ({"stipend_en": "much"}, "its source and the day"),
    ],
)
def test_a_cell_that_makes_no_sense_is_named(cells: dict[str, Any], fault: str) -> None:
    found = row(**cells)
    assert found.draft is None
    assert any(
        fault in one and one.partition(":")[0] in {*cells, "bus_seats", "bus_at"} | {"stipend_source"}
        for one in found.errors
    ), found.errors


@pytest.mark.parametrize(
    ("cells", "warning"),
    [
        ({"commune": 12}, "Phnom Penh is a province"),
        ({"title_en": ""}, "title_en: it is empty"),
        ({"employers": "A"}, "A is not shown until somebody has checked them"),
        ({"starts_at": "2026-01-01T08:00", "ends_at": "2026-01-01T09:00"}, "it is over already"),
        ({"bus_stop": "a", "bus_seats": 30}, "an hour before the start, at 07:00"),
    ],
)
def test_what_is_doubtful_is_taken_with_a_warning(cells: dict[str, Any], warning: str) -> None:
    found = row(**cells)
    assert found.draft is not None
    assert any(warning in one for one in found.warnings)


def test_midnight_may_be_meant() -> None:
    assert sheet(ends_at="2027-03-07T00:00").ends_at == datetime(2027, 3, 6, 17, tzinfo=UTC)
    assert sheet(ends_at="2027-03-07 0:00").ends_at == datetime(2027, 3, 6, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("commune", {}),
        ("starts_at", {}),
        ("ends_at", {}),
        ("title_km", {}),
        ("title_en", {}),
        ("title_km", {"title_en": ""}),
        ("bus_seats", {"bus_stop": "a"}),
        ("bus_stop", {"bus_seats": "30", "bus_at": "06:00"}),
        ("bus_at", {"bus_stop": "a", "bus_seats": "30"}),
        ("stipend_source", {"stipend_en": "much", "stipend_read_on": "2026-06-01"}),
        ("employers", {}),
        ("id", {}),
        ("centre", {}),
    ],
)
def test_a_formula_is_one_fault_and_not_an_empty_cell_too(name: str, more: dict[str, Cell]) -> None:
    found = row(**more, **{name: Formula("=A1")})
    assert found.errors == (f"{name}: the cell is a formula (=A1): put its value there",)
    assert found.warnings == ()


def test_people_write_numbers_and_times_in_their_own_way() -> None:
    said = sheet(
        capacity="២,០០០", phone=12345678.0, bus_stop="ក; ខ", bus_at="៥:៣០\n06:15", bus_seats="30;12", cost=0
    )
    assert (said.capacity, said.phone, said.cost) == (2000, "+85512345678", 0)
    assert [one.leaves_at.hour for one in said.stops] == [22, 23], "UTC, of the evening before"
    assert sheet(phone="១២៩៧").phone == "1297"
    assert sheet(reminders="none").reminders == ()
    night = sheet(bus_stop="ក", bus_seats=3, bus_at="2027-03-05T21:00").stops[0]
    assert write(activity(sheet(bus_stop="ក", bus_seats=3, bus_at="2027-03-05T21:00")), None)["bus_at"] == (
        "2027-03-05T21:00"
    )
    assert night.leaves_at == datetime(2027, 3, 5, 14, tzinfo=UTC)


def test_two_stops_of_one_name_are_two() -> None:
    said = sheet(bus_stop="ផ្សារ / Market; ផ្សារ / Market", bus_seats="3;4", bus_at="05:00;06:00")
    assert [one.key for one in said.stops] == ["market", "market-2"]


def test_who_is_registered_for_a_stop_stays_with_it_when_its_name_is_mended() -> None:
    before = sheet(bus_stop="Bakn; Wat", bus_seats="3;4", employers="Goldn")
    after = keep_keys(before, sheet(bus_stop="Bakan; Wat", bus_seats="3;4", employers="Golden"))
    assert [(one.key, one.name.en) for one in after.stops] == [("bakn", "Bakan"), ("wat", "Wat")]
    assert after.employers[0].key == before.employers[0].key
    swapped = keep_keys(before, sheet(bus_stop="Wat; Bakn", bus_seats="3;4"))
    assert [one.key for one in swapped.stops] == ["wat", "bakn"], "their order tells nothing"
    fewer = keep_keys(before, sheet(bus_stop="Wat", bus_seats="4"))
    assert [one.key for one in fewer.stops] == ["wat"]


# --- there and back ---

WORDS = st.text(st.sampled_from("abកខ ្ាZ=+-@'/;|,.0"), max_size=12).map(lambda text: " ".join(text.split()))
PAIRS = st.builds(Bilingual, WORDS, WORDS)
NAMED = PAIRS.filter(lambda one: any(map(str.isalnum, one.km + one.en)))
VACANCIES = st.builds(
    Vacancy,
    NAMED,
    st.sampled_from(SECTORS),
    st.integers(1, 500),
    st.none() | st.integers(1, 200),
    st.none() | st.integers(200, 400),
    PAIRS,
)
EMPLOYERS = st.builds(
    Employer,
    st.just(""),
    NAMED,
    st.lists(VACANCIES, max_size=2).map(tuple),
    st.just("dara"),
    st.just(date(2026, 12, 1)),
)
STARTS = datetime(2027, 3, 6, 1, tzinfo=UTC)
STOPS = st.builds(
    Stop,
    st.just(""),
    NAMED,
    st.integers(1, 1440).map(lambda one: STARTS - timedelta(minutes=one)),
    st.integers(1, 99),
)
SHEETS = st.builds(
    Sheet,
    title=NAMED,
    place=st.just("150102"),
    starts_at=st.just(STARTS),
    ends_at=st.integers(1, 9000).map(lambda one: STARTS + timedelta(minutes=one)),
    venue=PAIRS,
    description=PAIRS,
    point=st.none()
    | st.tuples(st.floats(9, 15), st.floats(102, 108)).map(lambda at: (round(at[0], 5), round(at[1], 5))),
    bring=PAIRS,
    employers=st.lists(EMPLOYERS, max_size=3, unique_by=lambda one: paired(one.name)).map(tuple),
    stops=st.lists(STOPS, max_size=3).map(tuple),
    capacity=st.none() | st.integers(1, 5000),
    childcare=st.booleans(),
    cost=st.none() | st.integers(0, 100_000),
    sectors=st.lists(st.sampled_from(SECTORS), unique=True).map(tuple),
    stipend=st.none() | st.builds(Stipend, NAMED, WORDS.filter(bool), st.just(date(2026, 5, 1))),
    reminders=st.lists(st.sampled_from(("-7d", "-1d 17:00", "-3h")), unique=True).map(tuple),
)


def activity(said: Sheet) -> Activity:
    return Activity(7, "fair", "pursat", "draft", 1, said)


def back(cells: dict[str, Cell]) -> Sheet:
    found = read_row(2, cells, KNOWN)
    assert found.draft is not None, found.errors
    return found.draft.sheet


@settings(max_examples=40, deadline=None)
@given(SHEETS)
def test_what_is_written_reads_as_the_same_again(said: Sheet) -> None:
    """Once the marks that part names are out of the names, nothing is lost on any way."""
    plain = back(write(activity(said), "k"))
    assert (plain.capacity, plain.cost, plain.ends_at) == (said.capacity, said.cost, said.ends_at)
    assert len(plain.stops) == len(said.stops)
    cells = write(activity(plain), "k")
    assert back(cells) == plain
    table = read(as_csv(tuple(cells), [cells]))
    assert not isinstance(table, str)
    (_, heads), (_, values) = table
    assert back(dict(zip(map(str, heads), values, strict=True))) == plain


@given(PAIRS)
def test_a_pair_of_names_is_written_so_that_it_reads_back(said: Bilingual) -> None:
    read_ = pair(paired(said))
    assert read_ is not None
    assert pair(paired(read_)) == read_
