"""Which language a text is written in: Khmer, Thai, English, or Khmer in Latin letters.

Never translates, and never decides what a person reads: the contact's own choice does.
"""

import re
from typing import Literal

from bot.core.khmer.chat_words import WORDS
from bot.core.khmer.fold import fold
from bot.core.khmer.romanised import latin, latin_key

Written = Literal["km", "rom", "en", "th", "mixed"]

_KHMER = re.compile("[\u1780-\u17b3\u17b6-\u17d3]+")
_THAI = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\b\S+\.(?:com|org|net|kh)\b")
_MOSTLY = 0.8  # the share of its letters that makes a text one of a script; a brand's name does not change it

_ENGLISH_WORDS = """
a about after again age all also always am an and any are as ask at back bad be because been before boss
but buy by call came can cannot card child children city come company contract could country day days
did do does done dont email english factory family farm father find first food for friend from get give
go going good got had hand happy has have he hello help her here hi him his home hospital hour hours
house how hurt husband i id if ill im in injured is it job jobs just know last law leave left legal let
like live long lost made make man many may me money month months more morning most mother much must my
name near need never new next no not nothing now number of office ok okay on one only or other our out
overtime owe owed paid paper papers passport pay people permit person phone place please police problem
question read return right salary say school see send she should sick sir skill skills so some someone
soon sorry speak still stop take talk tell thailand thank thanks that the their them then there they
thing think this time to today together tomorrow too training two understand until up us use very wage
wages wait want was we week well were what when where which who why wife will with without woman women
word work worked worker workers working would write wrong year years yes yesterday yet you your
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ROMANISED = frozenset(spelling for spellings in WORDS.values() for spelling in spellings)
_KEYS = frozenset(latin_key(spelling) for spelling in _ROMANISED if len(latin_key(spelling)) >= 3)
# Endings and letters together that one of the two has and the other has not.
_LIKE_ENGLISH = re.compile(
    r"(?:ing|tion|ment|ness|able|ful|ence|ance|ght|ck|ld|rd|rk|st|ss|ed|ly|ve|ce|ge|se|te|ke|ty|ry|er|ers|n't|[^aeiou]s)$"
    r"|^(?:wh|th[eior]|qu|un|wr|str|ex|re)|[aeiou]ll|x"
)
_LIKE_KHMER = re.compile(
    r"^(?:kn|khn|kh|chh|ng|nh|pn|pt|pd|bd|tv|tng|thng|lng|lb|lm|mn|md|ml|sd|sr|sv|sl|sb|phn|phd|pht|ph?ch|kd|kb|ks|vs|rb|rl|dt|tm|chn|chb|jr|j[io])"
    r"|(?:aeu|oeu|oea|eou|ouy|uoy|uon|uos|eang|eak|eat|oung|ueng|oeng|erng|eung|ong|ang|eng|ung|nh|ok|ak|uk|ap|eap|ey|ay|ov|av|iv|ou|ao|ae|ea|eu|oh|eah|sar|iek|ieng)$"
    r"|kk|aeu|oeu"
)


def written_in(text: str) -> Written | None:
    """The language of the whole text; `mixed` for two scripts side by side, None without words."""
    text = _ADDRESS.sub(" ", text)
    khmer, thai = (sum(map(len, way.findall(text))) for way in (_KHMER, _THAI))
    words = _LATIN.findall(text)
    roman = sum(map(len, words))
    total = khmer + thai + roman
    if not total:
        return None
    for count, language in ((khmer, "km"), (thai, "th")):
        if count >= _MOSTLY * total:
            return language  # type: ignore[return-value]  # both are of Written
    return _latin(words) if roman >= _MOSTLY * total else "mixed"


def _latin(words: list[str]) -> Written | None:
    """English or romanised Khmer, by known words first, then by how the others end and begin."""
    score = 0.0  # above nought: English
    for word in words:
        plain = fold(word).replace("’", "'")
        letters = latin(plain)
        english, khmer = plain.replace("'", "") in _ENGLISH, letters in _ROMANISED
        if english != khmer:
            score += 2.0 if english else -2.0
        elif not english and len(letters) > 1:
            score -= 1.0 if latin_key(letters) in _KEYS else 0.0
            score += bool(_LIKE_ENGLISH.search(plain)) - bool(_LIKE_KHMER.search(plain))
    if len(words) == 1 and len(words[0]) == 1:
        return None
    return "en" if score > 0 else "rom"
