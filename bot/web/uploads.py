"""Tells what an uploaded file is by its first bytes.

Never believes its name or the type the browser gives.
"""

from dataclasses import dataclass

from bot.core.events import MediaKind


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes are."""

    kind: MediaKind
    mime: str


VOICE_OGG = Sniffed("voice", "audio/ogg")
VOICE_WEBM = Sniffed("voice", "audio/webm")
VOICE_MP4 = Sniffed("voice", "audio/mp4")
VOICE_MP3 = Sniffed("voice", "audio/mpeg")
VOICE_WAV = Sniffed("voice", "audio/wav")
VOICE_AMR = Sniffed("voice", "audio/amr")
VOICE_AAC = Sniffed("voice", "audio/aac")
JPEG = Sniffed("image", "image/jpeg")
PNG = Sniffed("image", "image/png")

_STARTS: tuple[tuple[bytes, Sniffed], ...] = (
    (b"OggS", VOICE_OGG),
    (b"\x1a\x45\xdf\xa3", VOICE_WEBM),  # EBML: Chrome's MediaRecorder
    (b"ID3", VOICE_MP3),
    (b"#!AMR", VOICE_AMR),  # the recorder of old Androids, behind <input capture>
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
)


def sniff(body: bytes) -> Sniffed | None:
    """A voice note or picture that staff can open, None for anything else."""
    for start, found in _STARTS:
        if body.startswith(start):
            return found
    if body[4:8] == b"ftyp":  # MP4, M4A, 3GP
        return VOICE_MP4
    if body[:4] == b"RIFF" and body[8:12] == b"WAVE":
        return VOICE_WAV
    return _mpeg_frame(body)


def _mpeg_frame(body: bytes) -> Sniffed | None:
    """MP3 (layer III) and AAC in ADTS (layer 0) share the 11 to 12 sync bits of an MPEG frame."""
    if len(body) < 4 or body[0] != 0xFF or body[1] & 0xE0 != 0xE0:
        return None
    layer = body[1] & 0x06
    if layer == 0x02 and body[2] & 0xF0 not in {0x00, 0xF0}:
        return VOICE_MP3
    return VOICE_AAC if layer == 0 and body[1] & 0xF0 == 0xF0 else None
