"""Answers and conversations as staff read them: questions and labels in one language instead of keys.

Never decides who may read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from bot.channels.terminal.show import write
from bot.core.answers import load
from bot.core.asking import spoken
from bot.core.book import Book
from bot.core.contact import Language
from bot.core.controls import AGAIN, AGREE, CONTROLS, DONE, HERE, NO_MORE
from bot.core.dialog import Node
from bot.core.events import Command, Media, Start, Tap, Text
from bot.core.message import Line, Title
from bot.runner.forms import load_body, load_part
from bot.runner.library import Library
from bot.runner.render import TICK, Voice
from storage.conversation import Message
from storage.submissions import AnswerRow

BUTTONS = {key: label for label, key in CONTROLS.items()} | {
    DONE: "bot.done",
    HERE: "bot.skip",
    AGREE: "bot.agree",
    AGAIN: "bot.repeat-yes",
    NO_MORE: "bot.repeat-no",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a conversation, readable."""

    at: str
    who: str
    text: str
    state: str


def voice(conn: Connection, language: Language) -> Voice:
    """The live words in the language staff asked for. Raises NoRelease."""
    live = Library().live(conn)
    return Voice(live.words, live.words, live.book, language, {})


def plain(row: AnswerRow) -> dict[str, Any]:
    """An answer by its keys, for programs."""
    return {
        "submission": row.no,
        "dialog": row.dialog,
        "subject": row.subject,
        "question": row.node,
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


def answered(row: AnswerRow, said: Voice) -> str:
    """Question and answer in words, a sensitive answer (S2) too; by keys what the live script lost."""
    number = f" ({row.index + 1})" if row.index else ""
    form = orjson.loads(row.value)
    node = _node(said.book, row.node)
    if node is None:
        return f"{row.field}{number} → {brief(form)}"
    question = said.argument(Title(Line(node.text)))
    value = spoken(replace(node, sensitivity="S1"), load(form))
    lost = value == Line("bot.answered")  # a choice that an edit took out
    answer = brief(form) if lost else said.argument(value).replace("\n", "\n    ")
    return f"{question}{number}\n  → {answer}"


def conversation(
    messages: Sequence[Message], zone: ZoneInfo, said: Voice | None, files: Mapping[str, str]
) -> Iterator[Spoken]:
    """Messages in local time. `said` None: buttons by their keys. `files`: names by ref."""
    seen: dict[str, str] = {}
    for one in messages:
        if one.body and one.who != "person":
            seen |= {button.payload: button.label for button in load_part(one.body).buttons}
        yield Spoken(local(one.at, zone), one.who, _text(one, said, seen, files), one.state)


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """A time on the office's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def _text(message: Message, said: Voice | None, seen: Mapping[str, str], files: Mapping[str, str]) -> str:
    if not message.body:
        return "(not kept)"
    if message.who != "person":
        return write(load_part(message.body))
    match load_body(message.body):
        case Text(text):
            return text
        case Tap(payload):
            key = payload.partition(":")[2]
            label = _label(key, seen.get(payload), said) if said else None
            return label or f"(pressed {key})"
        case Command(name, argument):
            return f"/{name} {argument}".strip()
        case Start(payload):
            return f"/start {payload}".strip()
        case Media(kind, ref=ref, caption=caption):
            named = f"({kind}: {files[ref]})" if ref in files else f"({kind})"
            return f"{named} {caption}".strip()
        case body:
            return f"({type(body).__name__.lower()})"


def _label(key: str, seen: str | None, said: Voice) -> str | None:
    """A pressed button in the reader's language; as the person saw it where no words of ours are on it."""
    if key in BUTTONS:
        return said.say(Line(BUTTONS[key]))
    named = [one for one in said.book.labels if one.endswith((f".{key}", f".{key}.short"))]
    if seen is None:
        ways = {said.say(Line(one.removesuffix(".short"))) for one in named}
        return ways.pop() if len(ways) == 1 else None
    bare = seen.removeprefix(TICK)
    meant = next((one for one in named if bare in said.book.labels[one]), None)
    return bare if meant is None else said.say(Line(meant.removesuffix(".short")))


def _node(book: Book, where: str) -> Node | None:
    dialog, _, name = where.partition(".")
    found = book.dialogs.get(dialog)
    return found.nodes.get(name) if found else None
