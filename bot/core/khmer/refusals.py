"""Whether words end one purpose of what is sent unasked: "stop", "do not send", "I do not want", and what.

Never takes part of a message for the whole of it: who stopped work, or wants none, asks us to stop nothing.
"""

import re
from collections.abc import Mapping
from typing import Literal

from bot.core.khmer.fold import fold

Purpose = Literal["fairs", "training", "jobs"]
_LONGEST = 120  # characters; a longer message tells more than this
_BLANKS = re.compile("[\\s\u200b!.,។៕'’-]+")


def _any(words: str) -> str:
    """One of the words, written as people spell them with `/` between; the longest first."""
    keys = sorted({_BLANKS.sub("", fold(word)) for word in words.split("/")}, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, keys))})"


_WHO = _any("សូម/សុំ/ខ្ញុំ/ញុំ/យើង/បង/បាទ/ចាស/ឥឡូវ/ឥឡូវនេះ/ពីថ្ងៃនេះ")
_STOP = _any("ឈប់/បញ្ឈប់/កុំ/លែង/មិនបាច់/អត់បាច់/កុំឱ្យ")
_SEND = _any("ផ្ញើ/ផ្ញើរ/ផ្ញើមក/ជូន")
_NOT = _any("មិនចង់/អត់ចង់/ពុំចង់/លែងចង់/ឈប់ចង់/មិនត្រូវការ/អត់ត្រូវការ/លែងត្រូវការ/ឈប់/លែង/កុំឱ្យ")
_GET = _any("បាន/ទទួល/ទទួលបាន/ដឹង/ឮ/លឺ/អាន/មើល/ឱ្យផ្ញើ")
_NEWS = _any("ដំណឹង/ដំនឹង/ព័ត៌មាន/ព័តមាន/សារ") + _any("អំពី/ពី/ខាង/នៃ") + "?"
_MORE = _any("មក/ឱ្យ/ដល់/ខ្ញុំ/ញុំ/យើង/ទៀត/ទេ/អត់/ផង/ឡើយ/ហើយ/ណា/បង/បាទ/ចាស/អរគុណ")
_FAIRS = f"(?:កម្មវិធី)?{_any('ពិព័រណ៍/ពិពណ៌/ពិព័ណ៌/ពិព័រណ៌/ពិពរណ៍')}(?:ការងារ)?"
_COURSES = _any("វគ្គ/វគ្គរៀន/វគ្គរៀនជំនាញ/វគ្គសិក្សា/វគ្គជំនាញ/វគ្គបណ្តុះបណ្តាល/ការបណ្តុះបណ្តាល")
_LEARNING = _any("រៀន/ការរៀន/ការសិក្សា/រៀនជំនាញ/បណ្តុះបណ្តាល/ជំនាញ")
_WORK = _any("ការងារ/ការងារថ្មី/ការងារធ្វើ")


def _said(purpose: str, *, news: bool) -> re.Pattern[str]:
    """`news`: "stop" alone, without a word for news or for sending it, tells what somebody does."""
    told = f"{_STOP}{_SEND}(?:{_NEWS})?|{_STOP}{_NEWS}|{_NOT}(?:{_GET})?{_NEWS}"
    told += "" if news else f"|{_STOP}"
    return re.compile(f"{_WHO}*(?:{told}){purpose}{_MORE}*")


_KHMER: tuple[tuple[Purpose, re.Pattern[str]], ...] = (
    ("fairs", _said(_FAIRS, news=False)),
    ("training", _said(_COURSES, news=False)),
    ("training", _said(_LEARNING, news=True)),
    ("jobs", _said(_WORK, news=True)),
)
_OPENS = re.compile(
    "(?:please |pls )?(?:stop|no more|(?:i )?do ?n[o']?t|kom|kum|ch?h?o[bp]"
    "|(?:khnhom )?(?:min|ot|at) [cj]h?ong)\\b"
)
_STOPS = re.compile("(?:please |pls )?(?:stop|no more|ch?h?o[bp])\\b")
_PURPOSES: Mapping[Purpose, frozenset[str]] = {
    "fairs": frozenset({"fair", "fairs", "pipor", "piphor", "piporkangea"}),
    "training": frozenset({"training", "trainings", "course", "courses", "vak", "vakrean"}),
    "jobs": frozenset({"job", "jobs", "kangea", "karngea", "kangear"}),
}
_TOLD = frozenset(
    (
        *("news", "send", "sending", "messages", "message", "notices", "get", "getting", "receive"),
        *("receiving", "hear", "hearing", "phnher", "pnher", "phnhaer", "domnoeng", "damneng", "damnoeng"),
    )
)
_FILLING = frozenset(
    (
        *("please", "pls", "stop", "no", "more", "i", "do", "not", "don't", "dont", "want", "to", "me", "us"),
        *("any", "anymore", "again", "the", "about", "of", "on", "new", "thanks", "kom", "kum", "chhob"),
        *("chhop", "chob", "chop", "khnhom", "min", "ot", "at", "chong", "jong", "tiet", "te", "mok", "oy"),
    )
)


def refused(text: str) -> Purpose | None:
    """The purpose that the words end; None where they say anything else, or name two."""
    key = fold(text)
    if len(key) > _LONGEST:
        return None
    if key.isascii():
        return _in_latin(key)
    words = _BLANKS.sub("", key)
    return next((purpose for purpose, said in _KHMER if said.fullmatch(words)), None)


def _in_latin(key: str) -> Purpose | None:
    words = re.findall("[a-z']+", key)
    named = [purpose for purpose, names in _PURPOSES.items() if not names.isdisjoint(words)]
    if named[:1] == ["fairs"]:  # a job fair is no job
        named = [one for one in named if one != "jobs"]
    if len(named) != 1 or not _OPENS.match(key):
        return None
    rest = {word for word in words if not any(word in names for names in _PURPOSES.values())}
    if _TOLD.isdisjoint(rest) and (named == ["jobs"] or "want" in rest or not _STOPS.match(key)):
        return None
    return named[0] if rest <= _TOLD | _FILLING else None
