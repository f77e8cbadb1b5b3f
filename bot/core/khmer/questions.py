"""Whether words ask something, in Khmer, Latin letters, English or Thai.

Never knows what is asked: a statement that ends in the ទេ of a "no" asks nothing.
"""

import re

from bot.core.khmer.fold import fold
from bot.core.khmer.yesno import yes_or_no

_MARK = re.compile("[?？]")
_ASKED = tuple(
    map(
        fold,
        (
            "តើ", "យ៉ាងម៉េច", "ម៉េច", "ដូចម្តេច", "យ៉ាងណា", "ប៉ុន្មាន", "ប៉ុនណា", "អ្វីខ្លះ", "អីខ្លះ", "ហេតុអ្វី", "ហេតុអី",
            "ឬទេ", "ឬអត់", "ឬនៅ", "នៅឯណា", "ឯណា", "កន្លែងណា",
            "ពេលណា", "អង្កាល់", "អ្នកណា", "នរណា",
            "ទៅណា", "នៅណា", "មកណា", "មួយណា", "ខេត្តណា", "ត្រូវធ្វើអី", "ធ្វើអី", "គឺអី", "គឺអ្វី", "ស្អី",
        ),
    )
)  # fmt: skip
_ENDS = tuple(map(fold, ("ទេ", "អត់", "អី", "ហា", "ហ្ន៎", "វិញ", "មែនទេ")))
_NOT = re.compile("|".join(map(fold, ("មិន", "អត់", "គ្មាន", "ពុំ", "ឥត", "មិនទាន់"))))
_LATIN = re.compile(
    r"\b(?:yang mech|mech|yang na|ponman|pon man|bonman|ban te|ban ot|ban at|mean te|mean ot|ey na|nov na"
    r"|tov na|neak na|pel na|ter|tae|dar te|der te)\b|\b(?:te|ot|at)$"
)
_ENGLISH = re.compile(
    r"^(?:how|what|when|where|who|why|which|can|could|do|does|did|is|are|am|will|would|should|must|may)\b"
    r"|\b(?:how (?:do|can|much|many|long)|can i|do i|should i|is it|what (?:is|are|if|do|can|should))\b"
)
_THAI = re.compile("ไหม|มั้ย|อะไร|เท่าไ|ยังไง|อย่างไร|ที่ไหน|เมื่อไ|ทำไม|หรือเปล่า|หรือไม่")


def marked(text: str) -> bool:
    """Whether a question mark stands in it."""
    return _MARK.search(text) is not None


def asks(text: str) -> bool:
    """Whether the words ask something."""
    key = fold(text).rstrip("។!. ")
    if not any(letter.isalpha() for letter in key) or yes_or_no(text) is not None:
        return False
    if marked(text) or any(word in key for word in _ASKED) or _THAI.search(key):
        return True
    if key.endswith(_ENDS):
        return not _NOT.search(key[: -len(min((one for one in _ENDS if key.endswith(one)), key=len))])
    return bool(_LATIN.search(key) or _ENGLISH.search(key))
