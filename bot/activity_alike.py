"""Which activities stand in the same place on the same day, and whether two titles may mean the same one.

Never decides what becomes of a row.
"""

import re
from datetime import date
from hashlib import sha256

from bot.core.activity import KINDS, Bilingual, Kind, Sheet
from bot.core.khmer.normalise import normalise
from bot.core.schedule import PHNOM_PENH

Spot = tuple[Kind, str, date]  # what it is, the gazetteer code, and the first day in Cambodia
_MADE = re.compile(rf"(?:{'|'.join(KINDS)}):\d+:\d{{4}}-\d\d-\d\d:[0-9a-f]{{12}}")


def spot(kind: Kind, sheet: Sheet) -> Spot:
    """What it is, where, and on which day it begins."""
    return kind, sheet.place, sheet.starts_at.astimezone(PHNOM_PENH).date()


def made_key(kind: Kind, sheet: Sheet) -> str:
    """Of a row without a key of its own: its spot, and how it is called."""
    title = normalise(f"{sheet.title.km}|{sheet.title.en}").casefold()
    return ":".join([*map(str, spot(kind, sheet)), sha256(title.encode()).hexdigest()[:12]])


def own(key: str | None) -> bool:
    """Whether somebody chose the key, so that another one means another activity."""
    return bool(key) and _MADE.fullmatch(key or "") is None


def called(title: Bilingual) -> tuple[tuple[str, str], ...]:
    """How it is called, by language; two that share one of these may be the same."""
    both = (("km", title.km), ("en", title.en))
    return tuple((language, normalise(said).casefold()) for language, said in both if said)
