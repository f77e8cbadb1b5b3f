"""The one plan of the intake walk: what is asked, what is tapped or typed, and what must be stored.

Never knows how a channel shows a question.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`asked`: words of the question. Either a button's label is tapped or words are typed."""

    asked: str
    tap: str = ""
    typed: str = ""


def tap(asked: str, label: str) -> Step:
    return Step(asked, tap=label)


def type_(asked: str, words: str) -> Step:
    return Step(asked, typed=words)


SKIP, TICKED, RIGHT = "រំលង", "រើសរួចហើយ", "ត្រូវទាំងអស់"
HUB = "តើចង់ប្រាប់រឿងណាមុន?"

# Khmer, read or listen, who we are and what is kept, the consent, and the menu.
AGREE = (
    tap("សូមជ្រើសរើសភាសា", "ភាសាខ្មែរ"),
    tap("តើអ្នកចង់អាន ឬចង់ស្តាប់?", "📖 ចង់អាន"),
    tap("តើអ្នកយល់ព្រមទេ?", "យល់ព្រម"),
    tap("សូមជ្រើសរើសមួយ", "ជំនួយសម្រាប់ខ្ញុំ"),
)

# The short part: at its end there is a case, and the person has its number.
SHORT_PART = (
    tap("មានអ្នកផ្សេងប្រើជាមួយទេ?", "ប្រើរួម មិនអីទេ"),
    type_("មានរឿងបន្ទាន់ទេ?", "អត់ទេ"),
    tap("អាយុប៉ុន្មាន?", "២៥–៣៤ឆ្នាំ"),
    type_("រស់នៅខេត្តណា?", "ខេត្តពោធិ៍សាត់"),
    tap("ឱ្យជួយរឿងអ្វីមុនគេ?", "ទាំងពីរ"),
    tap("ទាក់ទងអ្នកតាមណា?", "ហៅទូរសព្ទមក"),
    type_("តើលេខទូរសព្ទរបស់អ្នក លេខប៉ុន្មាន?", "០១២ ៣៤៥ ៦៧៨"),
    tap("តើហៅអ្នកពេលណាស្រួល?", "ល្ងាច"),
    type_("តើឱ្យយើងផ្ញើដំណឹង", "បាទ"),
    type_("បើគម្រោងនេះចប់", "ចាស"),
    tap("តើចង់ប្រាប់បន្ថែមទេ?", "ប្រាប់ឥឡូវនេះ"),
)

OWED = (
    tap("នៅជំពាក់អ្វីខ្លះ?", "ប្រាក់ខែ ប្រាក់ឈ្នួល"),
    tap("នៅជំពាក់អ្វីខ្លះ?", "ប្រាក់កក់"),
    tap("នៅជំពាក់អ្វីខ្លះ?", TICKED),
    type_("តើធ្វើការចុងក្រោយ នៅខែណា", "កក្កដា ២០២៥"),
    tap("តើមានភស្តុតាងអ្វីខ្លះ?", "រូបថត"),
    tap("តើមានភស្តុតាងអ្វីខ្លះ?", TICKED),
    tap("តើត្រូវហើយឬនៅ?", RIGHT),
)

WORK = (
    tap("ឥឡូវនេះ អ្នកធ្វើការអ្វី?", "ស៊ីឈ្នួលម្តងម្កាល"),
    type_("តើចង់បានការងារខាងអ្វី?", "អីក៏បាន"),
    tap("តើចង់ធ្វើការនៅខេត្តណា?", "សៀមរាប"),
    tap("តើចង់បានប្រាក់ខែ", SKIP),
    type_("តើអាចទៅនៅខេត្តផ្សេង", "បាទ"),
    type_("តើអ្នកចេះជំនាញអ្វីខ្លះ?", "ធ្វើម្ហូប"),
    tap("តើអ្នកចេះជំនាញអ្វីខ្លះ?", TICKED),
    tap("តើចង់ធ្វើអ្វីបន្ត?", "រៀនជំនាញខ្លី"),
    tap("តើចង់ធ្វើអ្វីបន្ត?", TICKED),
    tap("តើត្រូវហើយឬនៅ?", RIGHT),
)

ONE_JOB_ABROAD = (
    tap(HUB, "ការងារមុនៗនៅថៃ"),
    type_("តើការងារមុននោះ នៅខេត្តណា", "បាងកក"),
    tap("តើធ្វើការខាងអ្វី?", "សំណង់"),
    tap("តើធ្វើនៅទីនោះ បានយូរប៉ុនណា?", "១ ទៅ ៣ឆ្នាំ"),
    tap("តើមានការងារមុនៗ នៅថៃទៀតទេ?", "គ្មានទៀតទេ"),
)

HOME = (
    tap(HUB, "ផ្ទះ និងឃុំ"),
    type_("តើអ្នករស់នៅឃុំ ឬសង្កាត់ណា?", "ក្រគរ"),
    tap("តើអ្នករស់នៅឃុំ ឬសង្កាត់ណា?", "កំពង់លួង"),
    tap("តើរស់នៅផ្ទះ មានសុវត្ថិភាពទេ?", "ខ្លាចមានមីន ឬគ្រាប់"),
)

ABOUT_YOU = (
    tap(HUB, "អំពីខ្ញុំ"),
    type_("តើឱ្យយើងហៅអ្នកឈ្មោះអ្វី?", "ចន្ថា"),
    tap("តើអ្នកជាស្រី ឬប្រុស?", "ស្រី"),
    type_("តើអានអក្សរខ្មែរបានស្រួលទេ?", "អានបាន"),
)

FINISH = (tap(HUB, "ចប់ហើយ"),)

WALK = (*AGREE, *SHORT_PART, *OWED, *WORK, *ONE_JOB_ABROAD, *HOME, *ABOUT_YOU, *FINISH)
LAST_WORDS = "បុគ្គលិកអាចអានចម្លើយទាំងនេះបានហើយ"

# field[index] → its value, how it was given, sensitivity, its clear copy if coarse, and where it was asked
ANSWERS: dict[str, list[Any]] = {
    "phone_sharing[0]": [["key", "shared-ok"], "given", "S1", None, "intake.phone-sharing"],
    "age[0]": [["key", "25-34"], "given", "S1", "25-34", "intake.age"],
    "need[0]": [["key", "both"], "given", "S1", "both", "intake.need"],
    "contact_way[0]": [["key", "call"], "given", "S1", "call", "intake.contact-way"],
    "phone[0]": [["phone", "+85512345678"], "given", "S1", None, "contact.phone"],
    "safe_time[0]": [["key", "evening"], "given", "S1", None, "contact.safe-time"],
    "owed[0]": [["keys", "wages", "deposit"], "given", "S1", None, "owed.owed"],
    "last_month[0]": [["month", 2025, 7], "given", "S1", None, "owed.last-month"],
    "proof[0]": [["keys", "photo"], "given", "S1", None, "owed.proof"],
    "work_now[0]": [["key", "day-work"], "given", "S0", "day-work", "work.work-now"],
    "want_sector[0]": [["key", "any"], "given", "S0", "any", "work.want-sector"],
    "want_place[0]": [["place", "17"], "given", "S0", "17", "work.want-place"],
    "want_pay[0]": [["skipped"], "skipped", "S0", None, "work.want-pay"],
    "move[0]": [["flag", True], "given", "S0", "yes", "work.move"],
    "skills[0]": [["keys", "cooking"], "given", "S0", "cooking", "work.skills"],
    "training[0]": [["keys", "course"], "given", "S0", "course", "work.training"],
    "job_province[0]": [["words", "បាងកក"], "given", "S1", None, "job-abroad.where"],
    "job_sector[0]": [["key", "construction"], "given", "S0", "construction", "job-abroad.sector"],
    "job_tenure[0]": [["key", "1-3-years"], "given", "S0", "1-3-years", "job-abroad.tenure"],
    "home[0]": [["place", "150305"], "given", "S1", "150305", "home-detail.commune"],
    "home_safe[0]": [["key", "bomb-risk"], "given", "S1", None, "home-detail.home-safe"],
    "name[0]": [["words", "ចន្ថា"], "given", "S1", None, "about-you.name"],
    "sex[0]": [["key", "woman"], "given", "S1", "woman", "about-you.sex"],
    "reading[0]": [["key", "yes"], "given", "S1", "yes", "about-you.reading"],
}
# purpose, granted, the language it was read in
CONSENTS = [("help", True, "km"), ("call", True, "km"), ("messages", True, "km"), ("successor", True, "km")]
