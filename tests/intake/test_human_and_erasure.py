"""What must be true for the person: a human answers, a voice is listened to, and what is erased is gone."""

import json
from pathlib import Path

import pytest

from tests.intake.conftest import Town
from tests.intake.plan import AGREE, SHORT_PART, Step, tap, type_
from tests.intake.stored import eventually, files, read, stored
from tests.intake.ways import OnTelegram, walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

TALK = (
    *AGREE[:3],
    tap("សូមជ្រើសរើសមួយ", "និយាយជាមួយបុគ្គលិក"),
    tap("តើចង់និយាយជាមួយមជ្ឈមណ្ឌលនៅខេត្តណា?", "ព្រះវិហារ"),
)
CLOSED, NO_CALL = "ការិយាល័យបិទ", tap("តើឱ្យបុគ្គលិកហៅទូរសព្ទទៅអ្នក ពេលការិយាល័យបើក", "ទេ")
ABOUT = "តើចង់និយាយអំពីរឿងអ្វី?"
SEX = "តើអ្នកជាស្រី ឬប្រុស?"
BOT_IS_BACK = "ជំនួយការស្វ័យប្រវត្តិត្រឡប់មកវិញហើយ"


async def test_a_person_of_staff_takes_the_chat_and_the_bot_is_silent_until_it_is_given_back(
    town: Town, person: OnTelegram
) -> None:
    await walk(person, TALK)
    await person.sees("លេខសំណើ")
    if any(CLOSED in message["text"] for message in person.user.messages):  # as it is at night
        await person.do(NO_CALL)
    await person.do(type_(ABOUT, "ថៅកែមិនឱ្យប្រាក់ខែ ២ខែ"))
    await person.sees("បុគ្គលិកនឹងឆ្លើយអ្នក")
    await town.house.did("staff", "add", "sokha", "--centre", "preah-vihear")
    (line,) = (await town.house.did("case", "list", "--as", "sokha", "--json")).splitlines()
    number = json.loads(line)["number"]
    assert number.startswith("PV-20")

    person.look_away()
    await town.house.did("case", "take", number, "--as", "sokha")
    await town.house.did("case", "reply", number, "--as", "sokha", "សួស្តីបង! នៅខេត្តណា?")
    await person.sees("សួស្តីបង! នៅខេត្តណា?")
    heard = len(person.user.messages)
    person.user.text("នៅរ៉ាយ៉ង")
    person.user.voice()
    await town.fake.updates.settled()
    await town.house.did("case", "reply", number, "--as", "sokha", "អរគុណបង")
    await person.sees("អរគុណបង")
    assert [message["text"] for message in person.user.messages[heard:]] == ["អរគុណបង"]
    shown = await town.house.did("conversation", "show", number, "--as", "sokha")
    assert "ថៅកែមិនឱ្យប្រាក់ខែ ២ខែ" in shown
    assert "នៅរ៉ាយ៉ង" in shown

    await town.house.did("case", "release", number, "--as", "sokha")
    await person.sees(BOT_IS_BACK)
    person.look_away()
    person.user.text("អរគុណ")
    await person.sees("សូមជ្រើសរើសមួយ")


async def test_a_voice_note_is_fetched_sealed_and_readable_with_the_key(
    town: Town, person: OnTelegram
) -> None:
    await walk(person, AGREE)
    await person.sees(SHORT_PART[0].asked)
    spoken = b"OggS" + b"a voice nobody else has" * 20_000
    person.look_away()
    person.user.voice(content=spoken)
    await person.sees(SHORT_PART[1].asked)
    address = town.address(person)
    await eventually(lambda: read(town.house.folder, address, files) == [spoken], what="the voice")
    assert town.knows(person).answers["phone_sharing[0]"][1] == "heard"
    assert not _found_in(town.house.folder, b"a voice nobody else has")


async def test_what_a_person_erases_is_gone_from_the_disk(town: Town, person: OnTelegram) -> None:
    planted = ("ពាក្យសម្ងាត់ខ្យល់កន្ត្រាក់", "ចន្ទ្រាពណ្ណរាយដ៏កម្រ", "85597331144")
    call, ends = SHORT_PART[:6], SHORT_PART[8:10]
    name: tuple[Step, ...] = (
        tap("តើចង់ប្រាប់បន្ថែមទេ?", "ទុកលើកក្រោយ"),
        tap("សូមជ្រើសរើសមួយ", "ប្រាប់បន្ថែម"),
        tap("តើចង់ប្រាប់រឿងណាមុន?", "អំពីខ្ញុំ"),
        type_("តើឱ្យយើងហៅអ្នកឈ្មោះអ្វី?", planted[1]),
    )
    phone = (type_(SHORT_PART[6].asked, f"+{planted[2]}"), SHORT_PART[7])
    await walk(person, (*AGREE, *call, *phone, *ends, *name, type_(SEX, planted[0]), type_(SEX, "លុប")))
    sure = tap("តើអ្នកចង់លុបទាំងអស់មែនទេ?", "បាទ/ចាស"), tap("បុគ្គលិកកំពុងជួយអ្នក តាមសំណើ", "បាទ/ចាស")
    await walk(person, sure)  # twice, for the case is open
    await person.sees("បានលុបរួចហើយ")
    address, folder = town.address(person), town.house.folder
    await eventually(lambda: stored(folder, address) is None, what="the erasure")
    for words in (*planted, str(person.user.id)):
        assert not _found_in(folder, words.encode())
    assert len((folder / "erasures.log").read_text().splitlines()) == 1
    person.look_away()
    person.user.text("សួស្តី")
    await person.sees("ជ្រើសរើសភាសា")


def _found_in(folder: Path, words: bytes) -> list[str]:
    """The files of an installation that hold these bytes."""
    return [path.name for path in folder.iterdir() if path.is_file() and words in path.read_bytes()]
