"""Pictures and recordings of ours that go to many: whether every channel shows these bytes, and their names.

Never opens a file, and never believes a name: what a phone saves is named by nothing that was said.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from bot.core.channel import Document
from bot.core.speech import LONGEST, MIME, content_of, is_opus

Fault = Literal["kind", "size", "sides"]

PICTURE_MAX: Final = (
    2_000_000  # bytes; our own choice: people pay for each (platforms: 10 MB, facts: channels)
)
SIDES_MAX: Final = 10_000  # width and height together, pixels (Bot API, sendPhoto)
RATIO_MAX: Final = 20  # of the longer side to the shorter (Bot API, sendPhoto)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_SIDES: Final = (slice(16, 20), slice(20, 24))  # of a PNG, in its first chunk
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of a JPEG that tell its sides


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Bytes that every channel shows. `content`: their SHA-256, in hex. `kind`: image, voice."""

    content: str
    kind: str
    mime: str
    name: str
    body: bytes

    @property
    def document(self) -> Document:
        """How a part names it."""
        return Document(0, self.name, self.mime, content=self.content)


def judge(body: bytes) -> Enclosure | Fault:
    """What the bytes are: PNG, JPEG or OGG/Opus; else what is wrong (`sides`: too long a picture)."""
    if is_opus(body):
        return _named(body, "voice", MIME, "ogg") if len(body) <= LONGEST else "size"
    png = body.startswith(_PNG)
    if not png and not body.startswith(_JPEG):
        return "kind"
    if len(body) > PICTURE_MAX:
        return "size"
    shape = _png(body) if png else _jpeg(body)
    if shape is None:
        return "kind"
    if sum(shape) > SIDES_MAX or max(shape) > RATIO_MAX * min(shape):
        return "sides"
    return _named(body, "image", "image/png", "png") if png else _named(body, "image", "image/jpeg", "jpg")


def _named(body: bytes, kind: str, mime: str, suffix: str) -> Enclosure:
    content = content_of(body)
    return Enclosure(content, kind, mime, f"{content[:12]}.{suffix}", body)


def _png(body: bytes) -> tuple[int, int] | None:
    width, height = (int.from_bytes(body[side], "big") for side in _SIDES)
    return (width, height) if width and height else None


def _jpeg(body: bytes) -> tuple[int, int] | None:
    """Width and height, from the first frame; None where there is none."""
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = (
                int.from_bytes(body[start:end], "big") for start, end in pairwise((at + 5, at + 7, at + 9))
            )
            return (width, height) if width and height else None
        at += 2 + length
    return None
