"""The attachments of a raw Messenger message → bodies (pure).

Never fetches: `ref` is the address where the platform keeps the file for a while.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels.messenger.capabilities import LIKES
from bot.core.events import Body, Location, Media, MediaKind, Text, Unknown

Json = Mapping[str, Any]

_KINDS: Final[Mapping[str, tuple[MediaKind, str]]] = {  # §3.1; voice notes arrive as MP4 with AAC
    "audio": ("voice", "audio/mp4"),
    "image": ("image", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "file": ("document", "application/octet-stream"),
    "sticker": ("sticker", "image/webp"),
}
_REF_MAX: Final = 4096  # characters; longer addresses are none of the platform's
_THUMB: Final = "👍"


def read_attachments(given: Sequence[object], text: str, mid: str) -> list[Body]:
    """What each says, in their order; [] when words say it all (a link comes with a preview of itself)."""
    found = [_read(one, text, mid) for one in given if isinstance(one, Mapping)]
    pictures = [body for body in found if isinstance(body, Media)]
    if text and not any(isinstance(body, Media | Location) for body in found):
        return []
    if len(pictures) > 1:
        return [_of_album(body, mid) for body in found]
    return found


def _read(one: Json, text: str, mid: str) -> Body:
    kind, payload = one.get("type"), one.get("payload")
    payload = payload if isinstance(payload, Mapping) else {}
    if kind == "location":
        return _location(payload.get("coordinates"), mid)
    sticker = payload.get("sticker_id")
    if isinstance(sticker, int | str) and str(sticker).isdecimal():  # older ones come as an image
        if int(str(sticker)[:32]) in LIKES:
            return Text(_THUMB, mid)
        kind = "sticker"
    known = _KINDS.get(kind) if isinstance(kind, str) else None
    url = payload.get("url")
    if known is None or not isinstance(url, str) or not 0 < len(url) <= _REF_MAX:
        return Unknown(kind if isinstance(kind, str) and kind.isidentifier() else "attachment", mid)
    return Media(kind=known[0], ref=url, mime=known[1], caption=text, message=mid)


def _location(place: object, mid: str) -> Body:
    if not isinstance(place, Mapping):
        return Unknown("location", mid)
    latitude, longitude = place.get("lat"), place.get("long")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return Unknown("location", mid)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Unknown("location", mid)
    return Location(float(latitude), float(longitude), mid)


def _of_album(body: Body, mid: str) -> Body:
    """Several files of one message are one album: they are answered once."""
    if not isinstance(body, Media):
        return body
    return Media(kind=body.kind, ref=body.ref, mime=body.mime, caption=body.caption, album=mid, message=mid)
