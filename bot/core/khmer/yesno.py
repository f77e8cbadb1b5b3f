"""Yes and no as people say them: politely, in one letter, in Latin letters, in Thai, by emoji.

Never guesses from part of a message: the whole of it says yes or no, or neither.
"""

import re

from bot.core.khmer.fold import fold

_DRESS = re.compile("[\\s!-/:-@\\[-`{-~។៕៖ៗ…“”‘’«»\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]+")
_REPEATED = re.compile(r"(.+?)\1+")
_LONGEST = 60  # code points: longer messages say more than yes or no


def _key(text: str) -> str:
    """Folded text without spaces, punctuation and skin tones."""
    return _DRESS.sub("", fold(text))


def _keys(words: str) -> frozenset[str]:
    """Keys of words written as people spell them, with `/` between."""
    return frozenset(_key(word) for word in words.split("/"))


_POLITE = tuple(
    sorted(
        _keys("បាទ/បាត/ចាស/ចាះ/ចា៎/ចា៎ះ/ចា៎ស/ครับ/ค่ะ/คะ/bat/baat/bart/baht/jas/jah/jaas/chas/chaas/chah/cha/ja"),
        key=len,
        reverse=True,
    )
)
# What a negation in front turns into no.
_AGREED = _keys(
    "យល់ព្រម/ព្រម/យល់ស្រប/ឯកភាព/សុខចិត្ត/មែន/ត្រូវ/បាន/មាន/ចង់/ត្រូវការ/ធ្លាប់/អូខេ/"
    "yol prom/yul prom/prom/men/trov/trouv/ban/baan/mean/chong/jong"
)
_YES = _AGREED | _keys(
    "យល់ព្រមហើយ/ព្រមហើយ/មែនហើយ/ពិតមែន/មែនពិត/ត្រូវហើយ/បានហើយ/មានហើយ/ហ្នឹង/ហ្នឹងហើយ/ហ្នឹងមែន/អឺ/អើ/យេស/យ៉េស/"
    "men hery/men haey/trov hery/trov haey/ban hery/nung hery/ning hery/"
    "yes/y/yeah/yea/yep/yup/ya/ok/oki/okay/okey/oke/k/sure/agree/i agree/yes i agree/of course/right/correct/"
    "ใช่/ตกลง/ได้/chai/👍/👌/✅/✔/☑/🙆/🆗"
)
_NO = _keys(
    "ទេ/អត់/អត់ទេ/មិនទេ/ណូ/គ្មាន/គ្មានទេ/កុំ/បដិសេធ/នៅទេ/មិនទាន់/មិនទាន់ទេ/អត់ទាន់/អត់ទាន់ទេ/"
    "ទេអរគុណ/អត់ទេអរគុណ/អត់អរគុណ/"
    "no/n/nope/nah/no thanks/no thank you/do not agree/not agree/disagree/i disagree/"
    "ot/ort/ott/at/te/tee/ot te/ort te/ott te/at te/min te/kmean/kmean te/not yet/"
    "ไม่/ไม่ใช่/ไม่ได้/ไม่เอา/mai/mai chai/👎/❌/✖/🙅/🚫/❎"
)
_NOT = tuple(_keys("មិន/អត់/ឥត/ពុំ/min/ot/ort"))
_TE = tuple(_keys("ទេ/te"))


def yes_or_no(text: str) -> bool | None:
    """Whether the whole message says yes or no; None when it says neither."""
    if len(text) > _LONGEST:
        return None
    key = _key(text)
    core = _without_politeness(key)
    if key and not core:
        return True
    if (repeated := _REPEATED.fullmatch(core)) and core not in _YES | _NO:
        core = repeated[1]
    if core in _YES:
        return True
    if core in _NO or _negated(core):
        return False
    return None


def _without_politeness(key: str) -> str:
    """What is left when the polite words at both ends are gone."""
    if key in _YES or key in _NO:
        return key
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
