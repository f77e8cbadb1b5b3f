"""The JSON forms in which events' bodies and outgoing parts are kept, sealed, in the store.

Never changes what it reads: `load` of a `dump` is equal.
"""

from dataclasses import fields
from typing import Any, get_args

import orjson

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Body, Unknown

BODIES: dict[str, type] = {kind.__name__: kind for kind in get_args(Body)}
_FIELDS = {kind: tuple(one.name for one in fields(kind)) for kind in BODIES.values()}


def dump_body(body: Body) -> bytes:
    """`[kind, field, …]`."""
    kind = type(body)
    return orjson.dumps([kind.__name__, *(getattr(body, name) for name in _FIELDS[kind])])


def load_body(form: bytes) -> Body:
    """The body of what `dump_body` wrote; a platform's raw update, parked as it came, is Unknown."""
    match orjson.loads(form):
        case [str(kind), *values] if kind in BODIES:
            body: Body = BODIES[kind](*values)
            return body
        case _:
            return Unknown("raw")


def dump_part(part: Part) -> bytes:
    """Only what differs from an empty part, so that rows stay small."""
    form: dict[str, Any] = {"text": part.text}
    if part.rows:
        form["rows"] = [[[button.label, button.payload] for button in row] for row in part.rows]
    if part.quick:
        form["quick"] = True
    if part.request or part.request_label:
        form["request"] = [part.request, part.request_label]
    if part.replaces:
        form["replaces"] = part.replaces
    if part.document:
        held = part.document
        stands = [held.release, held.path] if held.release or held.path else []
        form["document"] = [held.media, held.name, held.mime, *stands]
    return orjson.dumps(form)


def load_part(form: bytes) -> Part:
    """The part of what `dump_part` wrote."""
    read = orjson.loads(form)
    request, label = read.get("request", (None, ""))
    return Part(
        text=read["text"],
        rows=tuple(tuple(PartButton(*button) for button in row) for row in read.get("rows", ())),
        quick=read.get("quick", False),
        request=request,
        request_label=label,
        replaces=read.get("replaces", ""),
        document=Document(*read["document"]) if "document" in read else None,
    )
