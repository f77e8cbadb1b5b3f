"""A raw Telegram update → Events (pure).

Never trusts a shape: any JSON gives events or ValueError. It reads the few fields it needs from the JSON
itself: `Update.de_json` takes 67-95 µs instead of about 5, and refuses a whole message because of one field
of a newer shape, which Telegram would then deliver again until it is lost. The tests compare both.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.telegram.attachments import read_media
from bot.core.contact import LANGUAGES, Address, Language
from bot.core.events import (
    Body,
    Command,
    Event,
    Location,
    Reachable,
    SharedContact,
    Start,
    Tap,
    Text,
    Unknown,
)

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+(.*))?", re.DOTALL)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_YEAR_9999: Final = 253_370_764_800  # seconds; later dates do not fit a datetime

# What surrounds the content of a message; the first key that is not among these names an unknown one.
_ENVELOPE: Final = frozenset(
    {
        "message_id",
        "message_thread_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "has_protected_content",
    }
    | {"reply_to_message", "external_reply", "quote", "forward_origin", "via_bot", "entities", "reply_markup"}
    | {"is_from_offline", "author_signature", "effect_id", "link_preview_options", "media_group_id"}
)
_KNOWN: Final = ("message", "edited_message", "callback_query", "my_chat_member")

Json = Mapping[str, Any]


def read(raw: Mapping[str, Any], account: str, now: datetime) -> tuple[Event, ...]:
    """Every event of an update; () for what is not between one person and us. ValueError: no update."""
    if not isinstance(raw, Mapping) or (number := _whole(raw.get("update_id"))) is None:
        raise ValueError("not a Telegram update: no update_id")
    for kind in _KNOWN:
        if kind in raw:
            found = _read_known(kind, _mapping(raw[kind], kind), now)
            break
    else:
        found = _read_other(raw, now)
    if found is None:
        return ()
    person, at, body = found
    return (Event(f"u{number}", Address(account, str(person)), at, body),)


def _read_known(kind: str, body: Json, now: datetime) -> tuple[int, datetime, Body] | None:
    if kind == "callback_query":
        return _read_tap(body, now)
    person = _private(_mapping(body.get("chat"), "chat"))
    if person is None:
        return None
    if kind == "my_chat_member":
        return person, _time(body.get("date"), now), _read_membership(body)
    if kind == "edited_message":
        return person, _time(body.get("edit_date"), now), _read_edit(body)
    return person, _time(body.get("date"), now), _read_message(body)


def _read_message(message: Json) -> Body:
    named = _id(message)
    text = message.get("text")
    if isinstance(text, str) and text:
        return (_read_command(text, message) if text[0] == "/" else None) or Text(text, named)
    sender = message.get("from")
    if (media := read_media(message, named)) is not None:
        return media
    if isinstance(contact := message.get("contact"), Mapping):
        return _read_contact(contact, sender, named)
    if isinstance(place := message.get("location"), Mapping):
        return _read_location(place, named)
    return Unknown(_kind(message), named)


def _read_command(text: str, message: Json) -> Body | None:
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    name, argument = match[1].lower(), (match[2] or "").strip()
    if name != "start":
        return Command(name, argument, _id(message))
    return Start(argument, _language(message.get("from")), _id(message))


def _read_edit(message: Json) -> Body:
    named = _id(message)
    text = message.get("text")
    if isinstance(text, str) and text:
        return Text(text, named, edits=named)
    return Unknown("edited_message", named)


def _read_tap(query: Json, now: datetime) -> tuple[int, datetime, Body] | None:
    """Telegram gives a tap no time of its own, so it is now."""
    message = _mapping(query.get("message", {}), "callback_query.message")
    person = _private(_mapping(message["chat"], "chat")) if "chat" in message else _person(query.get("from"))
    if person is None:
        return None
    payload, token = query.get("data"), query.get("id")
    if not isinstance(payload, str) or not isinstance(token, str):
        return person, now, Unknown("callback_query", _id(message))
    return person, now, Tap(payload, _id(message), token)


def _read_contact(contact: Json, sender: object, named: str) -> Body:
    phone, owner = contact.get("phone_number"), _whole(contact.get("user_id"))
    if not isinstance(phone, str) or not phone:
        return Unknown("contact", named)
    return SharedContact(phone, own=owner is not None and owner == _person(sender), message=named)


def _read_location(place: Json, named: str) -> Body:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return Unknown("location", named)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Unknown("location", named)
    return Location(float(latitude), float(longitude), named)


def _read_membership(change: Json) -> Body:
    member = change.get("new_chat_member")
    status = member.get("status") if isinstance(member, Mapping) else None
    if status in ("kicked", "left"):
        return Reachable(reachable=False)
    if status == "member":
        return Reachable(reachable=True)
    return Unknown("my_chat_member")


def _read_other(raw: Json, now: datetime) -> tuple[int, datetime, Body] | None:
    """A kind we did not ask for. What happens in chats of a business account is not said to us."""
    for kind, body in raw.items():
        if kind == "update_id" or "business" in kind or "guest" in kind or not isinstance(body, Mapping):
            continue
        chat = body.get("chat")
        person = _private(chat) if isinstance(chat, Mapping) and _whole(chat.get("id")) is not None else None
        if person is not None:
            return (
                person,
                _time(body.get("date"), now),
                Unknown(kind if _NAME.fullmatch(kind) else "update", ""),
            )
    return None


def _kind(message: Json) -> str:
    for key in message:
        if key not in _ENVELOPE and _NAME.fullmatch(key):
            return key
    return "message"


def _private(chat: Json) -> int | None:
    """The person of a private chat (its id), None for groups and channels."""
    number = _whole(chat.get("id"))
    if number is None:
        raise ValueError("not a Telegram update: a chat without id")
    return number if chat.get("type") == "private" else None


def _person(sender: object) -> int | None:
    return _whole(sender.get("id")) if isinstance(sender, Mapping) else None


def _language(sender: object) -> Language | None:
    code = sender.get("language_code") if isinstance(sender, Mapping) else None
    if isinstance(code, str):
        for language in LANGUAGES:
            if code.partition("-")[0] == language:
                return language
    return None


def _id(message: Json) -> str:
    number = _whole(message.get("message_id"))
    return "" if number is None else str(number)


def _time(seconds: object, now: datetime) -> datetime:
    number = _whole(seconds)
    return datetime.fromtimestamp(number, UTC) if number is not None and 0 < number < _YEAR_9999 else now


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(value: object, where: str) -> Json:
    if not isinstance(value, Mapping):
        raise ValueError(f"not a Telegram update: {where} is no object")  # noqa: TRY004 - one error for bad input
    return value
