"""The browser's secret: 256 random bits with our signature, so that nobody invents one.

Never stored: its sha256 is the address.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable

Sign = Callable[[bytes], bytes]
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}")  # 48 bytes: 32 random, 16 of signature


def mint(random: bytes, sign: Sign) -> str:
    """The token of 32 random bytes; `sign` is a keyed digest of at least 16 bytes."""
    return base64.urlsafe_b64encode(random + sign(random)[:16]).decode()


def external_of(token: str, sign: Sign) -> str | None:
    """The address (sha256 in hex) of a token that we minted, None for any other text."""
    if not _SHAPE.fullmatch(token):
        return None
    try:
        signed = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(signed[32:], sign(signed[:32])[:16]):
        return None
    return hashlib.sha256(token.encode()).hexdigest()
