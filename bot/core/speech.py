"""Recorded speech: where the recording of a sentence stands in a Release, and what it must be.

Never opens a file and never decides when a recording goes out.
"""

from typing import Final

from bot.core.contact import LANGUAGES, Language

MIME: Final = "audio/ogg"
LONGEST: Final = 1_000_000  # bytes; Telegram shows longer ones as a file (facts: channels §2.2)
_OPUS_HEAD: Final = slice(28, 36)  # after the header of the first OGG page


def path_of(message_id: str, language: Language) -> str:
    """Where the recording of a message stands."""
    return f"locales/{language}/voice/{message_id}.ogg"


def is_recording(path: str) -> bool:
    """Whether a file stands where recordings are kept."""
    return path.startswith(tuple(f"locales/{language}/voice/" for language in LANGUAGES))


def is_opus(data: bytes) -> bool:
    """Whether this is OGG/Opus, which every channel plays; OGG/Vorbis is not."""
    return data.startswith(b"OggS") and data[_OPUS_HEAD] == b"OpusHead"
