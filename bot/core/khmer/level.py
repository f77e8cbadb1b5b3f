"""How hard a Khmer sentence is to read for somebody who reads slowly: how long, and with which hard words.

Never judges tone: a native reviewer does.
"""

import re
from dataclasses import dataclass

EASY, FAIR = 18, 28  # written syllables of the longest sentence: one line of a cheap phone, nearly two

# Words of offices and books, or of phones, that many returnees do not know or take for something else.
HARD = (
    "ស្វ័យប្រវត្តិ",
    "មជ្ឈមណ្ឌលធនធានពលករទេសន្តរប្រវេសន៍",
    "អត្តសញ្ញាណប័ណ្ណ",
    "លិខិតឆ្លងដែន",
    "ទិន្នន័យ",
    "ភស្តុតាង",
    "ប្រកាន់សង្គម",
    "បេឡាជាតិសន្តិសុខសង្គម",
    "ទទួលបន្ទុក",
    "ការិយាល័យ",
    "ឯកសារ",
    "គម្រោង",
    "សញ្ញាបត្រ",
    "អ៊ីនធឺណិត",
    "កម្មវិធី",
    "បម្រុង",
)

_ENDS = re.compile(r"[។៕?!\n]+|៖\s*$|•", re.MULTILINE)
_SYLLABLE = re.compile("(?<!\u17d2)[\u1780-\u17b3]")  # a consonant or vowel that stands for itself
_NAMES = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class Level:
    """`longest`: written syllables of the longest sentence; `hard`: the hard words in it, in their order."""

    longest: int
    hard: tuple[str, ...]

    @property
    def name(self) -> str:
        """`easy`, `fair` or `long`, by the longest sentence."""
        return "easy" if self.longest <= EASY else "fair" if self.longest <= FAIR else "long"


def level(text: str) -> Level:
    """The level of a message; its placeholders count for nothing."""
    sentences = _ENDS.split(_NAMES.sub(" ", text))
    longest = max(len(_SYLLABLE.findall(sentence)) for sentence in sentences)
    return Level(longest, tuple(word for word in HARD if word in text))
