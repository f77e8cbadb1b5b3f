"""Which pictures and recordings every channel shows."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.channel import Document
from bot.core.enclosing import PICTURE_MAX, Enclosure, Fault, judge
from bot.core.speech import LONGEST
from tests.picture import END, jpeg, png
from tests.sound import opus


@pytest.mark.parametrize(
    ("body", "kind", "mime", "suffix"),
    [
        (png(), "image", "image/png", "png"),
        (jpeg(), "image", "image/jpeg", "jpg"),
        (jpeg(frame=0xC2), "image", "image/jpeg", "jpg"),
        (opus(3), "voice", "audio/ogg", "ogg"),
    ],
)
def test_what_every_channel_shows_is_named_by_its_bytes(
    body: bytes, kind: str, mime: str, suffix: str
) -> None:
    content = hashlib.sha256(body).hexdigest()
    found = judge(body)
    assert found == Enclosure(content, kind, mime, f"{content[:12]}.{suffix}", body)
    assert isinstance(found, Enclosure)
    assert found.document == Document(0, found.name, mime, "", "", content)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "kind"),
        (b"GIF89a" + bytes(40), "kind"),
        (b"%PDF-1.7", "kind"),
        (b"OggS" + bytes(40), "kind"),
        (b"\xff\xd8\xff", "kind"),
        (b"\xff\xd8\xff\xe0\x00\x00" + bytes(20), "kind"),
        (png(0, 40), "kind"),
        (jpeg(frame=0xC4), "kind"),
        (png(weight=PICTURE_MAX), "size"),
        (opus() + bytes(LONGEST), "size"),
        (png(9_000, 1_001), "sides"),
        (jpeg(2_001, 100), "sides"),
    ],
)
def test_what_some_channel_would_refuse_is_told_apart(body: bytes, fault: Fault) -> None:
    assert judge(body) == fault


def test_the_limits_themselves_pass() -> None:
    assert isinstance(judge(png(9_000, 1_000)), Enclosure)
    assert isinstance(judge(jpeg(2_000, 100)), Enclosure)
    assert isinstance(judge(png(weight=PICTURE_MAX - len(png()))), Enclosure)


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"OggS"]))
def test_no_bytes_break_it(body: bytes, start: bytes) -> None:
    found = judge(start + body + END)
    assert isinstance(found, Enclosure) or found in {"kind", "size", "sides"}
