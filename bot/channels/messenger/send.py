"""One Part → calls of the Send API, and what became of them.

Never sends again by itself, and never by another way than the one it was told.
"""

from typing import Any, Final

import orjson

from bot.channels.channel import Given, Outcome, Refused, Retry, Sent, Shut, Uncertain, Unheld, Uploaded
from bot.channels.messenger import shape
from bot.channels.messenger.graph import AnswerLost, Graph, GraphTrouble
from bot.channels.messenger.outcome import bars, is_unheld, outcome_of
from bot.core.channel import Document, Part
from bot.core.window import Way

Json = dict[str, Any]

_ID_MAX: Final = 32  # digits of a person's id within a Page


class Sender:
    """Sends for one Page."""

    def __init__(self, graph: Graph, page: str) -> None:
        self._graph = graph
        self._page = page

    async def send(self, address: str, part: Part, document: Given, name: str, way: Way) -> Outcome:
        """Deliver one part; a failure of the platform or the network is an outcome, never an exception."""
        if not (address.isascii() and address.isdigit() and len(address) <= _ID_MAX):
            return Refused("bad-recipient", stop="person")
        if way == "held":
            return Shut()
        try:
            if way == "template":
                return await self._approved(address, part, name)
            return await self._deliver(address, part, document, name, way)
        except GraphTrouble as error:
            return Shut(barred=True) if way != "free" and bars(error) else outcome_of(error)
        except orjson.JSONEncodeError:
            return Refused("not-unicode")
        except (KeyError, TypeError, ValueError):  # an answer of a shape nobody knows
            return Uncertain("answer-unreadable")

    async def _approved(self, address: str, part: Part, name: str) -> Outcome:
        if part.template is None:
            return Refused("template-missing")
        return Sent(
            await self._post(shape.envelope(address, "template", shape.approved(part.template, name)))
        )

    async def _deliver(self, address: str, part: Part, document: Given, name: str, way: Way) -> Outcome:
        """The file goes ahead of its words; both have our name, and the words settle it."""
        if part.document is None:
            return Sent(await self._post(shape.envelope(address, way, shape.words(part, name))))
        if document is None:
            return Refused("document-missing")
        try:
            attachment = await self._held(part.document, document)
        except AnswerLost:
            return Retry("upload-lost")  # nothing has gone to the person yet
        kind = shape.kind_of(part.document.mime)
        try:
            first = await self._post(shape.envelope(address, way, shape.file(kind, attachment, part, name)))
        except GraphTrouble as error:
            if isinstance(document, Uploaded) and is_unheld(error):
                return Unheld()
            raise
        uploaded = "" if isinstance(document, Uploaded) else attachment
        if not part.text:
            return Sent(first, uploaded)
        try:
            second = await self._post(shape.envelope(address, way, shape.words(part, name)))
        except GraphTrouble as error:
            return _half(outcome_of(error))
        return Sent(f"{first} {second}", uploaded)

    async def _held(self, paper: Document, document: bytes | Uploaded) -> str:
        """The platform's name for the bytes, which it may show again for 90 days (§3.2)."""
        if isinstance(document, Uploaded):
            return document.ref
        kind = shape.kind_of(paper.mime)
        wanted = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        fields = {"message": orjson.dumps(wanted).decode(), "platform": "messenger"}
        path = f"{self._page}/message_attachments"
        answer = await self._graph.upload(path, fields, document, paper.name, paper.mime)
        return str(answer["attachment_id"])

    async def _post(self, body: Json) -> str:
        answer = await self._graph.post(f"{self._page}/messages", body)
        message = answer["message_id"]
        if not isinstance(message, str):
            raise TypeError("a message without a name")
        return message


def _half(words: Outcome) -> Outcome:
    """What became of a part whose file has gone: whatever else its words met, it did not surely stay here."""
    match words:
        case Retry(reason):
            return Uncertain(f"words-after-file {reason}")
        case Shut():
            return Uncertain("words-after-file shut")
        case _:
            return words
