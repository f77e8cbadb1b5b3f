"""Personal names as people give them: what leads in to the name, honours it or closes it is taken away.

Never splits a name into family and given, and never translates it into another script.
"""

import re
import unicodedata

from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise

_LONGEST = 80  # code points written, lead-in and all
_MOST_WORDS = 6
_MOST_LETTERS = 48  # code points of the name itself; Khmer marks count

_DECORATION = frozenset(("So", "Sk", "Cn", "Cf"))  # emoji, skin tones, signs nobody sees
_KEPT = " .'’-"  # what a name may hold beside letters
_END = ' ។៕៖:,.;!—–-~"“”«»()*_'
_SPACE = re.compile("\\s+")
_LETTER = "[\u1780-\u17b3]"

# Each is taken from the front again and again, as long as a name is left.
_LEAD_INS = re.compile(
    "(?:"
    "(?:សួស្តី|ជម្រាបសួរ|ជំរាបសួរ|អរុណសួស្តី)(?:បង|លោក|អ្នក)?|"
    "(?:បាទ|ចា៎ះ|ចា៎ស|ចា៎|ចាស(?!់))(?!ី|ុ|ូ|ា)|"
    "(?:នាង)?ខ្ញុំ\\s*(?:បាទ|ចាស)?\\s*(?:មាន)?ឈ្មោះ|"
    "(?:មាន)?ឈ្មោះ(?:របស់)?(?:ខ្ញុំ|គាត់)|(?:មាន)?ឈ្មោះ(?:ពេញ|ពិត|ហៅក្រៅ)?|"
    "(?:គេ|សូម|អាច)?ហៅ(?:នាង)?ខ្ញុំ(?:ថា)?|(?:សូម|អាច)?ហៅថា|"
    "(?:នាង)?ខ្ញុំ(?:គឺ|ជា)|គឺ(?:ជា)?|ថា(?=\\s)"
    ")[\\s៖:=,។-]*"
)
_LATIN_LEAD_INS = re.compile(
    r"(?:(?:hello|hi|hey|suosdey|sousdey|susdey|bat|baat|jas|chas|jah|yes)\b|"
    r"(?:my (?:full |nick)?name(?: is|'s|’s)?|(?:full |nick)?name(?: is)?|i am|i'm|i’m|this is|(?:please |you can )?call me|it is|it's)\b|"  # noqa: E501 - one list
    r"(?:(?:knhom|khnhom|khnom|nhom|kyom|khyom|knhum)\s+(?:mean\s+)?)?(?:chmous|chhmous|chmouh|chhmoh|chmoh|chmos|chmuos|chhmuos)"
    r"(?:\s+(?:knhom|khnhom|khnom|nhom))?\b|"
    r"(?:hao|hav|hov)\s+(?:knhom|khnhom|khnom|nhom)\s+tha\b|"
    r"(?:ชื่อ|ผมชื่อ|ฉันชื่อ|ดิฉันชื่อ))[\s:=,.-]*",
    re.IGNORECASE,
)
# Those that also begin names (តារា, ពូជា, អ៊ុំ…) only when a space follows.
_HONOURS = re.compile(
    "(?:(?:ឯកឧត្តម|លោកជំទាវ|លោកស្រី|លោកតា|លោកយាយ|លោកគ្រូ|លោកពូ|លោក|អ្នកឧកញ៉ា|ឧកញ៉ា|អ្នកស្រី|អ្នកនាង|អ្នកគ្រូ|"
    f"បងប្រុស|បងស្រី|បង|ប្អូនប្រុស|ប្អូនស្រី|ប្អូន|យាយ|មីង)\\s*(?={_LETTER})|"
    "(?:កញ្ញា|នាង|តា|ពូ|អ៊ំ|អុំ|មា|គ្រូ|អូន)\\s+)"
)
_LATIN_HONOURS = re.compile(
    r"(?:(?:mr|mrs|ms|dr)\b\.?|"
    r"(?:miss|mister|lok srey|lok|neak srey|kanha|kagna|bong srey|bong pros|bong|yeay)(?=\s))\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    "\\s*(?:(?<=[\\s\u1780-\u17d3])(?:បាទ|ចា៎ះ|ចា៎|ចាស(?!់))|\\s(?:ណា|បង|ហ្នឹង|bong|bat|baat|jas|chas|ครับ|ค่ะ)|(?:ครับ|ค่ะ))$",
    re.IGNORECASE,
)

# What no name holds; found in folded words, so that marks left out do not hide it.
_NOT_IN_NAMES = """
ខ្ញុំ តើ អ្វី ស្អី អីគេ ហេតុ ម៉េច យ៉ាងណា យ៉ាងម៉េច ចង់ ត្រូវការ អត់ គ្មាន កុំ ដឹង ធ្វើ ការងារ ជួយ លុយ
ប្រាក់ខែ អរគុណ សួស្តី យល់ព្រម ហើយ ប៉ុន្តែ ព្រោះ ឈ្មោះ ប្រាប់ បាទ ជំរាបសួរ ជម្រាបសួរ ប៉ុន្មាន ទូរសព្ទ
ទូរស័ព្ទ
"""
_SAYS_MORE = re.compile("|".join(map(fold, _NOT_IN_NAMES.split())) + "|មិន(?!ា)|(?<=.)ទេ$")
_ANSWERS = frozenset(("ទេ", "ចាស", "ចា៎", "អូខេ", "អី"))
_NOT_IN_LATIN_NAMES = """
what why who where when which how the is are was am want need have has do does did don't dont not no yes
ok okay you your my me i it this that and for with name help please hello hi hey thanks thank work job
money know can could will would tell knhom khnhom khnom nhom chong jong ot ort tver tveu luy mean-te
avey ey chmous chhmous chmoh skip later none nobody bat baat jas chas
"""
_SAYS_MORE_LATIN = frozenset(_NOT_IN_LATIN_NAMES.split())


def name(text: str) -> str | None:
    """The name in a message, normalised and tidied; None when the message is no name, or says more."""
    written = _plain(text)
    if not written or len(text) > _LONGEST:
        return None
    bare = _bare(written)
    return _capitalised(bare) if _is_name(bare) else None


def _plain(text: str) -> str:
    """One line in canonical letters, without emoji and signs at its ends."""
    letters = (" " if unicodedata.category(one) in _DECORATION else one for one in normalise(text.strip()))
    return _SPACE.sub(" ", "".join(letters)).strip(_END)


def _bare(written: str) -> str:
    """Without lead-ins, honours and closing words; whatever would take everything takes nothing."""
    ways = (_LEAD_INS, _LATIN_LEAD_INS, _HONOURS, _LATIN_HONOURS)
    changed = True
    while changed:
        changed = False
        for way in ways:
            found = way.match(written)
            rest = written[found.end() :].strip(_END) if found else ""
            if _has_letter(rest):
                written, changed = rest, True
        closing = _CLOSING.search(written)
        rest = written[: closing.start()].strip(_END) if closing else ""
        if _has_letter(rest):
            written, changed = rest, True
    return written


def _has_letter(text: str) -> bool:
    return bool(text) and unicodedata.category(text[0])[0] == "L"


def _is_name(bare: str) -> bool:
    """Letters only, few words, and none that belongs to a sentence, a greeting or an answer."""
    if (
        not _has_letter(bare)
        or bare in _ANSWERS
        or len(bare) > _MOST_LETTERS
        or len(bare.split()) > _MOST_WORDS
    ):
        return False
    if not all(one in _KEPT or one == "ៗ" or unicodedata.category(one)[0] in "LM" for one in bare):
        return False
    key = fold(bare)
    return not _SAYS_MORE.search(key) and _SAYS_MORE_LATIN.isdisjoint(key.replace("’", "'").split())


def _capitalised(bare: str) -> str:
    """`sok dara` and `SOK DARA` as `Sok Dara`; who writes both cases knows their own name."""
    cased = [one for one in bare if one.isupper() or one.islower()]
    if not cased or not (all(map(str.islower, cased)) or all(map(str.isupper, cased))):
        return bare
    return re.sub(r"[^\s.-]+", lambda word: word[0].capitalize(), bare)
