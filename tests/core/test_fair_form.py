"""A fair told in a few questions: what is asked next, what is read, and the fair that comes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core import fair_form
from bot.core.activity import Bilingual, Sheet, Stop
from bot.core.fair_form import MOVED, NEW, Unclear, next_of
from tests.engine.shipped import release

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
SAID = {
    "title": "ពិព័រណ៍",
    "title-en": "-",
    "place": "បឹងខ្នារ បាកាន",
    "venue": "-",
    "day": "15/12/2026",
    "hours": "8-12",
    "capacity": "-",
    "bus": "-",
}


def told(**changed: str) -> dict[str, object]:
    book = release().book
    given: dict[str, object] = {"centre": "pursat"}
    for question, said in (SAID | {name.replace("_", "-"): one for name, one in changed.items()}).items():
        read = fair_form.read(book, question, given, said, NOW)
        assert isinstance(read, dict), (question, read)
        given = read
    return given


def test_every_question_is_asked_once_and_those_of_the_bus_only_with_one() -> None:
    given: dict[str, object] = {}
    asked = []
    while (question := next_of(NEW, given)) is not None:
        asked.append(question)
        given[question] = ""
    assert asked == [one for one in NEW if one not in {"seats", "leaves"}]
    assert next_of(NEW, {**given, "bus": "ផ្សារ"}) == "seats"
    assert next_of(MOVED, {"day": "2026-12-15", "hours": ["08:00", "12:00"]}) == "venue"


def test_what_was_left_out_is_left_out() -> None:
    sheet = fair_form.sheet(told())
    assert (sheet.title.en, bool(sheet.venue), sheet.capacity, sheet.stops) == ("", False, None, ())
    assert (sheet.starts_at, sheet.ends_at) == (
        datetime(2026, 12, 15, 1, tzinfo=UTC),
        datetime(2026, 12, 15, 5, tzinfo=UTC),
    )


def test_a_day_that_is_past_or_far_is_a_slip() -> None:
    book = release().book
    for said in ("21/11/2026", "15/12/2028", "someday", "15/12"):
        assert isinstance(fair_form.read(book, "day", {}, said, NOW), Unclear), said
    assert fair_form.read(book, "day", {}, "ថ្ងៃស្អែក", NOW) == {"day": "2026-11-23"}


def test_a_place_is_a_commune_and_a_district_asks_which() -> None:
    book = release().book
    assert fair_form.read(book, "place", {}, "150102", NOW) == {"place": "150102"}
    asked = fair_form.read(book, "place", {"centre": "pursat"}, "ស្រុកបាកាន", NOW)
    assert isinstance(asked, Unclear)
    assert {code[:4] for code, _ in asked.choices} == {"1501"}
    for said in ("999999", "1501", "ខេត្តពោធិ៍សាត់", "qqqqqq"):
        read = fair_form.read(book, "place", {"centre": "pursat"}, said, NOW)
        assert isinstance(read, Unclear), said


def test_a_fair_that_moves_takes_its_days_and_its_buses_along() -> None:
    begins = datetime(2026, 12, 15, 1, tzinfo=UTC)
    stop = Stop("s1", Bilingual("ផ្សារ"), begins - timedelta(hours=2), 20)
    before = Sheet(
        Bilingual("ពិព័រណ៍"),
        "150102",
        begins,
        begins + timedelta(days=1, hours=4),
        venue=Bilingual("សាលាស្រុក", "District hall"),
        point=(12.5, 103.9),
        stops=(stop,),
    )
    given = {"day": "2026-12-20", "hours": ["13:00", "17:00"], "venue": ""}
    after = fair_form.moved(before, given)
    assert (after.starts_at, after.ends_at) == (
        datetime(2026, 12, 20, 6, tzinfo=UTC),
        datetime(2026, 12, 21, 10, tzinfo=UTC),
    )
    assert after.stops[0].leaves_at == after.starts_at - timedelta(hours=2)
    assert (after.venue, after.point) == (before.venue, before.point)
    elsewhere = fair_form.moved(before, {**given, "venue": "វត្ត"})
    assert (elsewhere.venue, elsewhere.point) == (Bilingual("វត្ត"), None)
    assert replace(after, venue=elsewhere.venue, point=None) == elsewhere
