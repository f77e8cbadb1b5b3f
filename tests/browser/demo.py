"""A few questions in Khmer, said by rote, so that the page can be tried without the engine.

Never part of the product.
"""

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Command, Event, Media, Start, Tap, Text
from bot.runner.chat import File
from tests.web.memory import Person

TICKS = {"build": "សំណង់", "farm": "កសិកម្ម", "factory": "រោងចក្រ"}
CONTROLS = (PartButton("⬅ ថយក្រោយ", "3:~back"), PartButton("ហេតុអ្វីសួរ?", "3:~why"))


def column(*buttons: tuple[str, str]) -> tuple[tuple[PartButton, ...], ...]:
    return tuple((PartButton(label, payload),) for label, payload in buttons)


def ticks(done: set[str], replaces: str = "") -> Part:
    rows = column(*((("✓ " if key in done else "") + label, f"3:{key}") for key, label in TICKS.items()))
    return Part(
        "សំណួរ ៣/៨\n\nអ្នកធ្លាប់ធ្វើការអ្វីខ្លះនៅថៃ? អាចជ្រើសបានច្រើន។",
        (*rows, (PartButton("រួចរាល់", "3:done"),), CONTROLS),
        replaces=replaces,
    )


def home() -> Part:
    rows = column(("ខ្ញុំទើបត្រឡប់មកពីថៃ ចង់ឱ្យមានគេជួយ", "2:help"), ("ចង់សួរអំពីការងារ ឬការរៀនជំនាញ", "2:ask"))
    return Part(
        "ជម្រាបសួរ! ខ្ញុំជាជំនួយស្វ័យប្រវត្តិរបស់មជ្ឈមណ្ឌល។ មិនអស់លុយទេ។\n\nថ្ងៃនេះ អ្នកចង់ឱ្យយើងជួយអ្វី?",
        (*rows, (PartButton("និយាយជាមួយមនុស្ស", "2:~person"),)),
    )


def answer(event: Event, person: Person) -> list[Part]:
    match event.body:
        case Start():
            return [
                Part(
                    "សួស្តី! Hello!\nសូមជ្រើសរើសភាសា។ Please choose a language.",
                    ((PartButton("ខ្មែរ", "1:km"), PartButton("English", "1:en")),),
                )
            ]
        case Tap("1:en"):
            person.language = "en"
            return [
                Part("Hello! What can we help you with?", column(("I came back from Thailand", "2:help")))
            ]
        case Tap("1:km") | Command("menu"):
            person.language = "km"
            return [home()]
        case Tap("2:help"):
            return [Part("សូមអរគុណ។ ខ្ញុំនឹងសួរបន្តិច។ អ្នករំលងសំណួរណាក៏បាន។"), ticks(set())]
        case Tap("3:build" | "3:farm" | "3:factory") as tap:
            return [ticks({tap.payload[2:]}, tap.message)]
        case Tap("3:done"):
            return [
                Part(
                    "សំណួរ ៤/៨\n\nតើឱ្យយើងហៅអ្នកថាម៉េច? សរសេរឈ្មោះ ឬថតសំឡេងក៏បាន។",
                    ((PartButton("រំលង", "4:~skip"), PartButton("⬅ ថយក្រោយ", "4:~back")),),
                )
            ]
        case Text(text) if "ឯកសារ" in text:
            person.files[1] = File("ទិន្នន័យរបស់ខ្ញុំ.html", "text/html", "<p>សួស្តី</p>".encode())
            return [Part("នេះជាឯកសាររបស់អ្នក។", document=Document(1, "ទិន្នន័យរបស់ខ្ញុំ.html", "text/html"))]
        case Text(text):
            return [
                Part(
                    f"អរគុណ {text}។ លេខសំណុំរឿងរបស់អ្នកគឺ OM-2026-00042។ ដារ៉ានឹងឆ្លើយក្នុង ១ថ្ងៃ។\n\n"
                    "☎ 012 345 678\nនគរបាល៖ 117",
                    column(("ទៅបញ្ជីដើម", "5:~menu")),
                )
            ]
        case Media():
            return [Part("ខ្ញុំបានទទួលសំឡេងរបស់អ្នកហើយ។ មានមនុស្សនឹងស្តាប់។")]
        case _:
            return []
