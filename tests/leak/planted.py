"""The words, numbers and bytes that are planted, each in one place only, so that a find tells its way.

Never says where they may lie (`test_leak` does).
"""

from tests.fakes.telegram.api import TOKEN
from tests.intake.house import SECRET
from tests.leak.needles import Needle

# --- she, on Telegram: erases herself in the chat --------------------------------------------------
HER_ID = 7_130_042_219_713
HER_PROFILE = "តារាសុវណ្ណផល"
HER_NAME = "ចន្ទ្រាពណ្ណរាយ"
HER_PHONE = "០៩៧ ៣៣១ ១៤៤៥"
HER_STORY = "គាត់យកលុយខ្ញុំអស់ពីប្រអប់ពណ៌ស្វាយ"
HER_TALK = "អង្ករនៅសល់តែបាតកំប៉ុងពងទា"
HER_CHAT = "ឆ្នាំងដីឥដ្ឋពណ៌ផ្កាឈូក"  # written while staff has the chat
HER_VOICE = b"OggS" + b"a voice nobody else has 5519" * 20_000
# --- danger, by every way in: each with words that no list knows -----------------------------------
DANGER = {
    "danger-words": "ប្តីវាយខ្ញុំ នៅក្រោមដើមកូលាបមាស",
    "danger-english": "he beats me behind the crooked lantern",
    "danger-romanised": "bdey veay khnhom kbae srah chhouk meas",
    "danger-caption": "ថៅកែវាយខ្ញុំ ក្បែរទ្រុងសេកខៀវ",
    "danger-edit": "ខ្ញុំចង់ស្លាប់ ដូចស្លឹកត្នោតរលួយ",
    "danger-name": "គេបង្ខាំងខ្ញុំ ក្នុងឃ្លាំងម្រេចចាស់",
    "danger-story": "គេលក់ខ្ញុំ ថ្លៃស្មើកន្ទេលកៅស៊ូ",
    "danger-with-staff": "គំរាមសម្លាប់ខ្ញុំ ដោយពូថៅដងស្ពាន់",
    "danger-broken": "ថៅកែបង្ខាំងខ្ញុំ ក្នុងទូឈើគ្រញូង",
    "danger-page": "he locked me in with the yellow gramophone",
    "danger-locked": "ខ្ញុំចង់សម្លាប់ខ្លួន នៅចុងស្ពានដែកជ្រុះ",
}
TAILS = {
    "danger-words": "ដើមកូលាបមាស",
    "danger-english": "crooked lantern",
    "danger-romanised": "srah chhouk meas",
    "danger-caption": "ទ្រុងសេកខៀវ",
    "danger-edit": "ស្លឹកត្នោតរលួយ",
    "danger-name": "ឃ្លាំងម្រេចចាស់",
    "danger-story": "កន្ទេលកៅស៊ូ",
    "danger-with-staff": "ពូថៅដងស្ពាន់",
    "danger-broken": "ទូឈើគ្រញូង",
    "danger-page": "yellow gramophone",
    "danger-locked": "ចុងស្ពានដែកជ្រុះ",
}
DANGER_PHOTO = b"\xff\xd8\xff" + b"a photo under words of danger 7731" * 9
# --- he, on Telegram: staff erases him; and somebody at the page, who stays ------------------------
HIS_ID = 7_130_042_255_901
HIS_PROFILE = "សំណាងវិរៈបុត្រ"
HIS_NAME = "កក្កដាវិចិត្រា"
HIS_PHONE = "+85588 712 3409"
HIS_STORY = "ប្រាក់នៅក្រោមខ្នើយស្លាបមាន់"
PAGE_NAME = "មករាសុភាវី"
PAGE_STORY = "ចម្ការម្រេចជ្រុងខាងលិច"
BAD_POST = "ខ្សែកចំណីសមុទ្រ"  # in what the listener refuses
DUTY_ID = 7_130_042_000_017
STAFF_WORDS = "កញ្ចប់បាយនៅលើតុថ្ម"
BROKEN = "ក្បាលម៉ាស៊ីនបូមទឹកស្រែ"  # in a message whose step breaks
DELETED_PHOTO = b"\xff\xd8\xff" + b"a photo she deletes 4402" * 30
CARD_PHOTO = b"\xff\xd8\xff" + b"her identity card 9913" * 30
TRANSCRIPT = "ត្រីងៀតពីរគីឡូកន្លះ"  # what staff heard in her voice
COMPLAINT = "មេការរោងចក្រសូកលុយក្នុងស្រោមសំបុត្រពណ៌លឿង"  # his, said anonymously
COMPLAINT_BROKEN = "កាបូបស្បែកក្រពើតូច"  # the same, when the step breaks
CODE = "3141"
FLOWER = "zinnia-blue-7"
FLOWER_LABEL = "ស៊ីនញ៉ាខៀវប្រាំពីរ"


def _digits(number: int) -> tuple[str, ...]:
    return (str(number),)


HERS = (
    Needle("her-name", (HER_NAME,)),
    Needle("her-phone", ("973311445", "97 331 1445", "331 1445")),
    Needle("her-story", ("ប្រអប់ពណ៌ស្វាយ",)),
    Needle("her-flower", (FLOWER,)),
    Needle("her-flower-said", (FLOWER_LABEL,)),
    Needle("her-talk", ("បាតកំប៉ុងពងទា",)),
    Needle("her-chat", (HER_CHAT,)),
    Needle("her-broken", (BROKEN,)),
    Needle("her-voice", ("a voice nobody else has 5519",)),
    Needle("her-transcript", (TRANSCRIPT,)),
    Needle("her-deleted-photo", ("a photo she deletes 4402",)),
    Needle("her-card", ("her identity card 9913",)),
    Needle("her-code", (",".join(f'"{one}"' for one in CODE),)),
    Needle("her-id", _digits(HER_ID)),
    Needle("her-profile", (HER_PROFILE,)),
    Needle("staff-words", (STAFF_WORDS,)),
)
DANGEROUS = (
    *(Needle(name, (tail,)) for name, tail in TAILS.items()),
    Needle("danger-photo", ("a photo under words of danger 7731",)),
)
HIS = (
    Needle("his-name", (HIS_NAME,)),
    Needle("his-phone", ("887123409", "88 712 3409", "712 3409")),
    Needle("his-story", ("ខ្នើយស្លាបមាន់",)),
    Needle("his-id", _digits(HIS_ID)),
    Needle("his-profile", (HIS_PROFILE,)),
)
COMPLAINED = (
    Needle("complaint", ("ស្រោមសំបុត្រពណ៌លឿង",)),
    Needle("complaint-broken", (COMPLAINT_BROKEN,)),
)
THEIRS = (Needle("page-name", (PAGE_NAME,)), Needle("page-story", ("ជ្រុងខាងលិច",)))
SECRETS = (
    Needle("bot-token", (TOKEN, TOKEN.partition(":")[2])),
    Needle("webhook-secret", (SECRET,)),
    Needle("refused-post", (BAD_POST,)),
)
EVERYTHING = (*HERS, *DANGEROUS, *HIS, *COMPLAINED, *THEIRS, *SECRETS)
