"""One event inside its transaction: whose it is, what the engine decides, what is written.

Never commits. Where the address is handed over, the other person's step follows in the same transaction.
"""

from dataclasses import replace
from datetime import datetime

import orjson
from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core import engine
from bot.core import session as sessions
from bot.core.elsewhere import came_to
from bot.core.events import Body, Event, Start, automatic
from bot.core.session import Session
from bot.runner import broadcast_taps, duty, handing, links, remindable, window
from bot.runner.commit import write
from bot.runner.kit import Kit, Leases
from bot.runner.phone.looking import Looked
from bot.runner.reach import reached, speaks
from bot.runner.step import Step, Written
from storage import inbox, people, reachable, sharing
from storage.board import board
from storage.faults import DamagedCell
from storage.people import Person

NOTHING = Written()  # of an event that had been seen before
STEPS_AT_MOST = 3  # who is asked, who takes over, and what they had said


def take_step(  # noqa: PLR0913, PLR0917 - one event and all that it meets
    conn: Connection,
    kit: Kit,
    leases: Leases,
    event: Event,
    now: datetime,
    media: bytes | None,
    whose: int | None = None,
    looked: Looked = None,
) -> Written:
    """The whole step, and those that a hand-over leads to. An event seen before changes nothing.

    `whose`: the contact of a signal of our own, who may be absent from their address. `looked`: what was
    counted for it beforehand.
    """
    duty.hold_first(conn, event.body)
    event, below = broadcast_taps.plain(event)
    person, name = person_of(conn, kit, event, now, whose), event.id
    if person is not None:
        broadcast_taps.note(conn, event, below, person.contact.id, now)
    live, held, written, passed = kit.library.live(conn), None, NOTHING, None
    for nth in range(1, STEPS_AT_MOST + 1):
        if person is None or person.erasing:
            break
        step = Step(conn, kit, live, person, event, now, uploaded=media, looked=looked)
        more, passed = _taken(step, held, passed, leases)
        written = Written(
            written.rows + more.rows, written.gestures + more.gestures, written.queued or more.queued
        )
        if step.handed is None:
            break
        person, body, held, file = handing.go_on(step)
        event, media = replace(event, id=f"{name}/{nth}", body=body), file or media
    return written


def _taken(step: Step, held: Body | None, passed: Session | None, leases: Leases) -> tuple[Written, Session]:
    """One person's step. `held`: what was said before we knew that it was them.

    `passed`: the session of who handed the address over, whose flood window goes with it.
    """
    person, now = step.person, step.now
    if person.damaged:
        raise DamagedCell(f"session of contact {person.contact.id}")
    window.acted(step)
    before = sessions.load(orjson.loads(person.session)) if person.session else Session()
    if not automatic(step.event):
        before = _here(step, before)
    if held is not None:
        before = replace(before, held=held, held_at=now)
    if passed is not None:
        before = replace(before, burst_start=passed.burst_start, burst_count=passed.burst_count)
    turn = _decided(step, before)
    if not automatic(step.event):
        _reached_us(step)
    if handing.is_back(step, turn.session):
        handing.shown_again(step)
    step.private = bool(turn.private)
    alarm = any(isinstance(one, fx.CaseOpened) and one.restricted for one in turn.effects)
    step.restricted = step.private or person.contact.private_chat or alarm
    return write(step, turn, before, leases), turn.session


def _reached_us(step: Step) -> None:
    """Whoever writes lets us write there."""
    who = step.contact
    if who.linked or not who.reachable:
        reachable.back(step.conn, step.person.address_id)
    if not who.reachable:
        people.set_flag(step.conn, who.id, "reachable", on=True, now=step.now)


def _here(step: Step, session: Session) -> Session:
    """How the person stands at the address where they write now."""
    person = step.person
    if session.address not in {0, person.address_id}:
        step.moved = True
        sharing.used(step.conn, person, step.now)
    return came_to(step.live.book, session, person.address_id)


def _decided(step: Step, session: Session) -> fx.Turn:
    """What the engine says; again with the companions, where it asks who is writing or hears the answer."""
    shelf = step.kit.library.shelf(step.conn, step.live, sessions.releases(session), sample=step.kit.sample)
    posted = board(step.conn, step.contact.id, step.now, step.person.key)
    if posted.activities and not remindable.possible(step):
        posted = replace(posted, reminds=False)
    shelf = replace(shelf, board=posted)
    step.person = replace(step.person, contact=duty.with_doing(step, links.with_links(step, session)))
    turn = engine.advance(shelf, step.contact, session, step.event, step.now)
    duty.mind(step, turn)
    if not step.contact.shared or not handing.asks(shelf.live, session, turn.session):
        return turn
    return engine.advance(shelf, handing.with_companions(step), session, step.event, step.now)


def person_of(
    conn: Connection, kit: Kit, event: Event, now: datetime, whose: int | None = None
) -> Person | None:
    """Whoever it is of, greeted the first time; None for an event seen before (also of one erased since)."""
    if whose is not None:
        seen = inbox.seen(conn, kit.vault, event.address.account, event.id)
        found = None if seen else people.by_id(conn, kit.vault, whose)
        return None if found is None else reached(conn, found, speaks(kit), "automatic", now)
    found = people.find(conn, kit.vault, event.address, event.id, kit.worker)
    if found is not None:
        return None if found.seen else found
    if inbox.seen(conn, kit.vault, event.address.account, event.id):
        return None
    hint = event.body.language_hint if isinstance(event.body, Start) else None
    return people.greet(conn, kit.vault, event.address, hint or kit.default_language, now)
