"""What is held about a person, told back to them: as messages, as a file.

Never shows a sensitive (S2) answer in the chat, and never erases (the agenda does).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.core.answers import load
from bot.core.asking import spoken
from bot.core.book import Book
from bot.core.channel import Document, Part, Rendered
from bot.core.dialog import Node
from bot.core.effects import Line, Title
from bot.runner.render import Voice
from storage import cases, consents, conversation, media, submissions
from storage.people import Person
from storage.seal import Vault
from storage.submissions import AnswerRow

EXPORT_NAME = "my-data.json"
EVERYTHING = 1_000_000  # messages; an export leaves none out


def shown(conn: Connection, person: Person, voice: Voice) -> Rendered:
    """Every answer, a question and an answer a paragraph."""
    rows = submissions.answers_of(conn, person.key, person.contact.id)
    lines = [line for row in rows if (line := _line(row, voice)) is not None]
    if not lines:
        return Rendered(voice.say(Line("bot.data-none")))
    return Rendered("\n\n".join((voice.say(Line("bot.data-head")), *lines)))


def _line(row: AnswerRow, voice: Voice) -> str | None:
    node = _node(voice.book, row.node)
    if node is None:
        return None
    question = voice.argument(Title(Line(node.text)))
    if row.sensitivity == "S2":
        return f"{question}\n→ {voice.say(Line('bot.answered'))}"
    return f"{question}\n→ {voice.argument(spoken(node, load(orjson.loads(row.value))))}"


def _node(book: Book, where: str) -> Node | None:
    dialog, _, name = where.partition(".")
    found = book.dialogs.get(dialog)
    return found.nodes.get(name) if found else None


def exported(conn: Connection, vault: Vault, person: Person, voice: Voice, now: datetime) -> Part:
    """A file with all of it, sensitive answers too: they are the person's own."""
    data = orjson.dumps(export(conn, vault, person), option=orjson.OPT_INDENT_2)
    stored = media.store(conn, person, name=EXPORT_NAME, mime="application/json", data=data, now=now)
    return Part(voice.say(Line("bot.data-file")), document=Document(stored, EXPORT_NAME, "application/json"))


def export(conn: Connection, vault: Vault, person: Person) -> dict[str, Any]:
    """Answers, consents, cases, messages and the list of voice notes and files of one person."""
    contact_id = person.contact.id
    return {
        "language": person.contact.language,
        "answers": list(_answers(conn, person)),
        "consents": [
            {"purpose": row.purpose, "granted": row.granted, "text": row.text, "at": row.at}
            for row in consents.history(conn, contact_id)
        ],
        "cases": [
            {"number": row.number, "centre": row.centre, "state": row.state, "opened_at": row.opened_at}
            for row in cases.of_person(conn, contact_id)
        ],
        "messages": [
            {"at": told.at, "who": told.who, "said": orjson.loads(told.body) if told.body else None}
            for told in conversation.read(conn, vault, None, contact_id, EVERYTHING) or []
        ],
        "files": [
            {"kind": row.kind, "mime": row.mime, "size": row.size, "state": row.state}
            for row in media.of_person(conn, vault, contact_id)
        ],
    }


def _answers(conn: Connection, person: Person) -> Iterator[dict[str, Any]]:
    for row in submissions.answers_of(conn, person.key, person.contact.id):
        yield {
            "submission": row.no,
            "about": row.subject,
            "question": row.node,
            "field": row.field,
            "index": row.index,
            "answer": orjson.loads(row.value),
            "at": row.at,
        }
