"""One entry of a webhook body's `messaging` → what it says of one person (pure).

Never looks at whose Page it is: `read` has seen to that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.channel import Echoed, Receipt, Report
from bot.channels.messenger.attachments import read_attachments
from bot.channels.messenger.capabilities import COMMAND, PAGE_INBOX, START
from bot.channels.messenger.naming import name_of
from bot.channels.typed import typed
from bot.core.contact import Address
from bot.core.events import (
    Body,
    Command,
    LeftToUs,
    Reacted,
    SharedContact,
    Start,
    Tap,
    Text,
    Unknown,
    WrittenElsewhere,
)

Json = Mapping[str, Any]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{6,24}")
_ENVELOPE: Final = frozenset({"sender", "recipient", "timestamp", "hop_context", "is_test"})
_CONTROL: Final = ("pass_thread_control", "take_thread_control", "request_thread_control")
_YEAR_9999: Final = 253_370_764_800_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Found:
    """What will be an Event. `id`: unique within the account (facts/channels.md §3.1)."""

    id: str
    body: Body


def read_item(item: Json, where: Address, at: int, *, outgoing: bool) -> Iterator[Found | Report]:
    """What an entry says. `at`: its time in milliseconds. `outgoing`: the Page wrote it."""
    kind, content = _content(item)
    own = f"{kind}:{where.external}:{at}"  # of what the platform gives no id
    match kind:
        case "message" if outgoing or content.get("is_echo") is True:
            yield from _echo(content, where, own)
        case "message":
            yield from _message(content, own)
        case "delivery" | "read":
            if (until := _moment(content.get("watermark"))) is not None:
                yield Receipt(where, until, read=kind == "read")
        case _ if kind in _CONTROL:
            yield Found(own, _control(kind, content))
        case _ if outgoing:
            return
        case "postback":
            yield _postback(content, own)
        case "referral":
            yield Found(f"{own}:{_text(content.get('ref'))}", Start(_text(content.get("ref"))))
        case "reaction":
            if content.get("action") != "unreact":  # a sign taken back is none
                yield Found(f"{own}:{_text(content.get('mid'))}", Reacted(_text(content.get("mid"))))
        case "message_edit":
            yield _edit(content, own)
        case _:
            yield Found(own, Unknown(kind))


def _content(item: Json) -> tuple[str, Json]:
    """What happened, and the object that tells it; a message may come with a referral beside it."""
    for kind in ("message", *(key for key in item if key not in _ENVELOPE)):
        if isinstance(content := item.get(kind), Mapping):
            return (kind if _NAME.fullmatch(kind) else "item"), content
    return "item", {}


def _message(message: Json, own: str) -> Iterator[Found]:
    mid, text = _text(message.get("mid")), _text(message.get("text"))
    named = mid or own
    quick = message.get("quick_reply")
    payload = _text(quick.get("payload")) if isinstance(quick, Mapping) else ""
    if payload:
        yield Found(named, _tapped(payload, text, mid))
        return
    given = message.get("attachments")
    bodies = read_attachments(given, text, mid) if isinstance(given, list) else []
    if not bodies:
        bodies = [typed(text, mid) if text else Unknown(_unknown(message), mid)]
    for nth, body in enumerate(bodies):
        yield Found(f"{named}#{nth}" if nth else named, body)


def _tapped(payload: str, text: str, mid: str) -> Body:
    """The quick reply of a phone number carries the number, which is the one of the person's account."""
    if _PHONE.fullmatch(payload) and payload.strip() == text.strip():
        return SharedContact(payload, own=True, message=mid)
    return _pressed(payload, "", mid)


def _pressed(payload: str, ref: str, mid: str) -> Body:
    if payload == START:
        return Start(ref, message=mid)
    if payload.startswith(COMMAND) and _NAME.fullmatch(name := payload.removeprefix(COMMAND)):
        return Command(name, message=mid)
    return Tap(payload, mid)


def _postback(postback: Json, own: str) -> Found:
    mid, payload = _text(postback.get("mid")), _text(postback.get("payload"))
    referral = postback.get("referral")
    ref = _text(referral.get("ref")) if isinstance(referral, Mapping) else ""
    named = mid or f"{own}:{payload}"
    if not payload and not ref:
        return Found(named, Unknown("postback"))
    return Found(named, _pressed(payload or START, ref, mid))


def _edit(edit: Json, own: str) -> Found:
    mid, text = _text(edit.get("mid")), _text(edit.get("text"))
    if not mid or not text:
        return Found(own, Unknown("message_edit"))
    return Found(f"{own}:{mid}", Text(text, mid, edits=mid))


def _echo(message: Json, where: Address, own: str) -> Iterator[Found | Report]:
    """A message of the Page: ours by its name, else of staff in the platform's inbox or another app."""
    mid = _text(message.get("mid"))
    name = name_of(message.get("metadata"))
    if name is None:
        yield Found(mid or own, WrittenElsewhere(mid))
    elif name and mid:
        yield Echoed(where, name, mid)


def _control(kind: str, content: Json) -> Body:
    """Who has the chat now. Passed on to any app but the staff's inbox means: given to us."""
    if kind == "pass_thread_control" and str(content.get("new_owner_app_id")) != PAGE_INBOX:
        return LeftToUs()
    return WrittenElsewhere()


def _unknown(message: Json) -> str:
    if message.get("is_unsupported") is True:
        return "unsupported"
    known = ("mid", "text", "seq", "is_echo", "reply_to", "nlp", "app_id", "metadata")
    return next((key for key in message if key not in known and _NAME.fullmatch(key)), "message")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _YEAR_9999:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
