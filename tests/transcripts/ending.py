"""How a transcript ends: what is stored of the person; and the member of staff who works on their case.

Never changes anything but through the desk that staff use.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson
from sqlalchemy import Connection, func, select

from bot.core import session as sessions
from bot.core.contact import Address
from bot.runner import desk
from storage import activities, case_rows, consents, people, registrations, staff, submissions
from storage.case_rows import CaseRow, Refusal
from storage.people import Person
from storage.schema import casefile, contact, inbox, media
from storage.schema import staff as takers
from storage.seal import Vault
from storage.staff import Grant
from storage.submissions import AnswerRow

STAFF = "Sokha"
CALENDAR = ("DTSTART", "DTEND")  # lines of a calendar's entry that tell enough


def lines(conn: Connection, vault: Vault, address: Address) -> list[str]:
    """The last block of the file."""
    parked = conn.scalar(select(func.count()).where(inbox.c.state == "parked"))
    assert not parked, f"{parked} steps failed"
    known = people.contact_at(conn, vault, address)
    person = None if known is None else people.by_id(conn, vault, known, lock=False)
    if person is None:
        return ["= nothing is known of this person", *_cases(conn, None)]
    answered = (*_told(conn, person), *_coming(conn, person))
    return [*answered, *_cases(conn, person.contact.id), *_standing(conn, person)]


def _told(conn: Connection, person: Person) -> Iterator[str]:
    about = (0, "")
    for row in submissions.answers_of(conn, person.key, person.contact.id):
        if (row.no, row.subject) != about:
            about = (row.no, row.subject)
            yield f"= answers, submission {row.no} ({row.dialog}, about {row.subject}):"
        yield f"=   {_place(row)} = {_value(row)}"
    if about == (0, ""):
        yield "= no answers"


def _coming(conn: Connection, person: Person) -> Iterator[str]:
    """What they answered to activities; how we can remind them is each channel's own."""
    for one in registrations.of_person(conn, person.key, person.contact.id):
        said, held = one.registration, activities.get(conn, one.registration.activity)
        party = said.party
        words = [said.coming, f"seat {said.seat}", f"{party.adults}+{party.children}"]
        words += [f"stop {party.stop}"] if party.stop else []
        words += [need for need in ("childcare", "mobility") if getattr(party, need)]
        yield f"= activity {held.sheet.title.en if held else '?'}: {', '.join(words)}"


def _place(row: AnswerRow) -> str:
    return f"{row.field}[{row.index}]" if row.index else row.field


def _value(row: AnswerRow) -> str:
    kind, *values = orjson.loads(row.value)
    if row.how != "given":
        return f"({row.how})"
    return " ".join(map(str, values)) if kind != "flag" else ("yes" if values[0] else "no")


def _cases(conn: Connection, contact_id: int | None) -> Iterator[str]:
    with_taker = select(casefile, takers.c.name).outerjoin(takers, takers.c.id == casefile.c.taken_by)
    for case in conn.execute(with_taker.order_by(casefile.c.id)):
        if case.contact_id not in {contact_id, None}:
            continue
        words = [case.kind, case.state, case.centre or "no centre"]
        words += [f"with {case.name}"] if case.name else []
        words += ["restricted"] if case.restricted else []
        words += ["linked to no submission"] if case.submission_id is None and case.contact_id else []
        yield f"= case {case.number or '(no number)'}: {', '.join(words)}"


def _standing(conn: Connection, person: Person) -> Iterator[str]:
    yield f"= consents: {', '.join(sorted(consents.of(conn, person.contact.id))) or 'none'}"
    frames = sessions.load(orjson.loads(person.session)).frames if person.session else ()
    if frames:
        yield f"= waits at {frames[-1].dialog}.{frames[-1].node}"
    marks = {
        "English": person.contact.language == "en",
        "stopped": person.contact.stopped,
        "a person has the chat": person.contact.handled_by_staff,
        "cannot be reached": not conn.scalar(
            select(contact.c.reachable).where(contact.c.id == person.contact.id)
        ),
    }
    yield from (f"= {mark}" for mark, holds in marks.items() if holds)
    kept = conn.execute(
        select(media.c.kind, media.c.state, func.count())
        .where(media.c.contact_id == person.contact.id)
        .group_by(media.c.kind, media.c.state)
        .order_by(media.c.kind)
    )
    yield from (f"= {kind} {state}: {count}" for kind, state, count in kept)
    mute = select(func.count()).where(inbox.c.contact_id == person.contact.id, inbox.c.body.is_(None))
    if count := conn.scalar(mute):
        yield f"= messages whose words were not kept: {count}"


def handed(body: bytes) -> str:
    """What is in the file that a person was given: their data, a picture, or a calendar's entry."""
    if body.startswith(b"\x89PNG"):
        return "(a picture)"
    if not body.startswith(b"{"):
        return f"({', '.join(one for one in body.decode().splitlines() if one.startswith(CALENDAR))})"
    held = orjson.loads(body)
    fields = ", ".join(f"{one['field']} {_plain(one['answer'][1:])}" for one in held["answers"])
    given = ", ".join(f"{one['purpose']} {'yes' if one['granted'] else 'no'}" for one in held["consents"])
    return f"({fields}) ({given})"


def _plain(values: Iterable[object]) -> str:
    return " ".join(map(str, values)) or "—"


def work(conn: Connection, tools: desk.Desk, address: Address, words: str, now: datetime) -> None:
    """Sokha, who sees every centre and danger cases, works on this person's latest case."""
    staff.add(conn, STAFF, [Grant("caseworker"), Grant("safeguarding")], now)
    scope = staff.scope(conn, STAFF)
    contact_id = people.contact_at(conn, tools.vault, address)
    latest = select(func.max(casefile.c.id)).where(
        casefile.c.contact_id == contact_id, casefile.c.state.in_(("open", "taken"))
    )
    case_id = conn.scalar(latest)
    assert scope is not None
    assert contact_id is not None
    assert case_id is not None
    settled: CaseRow | Refusal | None
    match words:
        case "(takes the case)":
            settled = desk.take(conn, tools, scope, case_id, now)
        case "(gives the case back)":
            settled = desk.release(conn, tools, scope, case_id, now)
        case "(closes the case)":
            settled = desk.close(conn, tools, scope, case_id, "answered", now)
        case _:
            settled = case_rows.find(conn, scope, str(case_id))
            told = desk.reply(conn, tools, scope, contact_id, words, now, case=settled)
            assert told in {desk.Told.QUEUED, desk.Told.HELD}, told
    assert isinstance(settled, CaseRow), settled
