"""Activities as entries of a calendar (iCalendar, RFC 5545), for phones and for the calendars of an office.

Never says who comes, and leaves out what people are not shown: employers that nobody has checked.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vGeo

from bot.core.activity import Activity
from bot.core.contact import Language
from bot.core.places import Gazetteer

PRODUCT = "-//Spean//activities//"
DOMAIN = "activity.spean"  # of the entries' ids, which stay the same when an activity changes
STATUS: Mapping[str, str] = {"draft": "TENTATIVE", "cancelled": "CANCELLED"}
AHEAD = timedelta(hours=3)  # when the phone itself reminds


def calendar(
    activities: Iterable[Activity],
    places: Gazetteer,
    language: Language,
    now: datetime,
    *,
    alarm: bool = False,
) -> bytes:
    """The file of these activities. `alarm`: the phone reminds its owner too."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    for one in activities:
        found.add_component(_entry(one, places, language, now, alarm=alarm))
    written: bytes = found.to_ical()
    return written


def _entry(activity: Activity, places: Gazetteer, language: Language, now: datetime, *, alarm: bool) -> Event:
    sheet, entry = activity.sheet, Event()
    entry.add("uid", f"{activity.id}@{DOMAIN}")
    entry.add("sequence", activity.revision - 1)
    entry.add("dtstamp", now)
    entry.add("dtstart", sheet.starts_at)
    entry.add("dtend", sheet.ends_at)
    entry.add("summary", sheet.title.read_in(language))
    entry.add("status", STATUS.get(activity.state, "CONFIRMED"))
    where = [sheet.venue.read_in(language), *_around(places, sheet.place, language)]
    entry.add("location", ", ".join(one for one in where if one))
    told = [one.read_in(language) for one in (sheet.description, sheet.bring) if one]
    told += [one.name.read_in(language) for one in sheet.shown]
    if told:
        entry.add("description", "\n".join(told))
    if sheet.point:
        entry.add("geo", vGeo(sheet.point))
    if alarm and activity.state != "cancelled":
        entry.add_component(_alarm(sheet.title.read_in(language)))
    return entry


def _around(places: Gazetteer, code: str, language: Language) -> list[str]:
    """The commune and what is around it, the smallest first."""
    return [places.name(code[:end], language) for end in (6, 4, 2) if end <= len(code)]


def _alarm(said: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said)
    alarm.add("trigger", -AHEAD)
    return alarm
