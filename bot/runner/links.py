"""One person in two apps, in rows: links made, opened and used, and addresses taken apart again.

Never decides whether a link joins (`core.linking` does), and never writes a token down.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

import orjson
from sqlalchemy import Connection

from bot.core import session as sessions
from bot.core.contact import Contact, Link
from bot.core.events import Command, Event, Media, Start, Text
from bot.core.message import Line, OutMessage
from bot.core.session import Session
from bot.runner import moving, notice
from bot.runner.step import Step, say
from storage import audit, link, people, settings, sharing
from storage.faults import DamagedCell
from storage.seal import Vault

PREFIX = "l_"  # of a deep link's payload: ours is then 45 of the 64 characters that both platforms allow
TOKEN_BYTES = 32
LEADS: Mapping[str, str] = {  # where a channel's deep link begins (facts: channels 2.2 and 3.4)
    "telegram": "https://t.me/{name}?start={payload}",
    "messenger": "https://m.me/{name}?ref={payload}",
}
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def blinded(vault: Vault, event: Event) -> Event:
    """The event without any token: from here on only the blind value is known of it."""
    match event.body:
        case Start(payload=payload) as start if payload.startswith(PREFIX):
            mark = link.blind_of(vault, payload.removeprefix(PREFIX)).hex()
            return replace(event, body=replace(start, payload="", link=mark))
        case Text(text) as said if _TOKEN.search(text):  # somebody pasted it into a chat
            return replace(event, body=replace(said, text=_hidden(text)))
        case Media(caption=words) as shown if _TOKEN.search(words):
            return replace(event, body=replace(shown, caption=_hidden(words)))
        case Command(argument=words) as asked if _TOKEN.search(words):
            return replace(event, body=replace(asked, argument=_hidden(words)))
        case _:
            return event


def _hidden(text: str) -> str:
    return _TOKEN.sub(f"{PREFIX}…", text)


def known_as(conn: Connection, account: str, name: str) -> None:
    """Remember what a platform calls an account, for the links that lead there."""
    settings.put(conn, f"name:{account}", name)


def addresses(conn: Connection, accounts: Iterable[str], token: str) -> dict[str, str]:
    """Where a token opens a chat, by channel name, of those accounts of which we know the name."""
    return leading(conn, accounts, f"{PREFIX}{token}")


def leading(conn: Connection, accounts: Iterable[str], payload: str) -> dict[str, str]:
    """The same for any payload of a deep link."""
    found = {}
    for account in accounts:
        channel, _, number = account.partition(":")
        name = number if channel == "messenger" else settings.get(conn, f"name:{account}")
        if channel in LEADS and name:
            found[channel] = LEADS[channel].format(name=name, payload=payload)
    return found


def new_token() -> str:
    """256 bits, as a deep link may carry them."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def with_links(step: Step, session: Session) -> Contact:
    """The person as the engine must know them: other apps there are, and the link that is being opened."""
    contact, here = step.contact, step.person.account
    apps = any(one != here and one.partition(":")[0] in LEADS for one in step.kit.channels)
    found = _opened(step, session)
    if found is not None:
        step.opened = found
        return replace(contact, apps=apps, link=_link(step, found))
    return replace(contact, apps=apps)


def _opened(step: Step, session: Session) -> link.Opened | None:
    body = step.event.body
    if isinstance(body, Start) and body.link:
        return link.opened(step.conn, bytes.fromhex(body.link), step.person, step.now)
    name = step.live.book.link
    waits = name and any(frame.dialog == name for frame in session.frames)
    return link.asked(step.conn, step.person, step.now) if waits else None


def _link(step: Step, found: link.Opened) -> Link | None:
    """Whose it is, and their pictures; a link of their own without pictures leads nowhere any more."""
    try:
        owner = people.by_id(step.conn, step.kit.vault, found.contact, lock=False)
    except DamagedCell:
        return None
    if owner is None or owner.damaged:
        return None
    stands = sessions.load(orjson.loads(owner.session)) if owner.session else Session()
    known = stands.code or found.by_staff or found.contact == step.contact.id
    return Link(found.contact, found.by_staff, stands.code, found.misses) if known else None


def _made(step: Step) -> None:
    """Say where the person can go on; what is said is for nobody else, and soon emptied."""
    token = new_token()
    others = [one for one in step.kit.channels if one != step.person.account]
    leads = addresses(step.conn, others, token)
    if not leads or not link.make(step.conn, step.kit.vault, step.contact.id, token, step.now):
        step.parts.extend(say(step, OutMessage("", (Line("bot.link-none"),))))
        return
    step.restricted = True
    lines = (Line(f"bot.link-{channel}", {"address": lead}) for channel, lead in leads.items())
    step.parts.extend(say(step, OutMessage("", (Line("bot.link-made"), *lines))))


def _missed(step: Step) -> None:
    """Other pictures were given."""
    if step.opened is not None:
        link.missed(step.conn, step.opened.blind)


def _joined(step: Step) -> None:
    """Join: the address may be handed to the owner, who hears of it where they were before.

    Of somebody new there who left nothing, nothing is left.
    """
    found, vault = step.opened, step.kit.vault
    owner = None if found is None else people.by_id(step.conn, vault, found.contact)
    if found is None or owner is None:
        return
    link.use(step.conn, found, owner, step.person, step.now)
    what = f"contact {owner.contact.id} address {step.person.address_id}"
    audit.record(step.conn, found.staff, "contact.linked", what, step.now)
    notice.say(step.conn, notice.desk_of(step.kit), owner.contact.id, (Line("bot.link-there"),), step.now)
    if sharing.blank(step.conn, step.contact.id):
        people.set_erasing(step.conn, step.contact.id, step.now)


def _ended(step: Step, *, here: bool) -> None:
    """Take addresses apart; the one where the person writes goes when their step is written."""
    step.parts.extend(say(step, OutMessage("", (Line("bot.link-ended"),))))
    if here:
        step.splits = True
        _note(step, step.person.address_id)
        return
    for one in link.places(step.conn, step.contact.id):
        if one.address != step.person.address_id:
            there = link.at(step.conn, step.person, one.address)
            desk, language = notice.desk_of(step.kit), step.contact.language
            moving.split(step.conn, desk, there, None, language, step.now, partial(_numbers, step))
            _note(step, one.address)


def _note(step: Step, address_id: int) -> None:
    what = f"contact {step.contact.id} address {address_id}"
    audit.record(step.conn, None, "contact.unlinked", what, step.now)


def handed(step: Step, to: int | None) -> None:
    """The address is somebody else's from here on, for a while or for good."""
    conn, person, language = step.conn, step.person, step.contact.language
    if step.splits:
        moving.split(conn, notice.desk_of(step.kit), person, to, language, step.now)
    else:
        sharing.hand_over(conn, step.kit.vault, person, to, language, step.now)


def _numbers(step: Step, count: int) -> int:
    """The first of `count` numbers for parts that leave before the step's own."""
    first = step.person.seq + 1
    step.person = replace(step.person, seq=step.person.seq + count)
    return first


def apply(step: Step, what: Literal["make", "miss", "join", "end here", "end others"]) -> None:
    """Do what the engine decided of links."""
    match what:
        case "make":
            _made(step)
        case "miss":
            _missed(step)
        case "join":
            _joined(step)
        case "end here" | "end others":
            _ended(step, here=what == "end here")
