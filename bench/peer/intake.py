"""What the peer asks: an intake of the same length and weight as ours.

Never shared with the product: its words live in the catalogues.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """`options`: (key, label) of its buttons; none means that words are typed."""

    id: str
    text: str
    options: tuple[tuple[str, str], ...] = ()


_YES_NO = (("yes", "បាទ/ចាស"), ("no", "ទេ"))
_PLACES = tuple(
    (code, name)
    for code, name in (
        ("22", "ឧត្តរមានជ័យ"),
        ("15", "ពោធិ៍សាត់"),
        ("13", "ព្រះវិហារ"),
        ("01", "បន្ទាយមានជ័យ"),
        ("02", "បាត់ដំបង"),
        ("17", "សៀមរាប"),
        ("24", "ប៉ៃលិន"),
        ("03", "កំពង់ចាម"),
    )
)

QUESTIONS = (
    Question(
        "language",
        "សួស្តី! សូមជ្រើសរើសភាសា។\nHello! Please choose a language.",
        (("km", "ភាសាខ្មែរ"), ("en", "English")),
    ),
    Question(
        "consent",
        "យើងសួរសំណួរខ្លីៗ ដើម្បីឱ្យមជ្ឈមណ្ឌលអាចជួយអ្នកបាន។ យើងរក្សាចម្លើយជាការសម្ងាត់។ អ្នកអាចឈប់ពេលណាក៏បាន។ តើអ្នកយល់ព្រមទេ?",
        _YES_NO,
    ),
    Question(
        "subject",
        "១/១០\nតើយើងនិយាយអំពីអ្នកណា?",
        (("self", "ខ្លួនខ្ញុំ"), ("family", "សមាជិកគ្រួសារ"), ("group", "ក្រុមមនុស្ស")),
    ),
    Question(
        "age",
        "២/១០\nតើអ្នកអាយុប៉ុន្មាន?",
        (
            ("under-15", "ក្រោម ១៥"),
            ("15-17", "១៥–១៧"),
            ("18-29", "១៨–២៩"),
            ("30-44", "៣០–៤៤"),
            ("45", "៤៥ ឡើងទៅ"),
        ),
    ),
    Question("sex", "៣/១០\nតើអ្នកជាស្រី ឬប្រុស?", (("f", "ស្រី"), ("m", "ប្រុស"), ("x", "មិនចង់ប្រាប់"))),
    Question("province", "៤/១០\nតើអ្នករស់នៅខេត្តណា?", _PLACES),
    Question("returned", "៥/១០\nតើអ្នកត្រឡប់មកពីថៃហើយឬនៅ?", _YES_NO),
    Question(
        "when",
        "៦/១០\nតើអ្នកត្រឡប់មកនៅពេលណា?",
        (("week", "សប្តាហ៍នេះ"), ("month", "ខែនេះ"), ("earlier", "មុននេះ")),
    ),
    Question(
        "work",
        "៧/១០\nតើអ្នកធ្លាប់ធ្វើការងារអ្វីនៅប្រទេសថៃ?",
        (("farm", "កសិកម្ម"), ("build", "សំណង់"), ("sea", "នេសាទ"), ("factory", "រោងចក្រ"), ("home", "ការងារផ្ទះ")),
    ),
    Question("name", "៨/១០\nតើឱ្យយើងហៅអ្នកថាអ្វី? សូមវាយឈ្មោះរបស់អ្នក។"),
    Question("phone", "៩/១០\nសូមវាយលេខទូរស័ព្ទរបស់អ្នក ដើម្បីឱ្យយើងទាក់ទងបាន។"),
    Question(
        "need",
        "១០/១០\nតើអ្នកត្រូវការអ្វីជាងគេឥឡូវនេះ?",
        (
            ("job", "ការងារ"),
            ("money", "ប្រាក់ខែជំពាក់"),
            ("papers", "ឯកសារ"),
            ("health", "សុខភាព"),
            ("skill", "រៀនជំនាញ"),
        ),
    ),
)
THANKS = "អរគុណ! យើងបានកត់ត្រាចម្លើយរបស់អ្នកហើយ។ បុគ្គលិកមជ្ឈមណ្ឌលនឹងទាក់ទងអ្នកក្នុងរយៈពេលពីរថ្ងៃ។ លេខករណី PEER-DONE"
