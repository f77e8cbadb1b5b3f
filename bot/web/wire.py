"""A conversation as the JSON that the chat page reads.

Never adds or hides words; what the page cannot show is left out.
"""

from typing import Any

from bot.core.channel import Part, PartButton
from bot.core.events import Body, Command, Media, Tap, Text
from bot.runner.chat import Batch, Pulled
from bot.web.speech import address_of


def batch_json(batch: Batch) -> dict[str, Any]:
    """`{"language", "staff", "since", "lines": […]}`."""
    lines = [line for pulled in batch.lines if (line := _line(pulled))]
    return {"language": batch.language, "staff": batch.with_staff, "since": batch.since, "lines": lines}


def _line(pulled: Pulled) -> dict[str, Any] | None:
    shown = _part(pulled.part) if pulled.part else _body(pulled.body)
    if shown is None:
        return None
    return {"seq": pulled.seq, "who": pulled.who, "at": round(pulled.at.timestamp() * 1000), **shown}


def _part(part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": part.text}
    if part.rows:
        shown["rows"] = [[_cell(button) for button in row] for row in part.rows]
    if part.replaces:
        shown["replaces"] = part.replaces
    if part.hides:
        shown["hides"] = part.hides
    if part.document and (part.document.path or part.document.content):
        kind = "picture" if part.document.mime.startswith("image/") else "audio"
        shown[kind] = address_of(part.document)
    elif part.document:
        shown["document"] = {"id": part.document.media, "name": part.document.name}
    return shown


def _cell(button: PartButton) -> list[str]:
    """Label and payload; of one that opens a page, its address follows."""
    return [button.label, button.payload, *([button.url] if button.url else [])]


def _body(body: Body | None) -> dict[str, Any] | None:
    match body:
        case Text():
            return {"text": body.text, "id": body.message}
        case Command(name, argument, message) if message:  # typed, and not a button of the page
            return {"text": f"/{name} {argument}".rstrip(), "id": message}
        case Tap():
            return {"payload": body.payload, "message": body.message}
        case Media():
            return {"media": body.kind, "seconds": body.seconds, "id": body.message}
        case _:
            return None
