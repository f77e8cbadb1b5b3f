"""How people really use Messenger: they speak, send pictures, go back, mend what they wrote, hide it all."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.core.contact import Address
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import STICKER
from tests.intake.house import House
from tests.intake.messenger import PSID, OnMessenger
from tests.intake.plan import AGREE, SHORT_PART, SKIP, tap
from tests.intake.stored import Stored, eventually, files, read, stored
from tests.intake.ways import walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

LANGUAGE = "ជ្រើសរើសភាសា"
FIRST, URGENT, AGE, HOME, NEED, _, PHONE, HOUR, NEWS = (step.asked for step in SHORT_PART[:9])
CENTRE = "តើចង់ឱ្យមជ្ឈមណ្ឌលនៅខេត្តណាជួយអ្នក?"
BACK = "ថយក្រោយ"
_people = itertools.count(int(PSID) + 1)


@dataclass
class Page:
    """One fake Graph API, one `spean run` behind its webhook, and people who come to it."""

    fake: FakeGraph
    house: House

    def comes(self) -> OnMessenger:
        """Somebody who has not written yet."""
        return OnMessenger(self.fake, self.fake.person(next(_people)))

    def address(self, person: OnMessenger) -> Address:
        return Address(f"messenger:{self.fake.page_id}", person.person.psid)

    def knows(self, person: OnMessenger) -> Stored:
        """What the store holds about somebody."""
        kept = stored(self.house.folder, self.address(person))
        assert kept is not None, "nobody is known there"
        return kept


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    fake = await FakeGraph().start()
    fake.world.subscribed = set()
    house = House(tmp_path_factory.mktemp("page")).on_messenger(fake)
    try:
        await house.open()
        fake.webhook = house.messenger
        yield Page(fake, house)
        await fake.settled()
    finally:
        status = await house.close()
        await fake.stop()
    assert status == 0
    fake.assert_clean()


@pytest_asyncio.fixture(loop_scope="module")
async def person(page: Page) -> OnMessenger:
    """Somebody who has pressed Get Started."""
    came = page.comes()
    await came.start()
    return came


async def test_the_page_introduces_itself_and_is_told_everything(page: Page) -> None:
    assert await page.fake.verify()
    world = page.fake.world
    assert world.subscribed is not None
    assert world.profile["get_started"] == {"payload": "c:start"}
    greeting, menu = world.profile["greeting"][0], world.profile["persistent_menu"][0]
    assert (greeting["locale"], menu["locale"]) == ("default", "default")
    assert "\u1780" <= greeting["text"][0] <= "\u17ff", "Khmer for everybody whose language is not known"
    assert {"messages", "message_echoes", "standby", "messaging_handovers"} <= world.subscribed


async def test_a_link_opens_the_chat_and_is_remembered(page: Page) -> None:
    person = page.comes()
    await person.start("fair-2026")
    await person.sees(LANGUAGE)
    (said,) = page.knows(person).said
    assert said[:2] == ["Start", "fair-2026"]
    person.look_away()
    await person.start("fair-2027")  # in the same chat, from another poster
    await person.sees(LANGUAGE)
    assert [one[1] for one in page.knows(person).said] == ["fair-2026", "fair-2027"]


async def test_what_a_person_agrees_to_they_have_read_before(page: Page, person: OnMessenger) -> None:
    await walk(person, AGREE[:2])
    await person.sees(AGREE[2].asked)
    who, kept, question = person.new
    assert not [*who.choices, *kept.choices], "all buttons are below the last, where nothing takes them away"
    await person.press("មើលតែព័ត៌មាន")
    await page.fake.until(lambda: bool(person.new), what="an answer")
    assert page.knows(person).consents == [("help", False, "km")]
    assert question.way == "free"


async def test_a_voice_note_answers_and_is_fetched_from_the_platform_only(
    page: Page, person: OnMessenger
) -> None:
    await walk(person, AGREE)
    await person.sees(FIRST)
    person.look_away()
    spoken = b"\x00\x00\x00\x18ftypmp42" + b"a voice nobody else has" * 20_000
    await person.person.voice(spoken)
    await person.sees(URGENT)
    assert page.knows(person).answers["phone_sharing[0]"][1] == "heard"
    folder, address = page.house.folder, page.address(person)
    await eventually(lambda: read(folder, address, files) == [spoken], what="the voice")
    foreign = page.fake.foreign.removeprefix("http://")
    await person.person.voice(spoken, foreign=True)
    await person.person.voice(spoken, moved=True)
    downloads = page.fake.downloads
    await eventually(lambda: any(path.startswith("/moved/") for _, path in downloads), what="the third")
    assert foreign not in {host for host, _ in downloads}


async def test_a_picture_is_kept_only_if_they_want_it(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, SHORT_PART[0]))
    await person.sees(URGENT)
    folder, address = page.house.folder, page.address(person)
    for choice in ("លុប", "ជារូបប័ណ្ណ លុបចោល"):
        person.look_away()
        await person.person.image(b"\xff\xd8\xff" + bytes(300))
        await person.press(choice)
        await person.sees(URGENT)
    person.look_away()
    await person.person.image(b"\xff\xd8\xff" + b"her payslip")
    await person.press("ទុកឱ្យបុគ្គលិក")
    await person.sees("បុគ្គលិកអាចមើលបាន")
    wanted = [b"\xff\xd8\xff" + b"her payslip"]
    await eventually(lambda: read(folder, address, files) == wanted, what="the one picture")


async def test_a_number_is_shared_by_the_platforms_own_button(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:6]))
    await person.sees(PHONE)
    assert person.person.last.choices[0].kind == "user_phone_number"
    person.look_away()
    await person.person.share_phone("+85512345678")
    await walk(person, (tap(HOUR, "ព្រឹក"),))
    await person.sees(NEWS)
    assert page.knows(person).answers["phone[0]"][0] == ["phone", "+85512345678"]


async def test_why_back_and_skip_are_on_every_question(page: Page, person: OnMessenger) -> None:
    steps = (*AGREE, *SHORT_PART[:2], tap(AGE, BACK), SHORT_PART[1], *SHORT_PART[2:6])
    await walk(person, (*steps, tap(PHONE, "ហេតុអ្វីសួរ?"), tap(PHONE, SKIP)))
    await person.sees(NEWS)  # without a number there is no hour to call at
    assert page.knows(person).answers["phone[0]"][0] == ["skipped"]


async def test_back_and_skip_may_be_written_too(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:2]))
    for words, asked in ((BACK, URGENT), (SKIP, AGE), (SKIP, HOME)):
        await page.fake.until(lambda: bool(person.new and person.new[-1].choices), what="a question")
        person.look_away()
        await person.person.say(words)
        await person.sees(asked)
    assert page.knows(person).answers["age[0]"][0] == ["skipped"]


async def test_a_list_longer_than_thirteen_has_pages(page: Page, person: OnMessenger) -> None:
    """Twenty-five provinces; Siem Reap is on the second page, `back` behind the button to the others."""
    await walk(person, (*AGREE, *SHORT_PART[:3], tap(HOME, "សៀមរាប")))
    await person.sees(CENTRE)
    assert page.knows(person).answers["home[0]"][0] == ["place", "17"]
    await walk(person, (tap(CENTRE, BACK), tap(HOME, BACK)))
    await person.sees(AGE)
    assert all(len(got.choices) <= 13 for got in person.person.messages)


async def test_a_button_of_an_older_question_changes_nothing(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:3]))
    await person.sees(HOME)
    old = next(got for got in person.person.messages if AGE in got.text)
    person.look_away()
    await person.person.tap(old.choices[0].payload, late=True)
    await page.fake.until(lambda: bool(person.new), what="an answer to the old button")
    assert page.knows(person).answers["age[0]"][0] == ["key", "25-34"]


async def test_an_edited_message_corrects_its_answer(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:4]))
    await person.sees(NEED)
    person.look_away()
    await person.person.edit("ខេត្តព្រះវិហារ")
    await person.sees(NEED)
    assert page.knows(person).answers["home[0]"][0] == ["place", "13"]


async def test_a_thumb_is_a_yes_and_a_reaction_says_nothing(page: Page, person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:5], tap(SHORT_PART[5].asked, "សរសេរមកទីនេះ")))
    await person.sees(NEWS)
    before = len(person.person.messages)
    await person.person.react()
    person.look_away()
    await person.person.sticker()
    await person.sees(SHORT_PART[9].asked)
    assert len(person.person.messages) == before + 1
    assert STICKER not in str(page.knows(person).said), "it was understood as words"
    assert ("messages", True, "km") in page.knows(person).consents


async def test_who_hides_the_chat_is_asked_who_they_are(person: OnMessenger) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:3]))
    await person.sees(HOME)
    person.look_away()
    await person.person.say("លាក់")
    await person.sees("Delete")  # the platform deletes nothing for us: they are told how
    person.look_away()
    await person.person.say("សួស្តី")
    await person.sees("តើអ្នកណាកំពុងសរសេរ?")
    await person.press("ខ្ញុំ ដូចមុន")
    await person.sees(HOME)
