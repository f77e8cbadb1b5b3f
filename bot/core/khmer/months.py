"""The names of the months as people write and shorten them, in Khmer and English.

Never knows a year.
"""

import re

from bot.core.khmer.fold import fold

_MONTHS = (
    "មករា/មករ/មករារ/មក/january/jan",
    "កុម្ភៈ/កុម្ភះ/កុម្ភ/កុម្ភា/កុំភៈ/គុម្ភៈ/កម្ភៈ/កុម/february/feb",
    "មីនា/មិនា/មីណា/មីន/march/mar",
    "មេសា/មេសារ/មេស/april/apr",
    "ឧសភា/ឧស្សភា/ឩសភា/ឧសភ/ឧស/may",
    "មិថុនា/មិថុណា/មិតុនា/មិថុន/មីថុនា/មិថុ/june/jun",
    "កក្កដា/កក្តដា/កក្កតា/ករក្កដា/កក្កដ/កក្ក/july/jul",
    "សីហា/សិហា/សីហារ/សីហ/august/aug",
    "កញ្ញា/កញ្ញារ/កន្យា/កញ្ញ/september/sept/sep",
    "តុលា/តុលារ/តុល/october/oct",
    "វិច្ឆិកា/វិច្ចិកា/វិចិកា/វិច្ឆិការ/វិឆ្ឆិកា/វិច្ឆិ/វិច្ឆ/november/nov",
    "ធ្នូ/ធ្នូរ/ធ្ន/december/dec",
)
_NUMBERS = {fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split("/")}
_ANY = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))
# A name ends where its word does: at a sign, a digit, or the word for the year.
_NAME = re.compile(f"(?<![a-z])(?:{_ANY})(?:(?![a-z\u1780-\u17d3])|(?=ឆ្នាំ|គ\\.ស|ព\\.ស))\\.?")


def named(text: str) -> re.Match[str] | None:
    """The first month's name in a folded text."""
    return _NAME.search(text)


def month_of(name: re.Match[str]) -> int:
    """1–12, of a name that `named` found."""
    return _NUMBERS[name[0].removesuffix(".")]
