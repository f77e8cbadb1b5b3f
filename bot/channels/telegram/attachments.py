"""The attachment of a raw Telegram message → Media (pure).

Never fetches it: `ref` is the file id that `getFile` takes.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.core.events import Media, MediaKind

# field → kind, in the order of reading: an animation comes with a `document` twin, so it stands before it
_FIELDS: Final[tuple[tuple[str, MediaKind, str], ...]] = (
    ("voice", "voice", "audio/ogg"),
    ("photo", "image", "image/jpeg"),
    ("video", "video", "video/mp4"),
    ("video_note", "video", "video/mp4"),
    ("audio", "audio", "audio/mpeg"),
    ("animation", "video", "video/mp4"),
    ("document", "document", "application/octet-stream"),
    ("sticker", "sticker", "image/webp"),
)


def read_media(message: Mapping[str, Any], named: str) -> Media | None:
    """The first attachment that can be fetched, None without any. `named`: the message's id."""
    for field, kind, mime in _FIELDS:
        if field in message and (found := _file(message[field])) is not None:
            ref = found.get("file_id")
            if isinstance(ref, str) and ref:
                return Media(
                    kind=kind,
                    ref=ref,
                    mime=_text(found.get("mime_type")) or mime,
                    size=_count(found.get("file_size")),
                    seconds=_count(found.get("duration")),
                    caption=_text(message.get("caption")),
                    album=_text(message.get("media_group_id")),
                    message=named,
                )
    return None


def _file(value: object) -> Mapping[str, Any] | None:
    """The file itself; of a photo's sizes the largest."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list | tuple):
        return None
    sizes = [size for size in value if isinstance(size, Mapping)]
    return max(sizes, key=lambda size: _count(size.get("width")) * _count(size.get("height")), default=None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
