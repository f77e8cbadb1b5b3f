"""The gate of a shared phone in rows: what waits is kept back, and the address becomes somebody else's.

Never decides who it is (`core.gate` does).
"""

from dataclasses import replace

from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import Body, Joined, Media, Reacted, Returned, automatic
from bot.core.session import Session
from bot.runner import links, moving
from bot.runner.notice import desk_of
from bot.runner.step import Step
from storage import held, people, sharing
from storage.people import Person


def asks(live: Book, *sessions: Session) -> bool:
    """Whether one of them waits to hear who is writing."""
    return any(one.frames and one.frames[-1].dialog == live.who for one in sessions)


def with_companions(step: Step) -> Contact:
    """The person, with whoever else writes from there."""
    return replace(step.contact, others=sharing.companions(step.conn, step.kit.vault, step.person))


def mind(step: Step, before: Session, after: Session) -> None:
    """Keep back what waits while the gate is shut, show nothing of before; send it once the gate opens.

    What staff says from now on waits too, but for while danger stands open above the gate.
    """
    book = step.live.book
    if after.locked and not before.locked:
        sharing.hold(step.conn, step.person)
        sharing.show_after(step.conn, step.contact.id, step.person.seq, step.now)
    elif (before.locked or step.moved) and not after.locked:
        _let_go(step)
    shut = _shut(book, after)
    if shut != _shut(book, before):
        sharing.shut(step.conn, step.person, on=shut)


def _shut(live: Book, session: Session) -> bool:
    danger = {one.dialog for one in live.routes if one.rank == "danger"}
    names = [frame.dialog for frame in session.frames]
    above = names[names.index(live.who) :] if live.who in names else []
    return session.locked and danger.isdisjoint(above)


def is_back(step: Step, after: Session) -> bool:
    """Whether who hid the chat writes again: to staff, or known to be them."""
    contact, wrote = step.contact, not automatic(step.event) and not isinstance(step.event.body, Reacted)
    return contact.hidden and wrote and (contact.handled_by_staff or not after.locked)


def shown_again(step: Step) -> None:
    """They write again: the chat is hidden no more, and what was kept back meanwhile goes out."""
    people.set_flag(step.conn, step.contact.id, "hidden", on=False, now=step.now)
    sharing.shut(step.conn, step.person, on=False)
    step.person = replace(step.person, contact=replace(step.contact, hidden=False))
    _let_go(step)


def _let_go(step: Step) -> None:
    waits, desk = sharing.held(step.conn, step.person), desk_of(step.kit)
    count = moving.go(step.conn, desk, step.person, waits, step.person.seq + 1, step.now)
    step.person = replace(step.person, seq=step.person.seq + count, unsent=step.person.unsent or count > 0)


def go_on(step: Step) -> tuple[Person | None, Body, Body | None, bytes | None]:
    """Whoever takes over: the person, their event, what waits in it until they are known, and its file."""
    handed, was = step.handed, step.person
    assert handed is not None  # noqa: S101 - the caller asked
    conn, vault, body = step.conn, step.kit.vault, handed.body
    file = held.take_back(conn, was, body.ref) if isinstance(body, Media) else None
    if handed.contact != was.contact.id:
        links.handed(step, handed.contact)
    person = people.find(conn, vault, step.event.address, "", step.kit.worker)
    if handed.contact in {None, was.contact.id} or isinstance(body, Returned | Joined):
        return person, body, None, file
    return person, Returned(), body, file
