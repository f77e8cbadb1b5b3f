"""What is planted, and every shape in which it could lie in a file, a log or an answer.

Never says where it may lie (`table` does).
"""

import base64
import html
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from bot.core.khmer.digits import to_ascii_digits, to_khmer_digits
from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise

SHORTEST = 5  # bytes: less would be found by chance


@dataclass(frozen=True, slots=True)
class Needle:
    """`words`: each of them alone gives it away. `secret`: bytes that are no words. `sealed`: as they lie."""

    name: str
    words: tuple[str, ...] = ()
    secret: bytes = b""
    sealed: frozenset[bytes] = frozenset()

    @property
    def shapes(self) -> frozenset[bytes]:
        """Everything to look for."""
        return frozenset(_kept(self))


@cache
def _kept(needle: Needle) -> tuple[bytes, ...]:
    found = {shape for word in needle.words for shape in _of_words(word)} | set(_of_bytes(needle.secret))
    found |= needle.sealed
    # a shape that holds another is found with it
    return tuple(one for one in found if not any(other in one for other in found if other != one))


def _of_words(word: str) -> Iterator[bytes]:
    texts = {word, normalise(word), fold(word), word.casefold(), to_ascii_digits(word), to_khmer_digits(word)}
    texts |= {unicodedata.normalize(form, text) for text in set(texts) for form in ("NFC", "NFD", "NFKD")}
    for text in texts:
        yield from (text.encode(codec) for codec in ("utf-16-le", "utf-16-be"))
        yield text.encode().decode("latin-1").encode()  # read in the wrong code, written again
        yield "".join(f"&#{ord(letter)};" for letter in text).encode()
        yield "".join(f"&#x{ord(letter):x};" for letter in text).encode()
        yield html.escape(text).encode()
        yield from _escaped(json.dumps(text)[1:-1])
        yield from _escaped(quote(text, safe=""))
        yield from _of_bytes(text.encode())
    if word.isascii() and word.isdigit():
        yield from _of_number(int(word))


def _escaped(text: str) -> Iterator[bytes]:
    """With small and capital hexadecimal digits, and as a text within a text."""
    for one in (text, text.lower(), text.upper().replace("\\U", "\\u")):
        yield one.encode()
        yield one.replace("\\", "\\\\").encode()


def _of_bytes(plain: bytes) -> Iterator[bytes]:
    if not plain:
        return
    yield plain
    yield repr(plain)[2:-1].encode()
    yield repr(plain)[2:-1].replace("\\", "\\\\").encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for before in range(3):  # what stands before it moves the letters of base64
        coded = base64.b64encode(bytes(before) + plain).rstrip(b"=")
        whole = coded[(0, 2, 3)[before] : (before + len(plain)) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def _of_number(number: int) -> Iterator[bytes]:
    length = (number.bit_length() + 7) // 8
    if length >= SHORTEST:
        yield number.to_bytes(length, "big")
        yield number.to_bytes(length, "little")
