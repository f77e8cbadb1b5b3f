"""What commands about people share: who is meant, how answers and messages read, and refusals in words.

Never a command.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.show import CAPABILITIES as TERMINAL
from bot.channels.terminal.show import write
from bot.channels.webchat.capabilities import WEBCHAT
from bot.cli.refused import Refused
from bot.cli.store import Store
from bot.core.channel import Capabilities
from bot.core.contact import Address
from bot.core.events import Command, Media, Start, Tap, Text
from bot.runner.desk import Desk
from bot.runner.forms import load_body, load_part
from bot.runner.library import Library
from storage import cases, conversation, people, submissions
from storage.case_rows import CaseRow, Refusal
from storage.conversation import Message
from storage.people import Person
from storage.staff import Scope

CAPABILITIES: dict[str, Capabilities] = {one.channel: one for one in (TELEGRAM, WEBCHAT, TERMINAL)}
REFUSALS = {
    Refusal.UNKNOWN: ("there is no such case within reach", "spean case list shows those you may see"),
    Refusal.FORBIDDEN: (
        "you may look at it but not change it",
        "ask an administrator for the caseworker's role",
    ),
    Refusal.TAKEN: ("somebody else has it", "ask them to release it"),
    Refusal.CLOSED: ("it is closed", "open cases are in spean case list"),
}


def desk(store: Store) -> Desk:
    """Where staff answer from."""
    return Desk(store.vault, Library(), CAPABILITIES)


def case_of(conn: Connection, scope: Scope, ref: str) -> CaseRow:
    """The case of a number or id. Raises Refused."""
    found = cases.find(conn, scope, ref)
    if found is None:
        raise Refused(f"case {ref}", *REFUSALS[Refusal.UNKNOWN])
    return found


def settled(ref: str, outcome: CaseRow | Refusal) -> CaseRow:
    """The case as it is now. Raises Refused."""
    if isinstance(outcome, Refusal):
        raise Refused(f"case {ref}", *REFUSALS[outcome])
    return outcome


def person_of(conn: Connection, store: Store, scope: Scope, ref: str) -> Person:
    """Whoever `ACCOUNT/ID` (`telegram:7001/42`), a contact's number or a case's means. Raises Refused."""
    account, slash, external = ref.partition("/")
    contact_id: int | None
    if slash:
        contact_id = people.contact_at(conn, store.vault, Address(account, external))
    elif ref.isdecimal():
        contact_id = int(ref)
    else:
        case = cases.find(conn, scope, ref)
        contact_id = case.contact_id if case else None
    person = None if contact_id is None else people.by_id(conn, store.vault, contact_id, lock=False)
    if person is None or conversation.read(conn, store.vault, scope, person.contact.id, 1) is None:
        cure = "write ACCOUNT/ID, a contact's number (spean contact list) or a case's number"
        raise Refused(ref, "there is no such person within reach", cure)
    return person


def answers(conn: Connection, person: Person) -> Iterator[dict[str, Any]]:
    """Every answer of a person, in order."""
    for row in submissions.answers_of(conn, person.key, person.contact.id):
        yield {
            "submission": row.no,
            "dialog": row.dialog,
            "subject": row.subject,
            "field": row.field,
            "index": row.index,
            "answer": orjson.loads(row.value),
            "sensitivity": row.sensitivity,
            "at": row.at.isoformat(),
        }


def brief(answer: list[Any]) -> str:
    """An answer's JSON form on one line: its words, or what stands for them (`skipped`, `heard`)."""
    kind, *told = answer
    return kind if kind in {"skipped", "heard"} else " ".join(map(str, told))


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a conversation, readable."""

    at: str
    who: str
    text: str
    state: str


def spoken(message: Message, zone: ZoneInfo) -> Spoken:
    """A message as staff read it, in local time."""
    return Spoken(local(message.at, zone), message.who, _text(message), message.state)


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """A time on the office's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def _text(message: Message) -> str:
    if not message.body:
        return "(not kept)"
    if message.who != "person":
        return write(load_part(message.body))
    match load_body(message.body):
        case Text(text):
            return text
        case Tap(payload):
            return f"(pressed {payload.partition(':')[2]})"
        case Command(name, argument):
            return f"/{name} {argument}".strip()
        case Start(payload):
            return f"/start {payload}".strip()
        case Media(kind, caption=caption):
            return f"({kind}) {caption}".strip()
        case body:
            return f"({type(body).__name__.lower()})"
