"""How a Khmer word sounds, in the Latin letters that a phone without a Khmer keyboard would give it.

Never exact and never shown: two spellings of one sound are compared, not read.
"""

import re

from bot.core.khmer.normalise import BASES, normalise

_CONSONANTS = {
    "ក": "k", "ខ": "kh", "គ": "k", "ឃ": "kh", "ង": "ng", "ច": "ch", "ឆ": "ch", "ជ": "ch", "ឈ": "ch",
    "ញ": "nh", "ដ": "d", "ឋ": "th", "ឌ": "d", "ឍ": "th", "ណ": "n", "ត": "t", "ថ": "th", "ទ": "t",
    "ធ": "th", "ន": "n",
    "ប": "b", "ផ": "ph", "ព": "p", "ភ": "ph", "ម": "m", "យ": "y", "រ": "r", "ល": "l", "វ": "v", "ស": "s",
    "ហ": "h", "ឡ": "l", "អ": "",
}  # fmt: skip
_ALONE = {
    "ឥ": "e", "ឦ": "ei", "ឧ": "o", "ឩ": "ou", "ឪ": "ov", "ឫ": "rue", "ឬ": "reu", "ឭ": "lue", "ឮ": "leu",
    "ឯ": "ae", "ឰ": "ai", "ឱ": "ao", "ឲ": "ao", "ឳ": "au",
}  # fmt: skip
_FINAL = {"រ": "", "ប": "p", "ស": "s", "ញ": "nh", "យ": "y", "វ": "v", "ដ": "t", "ឌ": "t"}
_HIGH = frozenset("គឃងជឈញឌឍទធនពភមយរលវ")  # the second series: their vowels sound higher
_SONORANT = frozenset("ងញណនមយរលវឡ")  # below another letter they leave the series to it
# vowel: its sound after the first series, after the second
_VOWELS = {
    "ា": ("a", "ea"), "ិ": ("e", "i"), "ី": ("ey", "i"), "ឹ": ("oe", "ue"), "ឺ": ("eu", "eu"),
    "ុ": ("o", "u"), "ូ": ("o", "ou"), "ួ": ("uo", "uo"), "ើ": ("aeu", "eu"), "ឿ": ("oea", "oea"),
    "ៀ": ("ie", "ie"), "េ": ("e", "e"), "ែ": ("ae", "e"), "ៃ": ("ai", "ey"),
    "ោ": ("ao", "o"), "ៅ": ("av", "ov"),
}  # fmt: skip
_FIRST, _SECOND = "\u17c9", "\u17ca"  # shifters: the vowel sounds as after the first, the second series
_SHORT = "\u17cb"  # bantoc: on the letter that ends a short syllable
_CLUSTER = re.compile(f"([{BASES}])(\u17cc?)((?:\u17d2[{BASES}])*)([\u17b6-\u17d1\u17dd]*)")
_SILENCED = re.compile(f"[{BASES}](?:\u17d2[{BASES}])*[\u17b7\u17bb]?\u17cd")  # a letter under ៍ is not spoken


def sound(khmer: str) -> str:
    """Its letters a–z, words run together; what is not Khmer is left out."""
    clear = _SILENCED.sub("", normalise(khmer)).replace("ាំង", "ាង")
    found = [(base, below.replace("\u17d2", ""), marks) for base, _, below, marks in _CLUSTER.findall(clear)]
    said: list[str] = []
    is_open = False  # the last syllable has its vowel and may still take a final consonant
    for at, (base, below, marks) in enumerate(found):
        last = at + 1 == len(found)
        if base in _ALONE:
            said.append(_ALONE[base])
            is_open = True
        elif is_open and _closes(below, marks, before=None if last else found[at + 1]):
            said.append(_FINAL.get(base, _CONSONANTS.get(base, "")))
            is_open = False
        else:
            letters = base + below
            said.append("".join(_CONSONANTS.get(letter, "") for letter in letters) + _vowel(letters, marks))
            is_open = not set(marks) & set("\u17c6\u17c7")
    return "".join(said)


def _closes(below: str, marks: str, before: tuple[str, str, str] | None) -> bool:
    """Whether a consonant without a vowel ends the syllable before it; `before`: what follows."""
    if set(marks) - {_SHORT} or (below and before is not None):
        return False
    return before is None or before[1:] != ("", _SHORT) or _SHORT in marks


def _vowel(letters: str, marks: str) -> str:
    leading = next((one for one in reversed(letters) if one not in _SONORANT), letters[-1])
    high = (leading in _HIGH or _SECOND in marks) and _FIRST not in marks
    vowel = next((_VOWELS[mark][high] for mark in marks if mark in _VOWELS), "" if "\u17c6" in marks else "o")
    if "\u17c6" in marks:  # nikahit
        vowel = {"a": "a", "ea": "oa", "": "o", "o": "o", "u": "u"}.get(vowel, vowel) + "m"
    return vowel + ("h" if "\u17c7" in marks else "")
