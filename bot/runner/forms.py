"""The JSON forms in which events' bodies and outgoing parts are kept, sealed, in the store.

Never changes what it reads: `load` of a `dump` is equal.
"""

from typing import Any

import orjson

from bot.core import events
from bot.core.channel import Document, Part, PartButton, PartCard, Point, Template
from bot.core.events import Body


def dump_body(body: Body) -> bytes:
    """`[kind, field, …]`."""
    return orjson.dumps(events.dump(body))


def load_body(form: bytes) -> Body:
    """The body of what `dump_body` wrote; a raw update that an earlier version parked is Unknown."""
    return events.load(orjson.loads(form))


def dump_part(part: Part) -> bytes:
    """Only what differs from an empty part, so that rows stay small."""
    form: dict[str, Any] = {"text": part.text}
    if part.rows:
        form["rows"] = [_pairs(row) for row in part.rows]
    if part.quick:
        form["quick"] = True
    if part.staying:
        form["staying"] = part.staying
    if part.cards:
        form["cards"] = [[one.title, one.subtitle, _pairs(one.buttons)] for one in part.cards]
    if part.request or part.request_label:
        form["request"] = [part.request, part.request_label]
    if part.replaces:
        form["replaces"] = part.replaces
    if part.hides:
        form["hides"] = part.hides
    if part.typed:
        form["typed"] = True
    if part.template:
        form["template"] = [part.template.name, part.template.language, part.template.filled]
    if part.document:
        held = part.document
        stands = [held.release, held.path, held.content]
        form["document"] = [held.media, held.name, held.mime, *(stands if any(stands) else ())]
    if part.point:
        at = part.point
        form["point"] = [at.latitude, at.longitude, at.title, at.address]
    return orjson.dumps(form)


def load_part(form: bytes) -> Part:
    """The part of what `dump_part` wrote."""
    read = orjson.loads(form)
    request, label = read.get("request", (None, ""))
    return Part(
        text=read["text"],
        rows=tuple(_buttons(row) for row in read.get("rows", ())),
        quick=read.get("quick", False),
        staying=read.get("staying", 0),
        cards=tuple(
            PartCard(title, subtitle, _buttons(row)) for title, subtitle, row in read.get("cards", ())
        ),
        request=request,
        request_label=label,
        replaces=read.get("replaces", ""),
        hides=read.get("hides", ""),
        typed=read.get("typed", False),
        template=_template(*read["template"]) if "template" in read else None,
        document=Document(*read["document"]) if "document" in read else None,
        point=Point(*read["point"]) if "point" in read else None,
    )


def _pairs(row: tuple[PartButton, ...]) -> list[list[str]]:
    return [[button.label, button.payload, *([button.url] if button.url else [])] for button in row]


def _buttons(row: list[list[str]]) -> tuple[PartButton, ...]:
    return tuple(PartButton(*button) for button in row)


def _template(name: str, language: str, filled: list[list[str]]) -> Template:
    return Template(name, language, tuple((key, value) for key, value in filled))
