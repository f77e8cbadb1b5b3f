"""The smallest pictures that are what they say: PNG and JPEG heads of any size, made here."""

from zlib import crc32

END = b"\xff\xd9"


def png(width: int = 64, height: int = 48, weight: int = 0) -> bytes:
    """The signature and first chunk; `weight` bytes more make it heavier."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunk = b"IHDR" + head
    length, check = len(head).to_bytes(4, "big"), crc32(chunk).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + length + chunk + check + bytes(weight)


def jpeg(width: int = 64, height: int = 48, *, frame: int = 0xC0) -> bytes:
    """A JFIF segment and the frame that tells its sides."""
    jfif = b"\xff\xe0" + (16).to_bytes(2, "big") + b"JFIF\x00" + bytes(9)
    sides = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes(10)
    return b"\xff\xd8" + jfif + bytes([0xFF, frame]) + (2 + len(sides)).to_bytes(2, "big") + sides + END
