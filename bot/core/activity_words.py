"""What an activity says to somebody who asks about it: changes first, then when, where, who and what.

Never names an employer whom no member of staff has checked, and never holds a sentence, only ids.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.core.activity import Activity, Employer, Party, Registration, Sheet, Stop, Vacancy
from bot.core.answers import Day
from bot.core.contact import Language
from bot.core.message import Arg, Line, PlaceName, TimeOfDay, Verbatim
from bot.core.schedule import PHNOM_PENH


def details(
    one: Activity, mine: Registration | None, language: Language, now: datetime
) -> tuple[Line | Verbatim, ...]:
    """Everything that is known of it, in paragraphs."""
    sheet = one.sheet
    if one.state == "cancelled":  # nobody is to bring or plan anything
        title = Verbatim(sheet.title.read_in(language))
        return (*_state(one, now), title, _facts(sheet, language), *_asked_of(sheet))
    return (
        *_state(one, now),
        Verbatim(sheet.title.read_in(language)),
        *((standing(sheet, mine, language),) if mine is not None else ()),
        _facts(sheet, language),
        *((Verbatim(sheet.description.read_in(language)),) if sheet.description else ()),
        *_offered(sheet, language),
        *_conditions(sheet, language),
    )


def _state(one: Activity, now: datetime) -> Iterator[Line]:
    if one.state == "cancelled":
        yield Line("activities.cancelled")
    elif one.state == "done" or one.sheet.ends_at <= now:
        yield Line("activities.over")
    elif one.state == "moved":
        yield Line("activities.moved")


def standing(sheet: Sheet, mine: Registration, language: Language) -> Line:
    """What the person answered, and whether they have a seat."""
    people = _people(mine.party)
    match mine.seat:
        case "offered" if mine.offered_until is not None:
            return Line("activities.mine-offered", {"until": mine.offered_until})
        case "waiting":
            return Line("activities.mine-waiting", {"people": people})
        case _ if mine.coming == "bus" and (stop := stop_of(sheet, mine.party.stop)) is not None:
            return Line("activities.mine-bus", {"people": people, "stop": said_stop(stop, language)})
        case _ if mine.party.stop and mine.coming == "come":  # the stop they chose is served no more
            return Line("activities.mine-no-bus", {"people": people})
        case _ if mine.coming in ("come", "bus"):
            return Line("activities.mine-come", {"people": people})
        case _:
            return Line(f"activities.mine-{mine.coming}")


def _people(party: Party) -> Line:
    if not party.children:
        return Line("activities.adults", {"adults": party.adults})
    return Line("activities.people", {"adults": party.adults, "children": party.children})


def stop_of(sheet: Sheet, key: str) -> Stop | None:
    """The bus stop with this key."""
    return next((one for one in sheet.stops if one.key == key), None)


def said_stop(stop: Stop, language: Language) -> Line:
    """Where a bus leaves, and at what time."""
    return Line("activities.stop", {"name": stop.name.read_in(language), "time": TimeOfDay(stop.leaves_at)})


def when(sheet: Sheet) -> Line:
    """From when until when: the end only as an hour where it is the same day."""
    first, last = sheet.starts_at.astimezone(PHNOM_PENH), sheet.ends_at.astimezone(PHNOM_PENH)
    if first.date() == last.date():
        return Line("activities.when", {"start": sheet.starts_at, "end": TimeOfDay(sheet.ends_at)})
    return Line("activities.when-days", {"start": sheet.starts_at, "end": sheet.ends_at})


def where(sheet: Sheet, language: Language) -> Line:
    """The venue, and the places it lies in."""
    place = PlaceName(f"+{sheet.place}")
    if not sheet.venue:
        return Line("activities.where-place", {"place": place})
    return Line("activities.where", {"venue": sheet.venue.read_in(language), "place": place})


def day_of(sheet: Sheet) -> Day:
    """The day on which it begins, in Phnom Penh."""
    return Day(sheet.starts_at.astimezone(PHNOM_PENH).date())


def _facts(sheet: Sheet, language: Language) -> Line:
    """When and where, a line each."""
    return Line("activities.facts", {"when": when(sheet), "where": where(sheet, language)})


def _offered(sheet: Sheet, language: Language) -> Iterator[Line]:
    if sheet.shown:
        said = tuple(_employer(one, language) for one in sheet.shown)
        yield Line("activities.employers", {"employers": said})


def _employer(one: Employer, language: Language) -> Line:
    name = one.name.read_in(language)
    if not one.vacancies:
        return Line("activities.employer", {"name": name})
    jobs = tuple(_job(work, language) for work in one.vacancies)
    return Line("activities.employer-jobs", {"name": name, "jobs": jobs})


def _job(work: Vacancy, language: Language) -> Line:
    args: dict[str, Arg] = {
        "job": work.job.read_in(language),
        "number": work.number,
        "pay": _pay(work),
    }
    if not work.requires:
        return Line("activities.job", args)
    return Line("activities.job-requires", {**args, "requires": work.requires.read_in(language)})


def _pay(work: Vacancy) -> Line:
    least, most = work.pay_least, work.pay_most
    match least, most:
        case None, None:
            return Line("activities.pay-unsaid")
        case int(), int() if least != most:
            return Line("activities.pay-between", {"least": least, "most": most})
        case None, int():
            return Line("activities.pay-most", {"most": most})
        case int(), None:
            return Line("activities.pay-least", {"least": least})
        case _:
            return Line("activities.pay", {"pay": least or 0})


def _conditions(sheet: Sheet, language: Language) -> Iterator[Line]:
    """For whom, what it costs and pays, how to get there, what to bring, whom to ask."""
    if sheet.for_whom:
        yield Line("activities.for-whom", {"who": sheet.for_whom.read_in(language)})
    if sheet.cost is not None:
        yield Line("activities.cost", {"riel": sheet.cost}) if sheet.cost else Line("activities.free")
    if (rule := sheet.stipend) is not None:
        said: dict[str, Arg] = {
            "rule": rule.rule.read_in(language),
            "source": rule.source,
            "day": Day(rule.read_on),
        }
        yield Line("activities.stipend", said)
    if any(one != "km" for one in sheet.languages):
        spoken = tuple(Line(f"activities.language.{one}") for one in sheet.languages)
        yield Line("activities.languages", {"list": spoken})
    if sheet.bring:
        yield Line("activities.bring", {"what": sheet.bring.read_in(language)})
    if sheet.stops:
        yield Line("activities.stops", {"stops": tuple(said_stop(one, language) for one in sheet.stops)})
    if sheet.childcare:
        yield Line("activities.childcare")
    if sheet.capacity is not None:
        yield Line("activities.seats", {"count": sheet.capacity})
    yield from _asked_of(sheet)


def _asked_of(sheet: Sheet) -> Iterator[Line]:
    if sheet.phone:
        yield Line("activities.phone", {"phone": sheet.phone})
