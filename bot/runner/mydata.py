"""What is held about a person, told back to them: as messages, as a file; and the receipt of erasing it.

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
from storage import consents, media, submissions
from storage.people import Person
from storage.submissions import AnswerRow

EXPORT_NAME = "my-data.json"


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
    return f"{question}\n→ {voice.argument(spoken(node, load(orjson.loads(row.value))))}"


def _node(book: Book, where: str) -> Node | None:
    dialog, _, name = where.partition(".")
    found = book.dialogs.get(dialog)
    return found.nodes.get(name) if found else None


def exported(conn: Connection, person: Person, voice: Voice, now: datetime) -> Part:
    """A file with all of it: answers (sensitive ones too: they are the person's own) and consents."""
    data = orjson.dumps(
        {"answers": list(_answers(conn, person)), "consents": list(_consents(conn, person))},
        option=orjson.OPT_INDENT_2,
    )
    stored = media.store(conn, person, name=EXPORT_NAME, mime="application/json", data=data, now=now)
    return Part(voice.say(Line("bot.data-file")), document=Document(stored, EXPORT_NAME, "application/json"))


def _answers(conn: Connection, person: Person) -> Iterator[dict[str, Any]]:
    for row in submissions.answers_of(conn, person.key, person.contact.id):
        yield {
            "submission": row.no,
            "subject": row.subject,
            "field": row.field,
            "index": row.index,
            "answer": orjson.loads(row.value),
            "at": row.at,
        }


def _consents(conn: Connection, person: Person) -> Iterator[dict[str, Any]]:
    for row in consents.history(conn, person.contact.id):
        yield {"purpose": row.purpose, "granted": row.granted, "text": row.text, "at": row.at}
