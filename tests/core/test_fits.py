"""What fits what somebody wrote: work, place, pay, skills and training; and by which of their words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.activity import Activity, Bilingual, Employer, Kind, Sheet, Vacancy
from bot.core.fits import Wish, fits, fitting, wish

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
BAKAN, PURSAT, SIEM_REAP = "1501", "15", "17"


def work(sector: str, *, least: int | None = None, most: int | None = None) -> Vacancy:
    return Vacancy(Bilingual("ការងារ"), sector, pay_least=least, pay_most=most)


def fair(*offered: Vacancy, place: str = "150101", checked: bool = True, number: int = 1) -> Activity:
    by = {"checked_by": "dara", "checked_on": date(2026, 11, 1)} if checked else {}
    employer = Employer("one", Bilingual("រោងចក្រ"), offered, **by)  # type: ignore[arg-type]
    starts = NOON + timedelta(days=number)
    sheet = Sheet(Bilingual("ពិព័រណ៍"), place, starts, starts + timedelta(hours=4), employers=(employer,))
    return Activity(number, "fair", "pursat", "published", 1, sheet)


def course(kind: Kind, *sectors: str) -> Activity:
    starts = NOON + timedelta(days=3)
    sheet = Sheet(Bilingual("វគ្គ"), "150101", starts, starts + timedelta(days=90), sectors=sectors)
    return Activity(9, kind, "pursat", "published", 1, sheet)


MASON = wish({"home": [BAKAN], "job_sector": ["construction", "seafood"], "work_now": ["no-work"]})


def test_who_worked_in_construction_and_lives_there_is_told_by_that() -> None:
    found = fits(fair(work("garment"), work("construction")), MASON)
    assert found is not None
    assert (found.purpose, found.because, found.what) == ("jobs", "worked", "construction")
    assert (found.where, found.lives) == (BAKAN, True)
    assert [one.sector for one in found.vacancies] == ["construction"]


@pytest.mark.parametrize(
    ("said", "because", "what"),
    [
        ({"want_sector": ["garment"]}, "want", "garment"),
        ({"want_sector": ["any"]}, "any", ""),
        ({"skills": ["sewing cooking"]}, "skill", "sewing"),
        ({"sector": ["factory"]}, None, ""),
        ({"want_sector": ["farm"], "skills": ["sewing"]}, None, ""),
        ({"want_sector": ["garment"], "work_now": ["employed"]}, None, ""),
        ({"skills": ["none"]}, None, ""),
        ({}, None, ""),
    ],
)
def test_what_they_want_goes_before_what_they_know(
    said: dict[str, list[str]], because: str | None, what: str
) -> None:
    found = fits(fair(work("garment")), wish({"home": [PURSAT], **said}))
    assert (found.because if found else None, found.what if found else "") == (because, what)


def test_it_is_near_where_they_live_or_want_to_work_and_nowhere_else() -> None:
    offered = fair(work("garment"))
    wants = wish({"want_sector": ["garment"], "want_place": [PURSAT], "home": [SIEM_REAP]})
    found = fits(offered, wants)
    assert found is not None
    assert (found.where, found.lives) == (PURSAT, False)
    assert fits(offered, replace(wants, place=SIEM_REAP)) is None
    assert fits(offered, replace(wants, place="", home="")) is None


@pytest.mark.parametrize(
    ("pay", "least", "most", "fit"),
    [
        ("over-300", 200, 290, False),
        ("over-300", 200, 300, True),
        ("over-300", None, None, True),
        ("250-300", 250, None, True),
        ("250-300", 210, None, False),
        ("under-200", 150, 160, True),
    ],
)
def test_work_that_surely_pays_less_does_not_fit(
    pay: str, least: int | None, most: int | None, *, fit: bool
) -> None:
    offered = fair(work("garment", least=least, most=most))
    said = {"home": [PURSAT], "want_sector": ["garment"], "want_pay": [pay]}
    assert (fits(offered, wish(said)) is not None) == fit


def test_work_of_an_employer_whom_nobody_checked_fits_nobody() -> None:
    assert fits(fair(work("construction"), checked=False), MASON) is None


@pytest.mark.parametrize(
    ("kind", "sectors", "said", "because"),
    [
        ("course", (), {"training": ["course"]}, "learn"),
        ("rpl-test", (), {"training": ["certificate"]}, "certificate"),
        ("rpl-test", (), {"training": ["course"]}, None),
        ("course", ("construction",), {"training": ["course"], "skills": ["welding"]}, "skill"),
        ("course", ("construction",), {"training": ["course"], "want_sector": ["construction"]}, "want"),
        ("course", ("farm",), {"training": ["course"], "skills": ["welding"]}, None),
        ("course", ("farm",), {"training": ["none"]}, None),
        ("rpl-test", ("construction",), {"training": ["certificate"], "work_now": ["employed"],
                                         "job_sector": ["construction"]}, "worked"),
    ],
)  # fmt: skip
def test_who_wants_to_learn_is_told_of_what_they_can_use(
    kind: Kind, sectors: tuple[str, ...], said: dict[str, list[str]], because: str | None
) -> None:
    found = fits(course(kind, *sectors), wish({"home": [PURSAT], **said}))
    assert (found.because if found else None) == because
    assert found is None or found.purpose == "training"


def test_the_last_answer_stands_and_work_abroad_adds_up() -> None:
    said = wish({"home": [SIEM_REAP, PURSAT], "sector": ["factory"], "job_sector": ["farm", "domestic"]})
    assert (said.home, said.worked) == (PURSAT, frozenset({"factory", "farm"}))
    assert wish({}) == Wish()


def test_only_what_is_ahead_and_open_the_soonest_first() -> None:
    offered = work("construction")
    later, soon, third = (fair(offered, number=number) for number in (5, 2, 9))
    called_off = replace(fair(offered, number=3), state="cancelled")
    begun = fair(offered, number=-1)
    found = fitting([later, called_off, begun, third, soon], MASON, NOON, 2)
    assert [one.activity.id for one in found] == [2, 5]
