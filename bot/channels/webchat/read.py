"""Turns what the web chat page posted into an Event; pure.

Never trusts the page: every size and shape is checked, and the address and time come from our server.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, get_args

from bot.channels.typed import typed
from bot.channels.webchat.capabilities import ACCOUNT
from bot.core.contact import LANGUAGES, Address, Language
from bot.core.events import Body, Command, Event, Media, MediaKind, Start, Tap

TEXT_MAX = 4096  # facts/security B1, 2.4.1
SIZE_MAX = 10 * 1024 * 1024
_MEDIA: tuple[MediaKind, ...] = get_args(MediaKind)
_EXTERNAL = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_PAYLOAD = re.compile(r"[!-~]{1,64}")
_MESSAGE = re.compile(r"[0-9]{0,18}")
_LINK = re.compile(r"[A-Za-z0-9_-]{0,64}")
_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_MIME = re.compile(r"[a-z]{1,16}/[a-z0-9.+-]{1,40}")


def read(raw: Mapping[str, Any], now: datetime) -> Event:
    """The event in `{"external": sha256 hex, "event": {"id", "kind", …}}`; `event` is the page's own JSON.

    The event's id is a digest of address and page id: unique in the account, and a retry has the same one.
    Raises ValueError on anything else.
    """
    posted = raw.get("event")
    if not isinstance(posted, Mapping):
        raise ValueError("web chat: no event")  # noqa: TRY004 — one error for anything that is no event
    external = _match(_EXTERNAL, raw.get("external"), "external")
    page_id = _match(_ID, posted.get("id"), "id")
    build = _BUILDERS.get(str(posted.get("kind")))
    if build is None:
        raise ValueError("web chat: unknown kind")
    unique = hashlib.sha256(f"{external}:{page_id}".encode()).hexdigest()[:32]
    return Event(id=unique, address=Address(ACCOUNT, external), at=now, body=build(posted, page_id, unique))


def _text(posted: Mapping[str, Any], page_id: str, _unique: str) -> Body:
    words = posted.get("text")
    if not isinstance(words, str) or len(words) > TEXT_MAX:
        raise ValueError("web chat: text")
    words = words.replace("\x00", "").strip()
    if not words:
        raise ValueError("web chat: empty text")
    return typed(words, page_id)


def _tap(posted: Mapping[str, Any], _page_id: str, _unique: str) -> Body:
    payload = _match(_PAYLOAD, posted.get("payload"), "payload")
    return Tap(payload, message=_match(_MESSAGE, posted.get("message", ""), "message"))


def _media(posted: Mapping[str, Any], page_id: str, unique: str) -> Body:
    kind = next((kind for kind in _MEDIA if kind == posted.get("media")), None)
    if kind is None:
        raise ValueError("web chat: media kind")
    return Media(
        kind=kind,
        ref=f"webchat:{unique}",
        mime=_match(_MIME, posted.get("mime"), "mime"),
        size=_whole(posted.get("size"), SIZE_MAX, "size"),
        seconds=_whole(posted.get("seconds", 0), 3600, "seconds"),
        message=page_id,
    )


def _start(posted: Mapping[str, Any], _page_id: str, _unique: str) -> Body:
    return Start(_match(_LINK, posted.get("payload", ""), "payload"), _language(posted.get("language")))


def _command(posted: Mapping[str, Any], _page_id: str, _unique: str) -> Body:
    argument = _match(_LINK, posted.get("argument", ""), "argument")
    return Command(_match(_NAME, posted.get("name"), "name"), argument)


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], str, str], Body]] = {
    "text": _text,
    "tap": _tap,
    "media": _media,
    "start": _start,
    "command": _command,
}


def _match(pattern: re.Pattern[str], value: object, name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"web chat: {name}")
    return value


def _whole(value: object, most: int, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"web chat: {name}")
    return value


def _language(value: object) -> Language | None:
    return next((language for language in LANGUAGES if language == value), None)
