"""Recordings: where the voice of a sentence stands in a Release, what it must be, and which words it speaks.

Never opens a file and never decides when a recording goes out.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.core.contact import LANGUAGES, Language

MIME: Final = "audio/ogg"
LONGEST: Final = 1_000_000  # bytes; Telegram shows longer ones as a file (facts: channels §2.2)
TAP: Final = "v:"  # payload of the button that asks to hear: the message ids follow, with commas
_OPUS_HEAD: Final = slice(28, 36)  # after the header of the first OGG page
_PRE_SKIP: Final = slice(38, 40)  # samples to leave out, in the Opus head (RFC 7845)
_GRANULE: Final = slice(6, 14)  # of a page: the samples up to its end
_RATE: Final = 48_000  # samples a second, whatever was recorded
_HASH: Final = re.compile(r"[0-9a-f]{16}")
_ID: Final = re.compile(r"[a-z0-9-]{1,40}(?:[.][a-z0-9_-]{1,40}){1,3}")


class BadManifest(ValueError):  # noqa: N818 - the thing is bad, its reading went well
    """Not a list of recordings. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"not a list of recordings, line {line}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Recording:
    """The voice of one message that speaks its present words. `content`: the SHA-256 of its bytes, in hex."""

    id: str
    path: str
    size: int
    content: str


Voices = Mapping[Language, Mapping[str, Recording]]  # by language and message id
NO_VOICES: Voices = MappingProxyType({})


def folder_of(language: Language) -> str:
    """Where the recordings of a language stand."""
    return f"locales/{language}/voice/"


def path_of(message_id: str, language: Language) -> str:
    """Where the recording of a message stands."""
    return f"{folder_of(language)}{message_id}.ogg"


def manifest_of(language: Language) -> str:
    """Where it is written which words each recording speaks."""
    return f"{folder_of(language)}words.toml"


def is_voice(path: str) -> bool:
    """Whether a file stands where recordings are kept."""
    return path.startswith(tuple(folder_of(language) for language in LANGUAGES))


def id_of(path: str) -> str | None:
    """The message that a file's name says it speaks; None for a name that is no message's."""
    name = path.rpartition("/")[2]
    stem = name.removesuffix(".ogg")
    return stem if name.endswith(".ogg") and _ID.fullmatch(stem) else None


def is_opus(data: bytes) -> bool:
    """Whether this is OGG/Opus, which every channel plays; OGG/Vorbis is not."""
    return data.startswith(b"OggS") and data[_OPUS_HEAD] == b"OpusHead"


def seconds(data: bytes) -> float:
    """How long OGG/Opus sounds: the end of its last page, less what is skipped at the start; else 0."""
    last = data.rfind(b"OggS")
    if not is_opus(data) or last < 0:
        return 0.0
    end = int.from_bytes(data[last:][_GRANULE], "little", signed=True)
    skipped = int.from_bytes(data[_PRE_SKIP], "little")
    return max(0, end - skipped) / _RATE


def kilobytes(size: int) -> int:
    """A size as people are told it, never nothing."""
    return max(1, round(size / 1000))


def hash_of(words: str) -> str:
    """The name of the words that a recording speaks."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def content_of(data: bytes) -> str:
    """The name of a recording's bytes."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(data: bytes) -> dict[str, str]:
    """Message id → the name of the words spoken. Raises BadManifest."""
    try:
        text = data.decode()
        table = tomllib.loads(text)
    except UnicodeDecodeError as broken:
        raise BadManifest(data.count(b"\n", 0, broken.start) + 1) from broken
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        found = re.search(r"at line ([0-9]+)", str(broken))
        raise BadManifest(int(found[1]) if found else text.count("\n") + 1) from broken
    for at, (message_id, name) in enumerate(table.items(), 1):
        if not _ID.fullmatch(message_id) or not isinstance(name, str) or not _HASH.fullmatch(name):
            raise BadManifest(at)
    return table


def write_manifest(spoken: Mapping[str, str]) -> bytes:
    """The canonical form: sorted, a line a recording."""
    return "".join(f'"{message_id}" = "{name}"\n' for message_id, name in sorted(spoken.items())).encode()


def asked(payload: str) -> tuple[str, ...] | None:
    """The messages that a tap asks to hear; None when it asks something else."""
    if not payload.startswith(TAP):
        return None
    return tuple(one for one in payload.removeprefix(TAP).split(",") if _ID.fullmatch(one))
