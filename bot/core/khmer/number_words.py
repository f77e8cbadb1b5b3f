"""The words that numbers are made of, as people spell them: Khmer, Khmer in Latin letters, English.

Never says what several of them together mean (`numerals` does).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal

from bot.core.khmer.fold import fold

# unit: nothing follows but a step. five: one to four follow (ប្រាំមួយ). ten: one to nine follow.
# teen: as ten, or after its unit (មួយដណ្តប់). scale: multiplies what was said. k: a thousand, after digits.
Kind = Literal["unit", "five", "ten", "teen", "scale", "k", "half"]
Meant = tuple[tuple[Kind, int], ...]

STEPS: Mapping[Kind, int] = {"unit": 1, "five": 5, "ten": 10, "teen": 10}

_UNITS = {
    0: "សូន្យ/សូន/ស៊ូន/សុន្យ/soun/sone/zero",
    1: "មួយ/មុយ/មូយ/muoy/muy/mouy/muoi/mui/mouiy/moy/one",
    2: "ពីរ/ពិរ/ពី/pir/pii/pi/two",
    3: "បី/បុី/ប៊ី/bey/bei/three",
    4: "បួន/បូន/បួណ/buon/boun/buan/bourn/four",
    6: "six",
    7: "ប្រាំពិល/ប្រាំពឹល/ប្រាំពីល/prampil/prampel/pram pil/pram pel/seven",
    8: "eight",
    9: "prambun/prambon/nine",
    10: "ten",
    11: "eleven",
    12: "twelve",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
}
_TENS = {
    10: "ដប់/ដប/ដុប/dop/dob/dorp/dawp/dap",
    20: "ម្ភៃ/មភៃ/ម្ភ៉ៃ/ម្ផៃ/មួយភៃ/មុយភៃ/ភៃ/mphey/mphei/mphay/mpey/mpei/mophey/mophei/maphey/maphei/m'phey/twenty",
    30: "thirty",
    40: "forty/fourty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
}  # fmt: skip
_BEFORE_SEP = {
    30: "សាម/សា/ស៊ាម/sam/saam/sa",
    40: "សែ/សេ/sae/se/sai/say",
    50: "ហា/ha/haa",
    60: "ហុក/ហុ/ហុច/hok/huk/hoc",
    70: "ចិត/ចិត្ត/ចឹត/ចិ/chet/chit/jet/jit",
    80: "ប៉ែត/ប៉ែ/បែត/ប៉េត/paet/pet/baet/pat",
    90: "កៅ/កាវ/kao/kav/kaw/kau",
}
_SEP = "សិប/សឹប/សិប្ប/sep/seb/sip/sib"
_SCALES = {
    100: "រយ/រ៉យ/roy/rouy/roiy/hundred/hundreds",
    1000: "ពាន់/ពាន/ពាន្ន/ព័ន់/poan/puan/pean/paan/thousand/thousands",
    10**4: "ម៉ឺន/មឺន/មុឺន/ម៉ឹន/ម៉ិន/meun/moeun/muen/mern",
    10**5: "សែន/សេន/saen/sen",
    10**6: "លាន/លៀន/lean/lien/lian/million/millions",
}
_ONE = "ម"  # short for មួយ before a step: មរយ
_FIVES = "ប្រាំ/ប្រាម/ប៉ាំ/ព្រាំ/ប្រ៉ាំ/pram/bram/praam"
_TEENS = "ដណ្តប់/ដន្តប់/ទណ្តប់/ដណ្តប/តណ្តប់/dondop/dandop/dondob/dandob"
_HALVES = "កន្លះ/កន្លស់/កណ្តះ/konlah/kanlah/kanlas/knlas/half/half a/and a half"

NOT_ALONE = frozenset({fold("ពី")})  # "from", unless another number word is beside it


def _spelled(words: str) -> Iterator[str]:
    return map(fold, words.split("/"))


def _vocabulary() -> Mapping[str, Meant]:
    """Every spelling, folded, with what it means."""
    found: dict[str, Meant] = {"k": (("k", 1000),)}
    for value, words in _UNITS.items():
        found |= dict.fromkeys(_spelled(words), (("unit", value),))
    found |= dict.fromkeys(_spelled("five"), (("unit", 5),))
    found |= dict.fromkeys(_spelled(_FIVES), (("five", 5),))
    for value, words in _TENS.items():
        found |= dict.fromkeys(_spelled(words), (("ten", value),))
    found |= dict.fromkeys(_spelled(_TEENS), (("teen", 10),))
    for value, words in _BEFORE_SEP.items():
        for begin in _spelled(words):
            for end in _spelled(_SEP):
                found |= {f"{begin}{end}": (("ten", value),), f"{begin} {end}": (("ten", value),)}
    found |= dict.fromkeys(_spelled(_HALVES), (("half", 0),))
    return found | _steps()


def _steps() -> dict[str, Meant]:
    """The words that multiply, also with the one or the "and" that belongs to them."""
    found: dict[str, Meant] = {}
    for value, words in _SCALES.items():
        step: Meant = (("scale", value),)
        one: Meant = (("unit", 1), ("scale", value))
        for word in _spelled(words):
            found[word] = step
            found[f"a {word}" if word.isascii() else f"{_ONE}{word}"] = one
            if word.isascii():
                found[f"{word} and "] = step
                found[f"a {word} and "] = one
    return found


def _grouped(vocabulary: Mapping[str, Meant]) -> Mapping[str, tuple[tuple[str, Meant], ...]]:
    groups: dict[str, list[tuple[str, Meant]]] = defaultdict(list)
    for word in sorted(vocabulary, key=len, reverse=True):
        groups[word[0]].append((word, vocabulary[word]))
    return {letter: tuple(words) for letter, words in groups.items()}


GROUPS = _grouped(_vocabulary())  # by first letter, the longest words first
