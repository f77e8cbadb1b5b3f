"""What is held of what somebody wants to hear of and answered to activities, told back to them.

Never says from whom somebody wanted money, and never an answer where others see the phone.
"""

from typing import Any

from sqlalchemy import Connection

from bot.core.activity import Follow
from bot.core.hours import ANY
from bot.core.message import Arg, Line, PlaceName
from bot.runner.render import Voice
from storage import activities, outcomes, registrations, subscriptions
from storage.people import Person


def shown(conn: Connection, person: Person, voice: Voice, *, veiled: bool) -> list[str]:
    """Paragraphs; `veiled`: only that there is something."""
    number = person.contact.id
    found = [
        *_follows(subscriptions.of_person(conn, number), subscriptions.hours_of(conn, number), voice),
        *_answers(conn, person, voice),
        *_after(conn, number, voice),
    ]
    return [voice.say(Line("subscribe.data-veiled"))] if veiled and found else found


def _follows(follows: list[Follow], hours: str, voice: Voice) -> list[str]:
    lines = [_follow(one) for one in follows]
    if hours != ANY:
        lines.append(Line("subscribe.data-hours", {"hours": Line(f"subscribe.hours.{hours}")}))
    return _paragraph("subscribe.data-head", lines, voice)


def _follow(one: Follow) -> Line:
    what = Line(f"subscribe.what.{one.purpose}")
    where = PlaceName(f"+{one.place}") if one.place else Line("subscribe.near.anywhere")
    if not one.sector:
        return Line("subscribe.data-line", {"what": what, "where": where})
    sector = Line(f"match.sector.{one.sector}")
    return Line("subscribe.data-sector", {"what": what, "where": where, "sector": sector})


def _answers(conn: Connection, person: Person, voice: Voice) -> list[str]:
    lines = []
    for one in registrations.of_person(conn, None, person.contact.id):
        known = activities.get(conn, one.registration.activity)
        if known is None:
            continue
        answer = Line(f"subscribe.data-answer-{one.registration.coming}")
        title = known.sheet.title.read_in(voice.language)
        about: dict[str, Arg] = {"title": title, "when": known.sheet.starts_at, "answer": answer}
        lines.append(Line("subscribe.data-registered", about))
    return _paragraph("subscribe.data-come", lines, voice)


def _after(conn: Connection, contact_id: int, voice: Voice) -> list[str]:
    lines = []
    for one in outcomes.of_person(conn, contact_id):
        known = activities.get(conn, one.activity_id)
        if known is None or one.work is None:
            continue
        title = known.sheet.title.read_in(voice.language)
        lines.append(Line("after.data-line", {"title": title, "answer": Line(f"after.work-{one.work}")}))
    return _paragraph("after.data-head", lines, voice)


def _paragraph(head: str, lines: list[Line], voice: Voice) -> list[str]:
    return ["\n".join(voice.say(one) for one in (Line(head), *lines))] if lines else []


def export(conn: Connection, person: Person) -> dict[str, Any]:
    """The same for a file."""
    number = person.contact.id
    return {
        "wants_to_hear_of": [
            {"purpose": one.purpose, "place": one.place, "sector": one.sector}
            for one in subscriptions.of_person(conn, number)
        ],
        "hours": subscriptions.hours_of(conn, number),
        "activities": [_registered(conn, one) for one in registrations.of_person(conn, person.key, number)],
        "outcomes": [
            {
                "activity": one.activity_id,
                "day": one.day,
                "asked_at": one.asked_at,
                "answered_at": one.answered_at,
                "work": one.work,
            }
            for one in outcomes.of_person(conn, number)
        ],
    }


def _registered(conn: Connection, one: registrations.Listed) -> dict[str, Any]:
    said, known = one.registration, activities.get(conn, one.registration.activity)
    return {
        "activity": said.activity,
        "title": "" if known is None else known.sheet.title.read_in("km"),
        "starts_at": None if known is None else known.sheet.starts_at,
        "answer": said.coming,
        "adults": said.party.adults,
        "children": said.party.children,
        "stop": said.party.stop,
        "childcare": said.party.childcare,
        "mobility": said.party.mobility,
        "seat": said.seat,
        "ticket": said.ticket,
        "came_at": one.came_at,
        "came": one.came,
    }
