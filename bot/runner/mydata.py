"""What is held about a person, told back to them: as messages, as a file.

Never shows a sensitive (S2) answer, nor any answer where others see the phone; and never erases.
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
from bot.core.events import Media
from bot.core.message import Line, Title
from bot.runner import wanted
from bot.runner.forms import load_body
from bot.runner.render import Voice
from storage import answers as known
from storage import case_rows, cases, consents, conversation, listening, media, submissions
from storage.conversation import Message
from storage.media import MediaRow
from storage.people import Person
from storage.seal import Vault
from storage.staff import Scope
from storage.submissions import AnswerRow

EXPORT_NAME = "my-data.json"
EVERYTHING = 1_000_000  # messages; an export leaves none out
PURPOSES = ("help", "messages", "call", "successor")
ANSWERED = ["answered"]  # in place of a sensitive answer


def shown(conn: Connection, person: Person, voice: Voice, *, veiled: bool) -> Rendered:
    """Every answer, a question and an answer a paragraph; then what they agreed to.

    `veiled`: the questions alone, and of the sensitive ones only how many.
    """
    rows = [
        row
        for row in submissions.answers_of(conn, person.key, person.contact.id)
        if not _private(voice.book, row.node)
    ]
    told = _topics(rows, voice) if veiled else [line for row in rows if (line := _line(row, voice))]
    given = [*wanted.shown(conn, person, voice, veiled=veiled), *_consents(person, voice)]
    if not told and not given:
        return Rendered(voice.say(Line("bot.data-none")))
    head = [voice.say(Line("bot.data-topics" if veiled else "bot.data-head"))] if told else []
    return Rendered("\n\n".join((*head, *told, *given)))


def _line(row: AnswerRow, voice: Voice) -> str | None:
    node = _node(voice.book, row.node)
    if node is None:
        return None
    question = voice.argument(Title(Line(node.text)))
    if row.sensitivity == "S2":
        return f"{question}\n→ {voice.say(Line('bot.answered'))}"
    return f"{question}\n→ {voice.argument(spoken(node, load(orjson.loads(row.value))))}"


def _topics(rows: list[AnswerRow], voice: Voice) -> list[str]:
    """A line per question, however often it was answered."""
    plain = dict.fromkeys(row.node for row in rows if row.sensitivity != "S2")
    nodes = [node for name in plain if (node := _node(voice.book, name))]
    lines = [voice.say(Line("bot.data-topic", {"question": Title(Line(node.text))})) for node in nodes]
    if rest := len({row.node for row in rows if row.sensitivity == "S2"}):
        lines.append(voice.say(Line("bot.data-more", {"count": rest})))
    return ["\n".join(lines)] if lines else []


def _consents(person: Person, voice: Voice) -> list[str]:
    """What they were asked to agree to and said, as it stands now."""
    said = dict.fromkeys(person.contact.consents, "bot.yes")
    said |= dict.fromkeys(person.contact.declined, "bot.no")
    lines = [
        voice.say(
            Line("bot.data-consent", {"purpose": Line(f"bot.purpose.{one}"), "answer": Line(said[one])})
        )
        for one in PURPOSES
        if one in said
    ]
    return ["\n".join((voice.say(Line("bot.data-consents")), *lines))] if lines else []


def _private(book: Book, where: str) -> bool:
    """Whether it was asked where nothing may tell that somebody was (a complaint)."""
    dialog = book.dialogs.get(where.partition(".")[0])
    return dialog is not None and dialog.private


def _node(book: Book, where: str) -> Node | None:
    dialog, _, name = where.partition(".")
    found = book.dialogs.get(dialog)
    return found.nodes.get(name) if found else None


def exported(conn: Connection, vault: Vault, person: Person, voice: Voice, now: datetime) -> Part:
    """A file with what they said and answered, but for what is sensitive: files are read by others too."""
    held = export(conn, vault, person, voice.book)
    data = orjson.dumps(held, option=orjson.OPT_INDENT_2)
    stored = media.store(conn, person, name=EXPORT_NAME, mime="application/json", data=data, now=now)
    return Part(voice.say(Line("bot.data-file")), document=Document(stored, EXPORT_NAME, "application/json"))


def export(
    conn: Connection, vault: Vault, person: Person, book: Book | None = None, scope: Scope | None = None
) -> dict[str, Any]:
    """Answers, consents, cases, messages and the list of voice notes and files of one person.

    `book`: leave out sensitive answers, and words said where that script asks for them or in private.
    `scope`: of staff, who get only what they may see.
    """
    contact_id = person.contact.id
    hidden = case_rows.hidden_answers(conn, scope, contact_id) if scope else frozenset()
    everything = scope is None or conversation.sight_of(conn, scope, contact_id).everything
    messages = conversation.read(conn, vault, scope, contact_id, EVERYTHING) or []
    files = media.of_person(conn, vault, contact_id, restricted=everything)
    if book is not None:
        files = _harmless(conn, book, contact_id, files, messages)
    words = listening.words_of(conn, vault, contact_id, restricted=everything)
    return {
        "language": person.contact.language,
        "answers": [one for one in _answers(conn, person, book) if one["submission"] not in hidden],
        "consents": [
            {"purpose": row.purpose, "granted": row.granted, "at": row.at}
            for row in consents.history(conn, contact_id)
        ],
        "cases": [
            {"number": row.number, "centre": row.centre, "state": row.state, "opened_at": row.opened_at}
            for row in cases.of_person(conn, contact_id)
        ],
        "messages": [{"at": told.at, "who": told.who, "said": _said(told, book)} for told in messages],
        "files": [
            {"kind": row.kind, "mime": row.mime, "size": row.size, "state": row.state} for row in files
        ],
        "written_down": [words[row.ref] for row in files if row.ref in words],
        "answers_shown": [
            {"entry": row.entry, "version": row.version, "at": row.at, "helped": row.helped}
            for row in known.of_person(conn, contact_id)
        ],
        **wanted.export(conn, person),
    }


def _harmless(
    conn: Connection, book: Book, contact_id: int, files: list[MediaRow], messages: list[Message]
) -> list[MediaRow]:
    """Files but for those that answer something sensitive, or came where something sensitive was asked."""
    hidden = media.sensitive(conn, contact_id)
    bodies = [load_body(told.body) for told in messages if told.body and _veiled(book, told)]
    came = {body.ref for body in bodies if isinstance(body, Media)}
    return [row for row in files if row.id not in hidden and row.ref not in came]


def _said(told: Message, book: Book | None) -> Any:  # noqa: ANN401 - any JSON
    if not told.body or (book is not None and _veiled(book, told)):
        return None
    return orjson.loads(told.body)


def _veiled(book: Book, told: Message) -> bool:
    return told.restricted or _sensitive(book, told.node)


def _sensitive(book: Book, where: str) -> bool:
    """Whether what is said at this node may be sensitive: also when the script has no such node any more."""
    if not where:
        return False
    node = _node(book, where)
    return node is None or node.sensitivity == "S2" or book.dialogs[where.partition(".")[0]].private


def _answers(conn: Connection, person: Person, book: Book | None) -> Iterator[dict[str, Any]]:
    for row in submissions.answers_of(conn, person.key, person.contact.id):
        if book is not None and _private(book, row.node):
            continue
        yield {
            "submission": row.no,
            "about": row.subject,
            "question": row.node,
            "field": row.field,
            "index": row.index,
            "answer": ANSWERED if book is not None and row.sensitivity == "S2" else orjson.loads(row.value),
            "at": row.at,
        }
