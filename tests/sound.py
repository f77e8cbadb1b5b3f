"""The smallest sounds that are what they say: an OGG/Opus of a given length, made here."""


def opus(seconds: float = 1.0, words: str = "") -> bytes:
    """Two OGG pages: the Opus head, and a comment whose granule says when it ends; `words` set it apart."""
    head = b"OpusHead" + bytes([1, 1]) + (0).to_bytes(2, "little") + (48_000).to_bytes(4, "little") + bytes(3)
    return _page(head, 2, 0, 0) + _page(b"OpusTags" + words.encode()[:200], 4, round(seconds * 48_000), 1)


def _page(packet: bytes, kind: int, end: int, number: int) -> bytes:
    granule, serial = end.to_bytes(8, "little"), (7).to_bytes(4, "little")
    counted = number.to_bytes(4, "little") + bytes(4)  # no checksum: nobody plays it
    return b"OggS" + bytes([0, kind]) + granule + serial + counted + bytes([1, len(packet)]) + packet
