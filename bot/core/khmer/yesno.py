"""Yes and no as people say them: politely, drawn out, in one letter, in Latin letters, in Thai, by emoji.

Never guesses from part of a message: the whole of it says yes or no, or neither. "No problem" is neither.
"""

import re

from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise

_DRESS = re.compile(
    "[\\s!-/:-@\\[-`{-~។៕៖ៗๆ…“”‘’«»♀♂\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
    "🙏😊🙂😀😁😃😄😅😆😍🥰😇😉☺❤♥💕🌹]+"  # what is put beside a word; alone it says neither
)
_REPEATED = re.compile(r"(.+?)\1+")
_DRAWN = re.compile(r"(.)\1+")
_LONGEST = 60  # code points: longer messages say more than yes or no
# Questions; and "lost", "old", which folding would take for "yes", said by a man and by a woman.
_SAYS_ELSE = re.compile("[?？]|បាត់|ចាស់")


def _key(text: str) -> str:
    """Folded text without spaces, punctuation, skin tones and decoration."""
    return _DRESS.sub("", fold(text))


def _keys(words: str) -> frozenset[str]:
    """Keys of words written as people spell them, with `/` between."""
    return frozenset(_key(word) for word in words.split("/"))


def _longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(_keys(words), key=len, reverse=True))


_POLITE = _longest_first("បាទ/បាត/ចាស/ចាះ/ចា៎/ចា៎ះ/ចា៎ស/ច៎ាស/ចា/ครับ/ครับผม/คับ/ค่ะ/คะ/จ้า/จ้ะ")
_LATIN_POLITE = "bat/baat/batt/bart/baht/jas/jah/jaa/jaas/cas/chas/chaas/chah/cha/ja"
# Whom it is said to, and little words that close a sentence: dropped at the end, meaning nothing alone.
_CLOSING = _longest_first("បង/បងស្រី/បងប្រុស/អូន/ប្អូន/លោក/អ្នកស្រី/អ្នកគ្រូ/ពូ/មីង/ណា/ណ៎ា/ណ៎/អរគុណ/นะ")
_LATIN_CLOSING = "bong|oun|na|nah|sir|please"
_EITHER = _LATIN_POLITE.replace("/", "|")
_OPENS = re.compile(f"^(?:(?:{_EITHER})\\b[\\s,.!]*)+(?=.)")
_CLOSES = re.compile(f"(?<=\\S)(?:[\\s,.!]+(?:{_EITHER}|{_LATIN_CLOSING})\\b[\\s,.!]*)+$")
# What a negation in front turns into no.
_AGREED = _keys(
    "យល់ព្រម/ព្រម/យល់ស្រប/ឯកភាព/សុខចិត្ត/មែន/ត្រូវ/បាន/មាន/ចង់/ចង់បាន/ត្រូវការ/ធ្លាប់/ដែល/អូខេ/យក/"
    "yol prom/yul prom/prom/men/trov/trouv/trv/ban/baan/mean/chong/jong/ok/yok/tlob/thloab"
)
_YES = (
    _AGREED - _keys("ដែល")
    | _keys(_LATIN_POLITE)
    | _keys(
        "យល់ព្រមហើយ/ព្រមហើយ/មែនហើយ/ពិតមែន/ពិតមែនហើយ/មែនពិត/ត្រូវហើយ/បានហើយ/មានហើយ/បានតើ/មានតើ/ហ្នឹង/"
        "ហ្នឹងហើយ/ហ្នឹងមែន/ហ្នឹងឯង/"
        "អឺ/អើ/អ៊ឺ/អឺហឺ/យេស/យ៉េស/យេះ/អូខេហើយ/អូកេ/ok ហើយ/អូខេបាន/ប្រាកដហើយ/ពិតប្រាកដ/ពិតប្រាកដហើយ/"
        "ច្បាស់ហើយ/"
        "ខ្ញុំយល់ព្រម/ខ្ញុំព្រម/ខ្ញុំមាន/ខ្ញុំចង់/ខ្ញុំត្រូវការ/ខ្ញុំធ្លាប់/ធ្លាប់ហើយ/យល់ព្រមទាំងអស់/"
        "ធម្មតា បាន/"
        "men hery/men haey/men hz/mean hery/mean hz/trov hery/trov haey/trov hz/trv hz/ban hery/ban haey/"
        "ban hz/prom hery/prom hz/"
        "nung hery/nung hz/ning hery/ning hz/nung haey/hnung hery/hneung hery/neng hery/knhom yol prom/"
        "knhom prom/knhom mean/ok hz/"
        "yes/y/yeah/yea/yep/yup/ya/yes please/yes i do/yes i am/yes of course/ok/oki/okay/okey/oke/k/"
        "sure/agree/agreed/i agree/"
        "yes i agree/i do/of course/right/correct/that is right/absolutely/"
        "ใช่/ใช่แล้ว/ตกลง/ได้/โอเค/เอา/มี/เคย/ยอมรับ/เห็นด้วย/chai/👍/👌/✅/✔/☑/🙆/🆗/⭕"
    )
)
_NO = _keys(
    "ទេ/អត់/អត់ទេ/មិនទេ/ណូ/ណូវ/គ្មាន/គ្មានទេ/អត់គ្មាន/កុំ/បដិសេធ/នៅទេ/នៅឡើយ/នៅឡើយទេ/មិនទាន់/មិនទាន់ទេ/"
    "អត់ទាន់/អត់ទាន់ទេ/"
    "ទេអរគុណ/អត់ទេអរគុណ/អត់អរគុណ/មិនព្រមជាដាច់ខាត/មិនដែលទេ/ទេមិនមែន/ទេមិនមាន/ទេមិនចង់/ទេមិនយល់ព្រម/"
    "អត់ទេមិនយល់ព្រម/"
    "ខ្ញុំមិនយល់ព្រម/ខ្ញុំមិនយល់ព្រមទេ/ខ្ញុំមិនព្រមទេ/ខ្ញុំអត់ព្រមទេ/ខ្ញុំមិនចង់ទេ/ខ្ញុំមិនចង់/"
    "ខ្ញុំអត់មានទេ/ខ្ញុំអត់មាន/ខ្ញុំគ្មានទេ/ខ្ញុំមិនមានទេ/"
    "no/n/nope/nah/no thanks/no thank you/no i do not/no i don't/do not agree/i do not agree/"
    "i don't agree/not agree/disagree/"
    "i disagree/not yet/never/not at all/"
    "ot/ort/ott/at/te/tee/teh/ot te/ort te/ott te/at te/min te/kmean/kmean te/khmean/ot tan/ot tan te/"
    "min toan/knhom ot mean te/"
    "ไม่/ไม่ใช่/ไม่ได้/ไม่เอา/ไม่มี/ไม่เคย/ไม่ตกลง/ไม่ยอมรับ/ไม่เห็นด้วย/ยัง/ยังไม่/ยังไม่มี/mai/"
    "mai chai/👎/❌/✖/🙅/🚫/❎/⛔"
)
_NOT = _longest_first("មិន/អត់/ឥត/ពុំ/មិនទាន់/អត់ទាន់/ពុំទាន់/ទេមិន/ទេអត់/ថាមិន/ថាអត់/min/ot/ort/at/ot tan")
_TE = tuple(_keys("ទេ/ផង/ទេណា/te/teh/tee"))


def yes_or_no(text: str) -> bool | None:
    """Whether the whole message says yes or no; None when it says neither."""
    if len(text) > _LONGEST or _SAYS_ELSE.search(normalise(text)):
        return None
    key = _key(_OPENS.sub("", _CLOSES.sub("", fold(text))))
    said = _said(key)
    return said if said is not None or not _DRAWN.search(key) else _said(_DRAWN.sub(r"\1", key))


def _said(key: str) -> bool | None:
    core = _without_politeness(key)
    if key and not core:
        return True
    if (repeated := _REPEATED.fullmatch(core)) and core not in _YES | _NO:
        core = _without_politeness(repeated[1])
    if core in _YES:
        return True
    if core in _NO or _negated(core):
        return False
    return None


def _without_politeness(key: str) -> str:
    """What is left when the polite words at both ends are gone; empty when there was nothing else."""
    if key in _YES or key in _NO or _negated(key):
        return key
    for word in _CLOSING:
        if key.endswith(word) and key != word:
            return _without_politeness(key[: -len(word)])
    for word in _POLITE:
        if key.startswith(word):
            return _without_politeness(key[len(word) :])
    for word in _POLITE:
        if key.endswith(word):
            return _without_politeness(key[: -len(word)])
    return key


def _negated(core: str) -> bool:
    """A negation, something one agrees to, and perhaps the closing ទេ."""
    for negation in _NOT:
        if core.startswith(negation):
            said = core[len(negation) :]
            if said in _AGREED or any(said.endswith(te) and said[: -len(te)] in _AGREED for te in _TE):
                return True
    return False
