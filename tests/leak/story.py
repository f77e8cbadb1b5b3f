"""The story that carries the planted words through every path, with a look around at each turn of it.

Never says what may be found.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson

from tests.fakes.telegram.api import FakeTelegram
from tests.leak import planted
from tests.leak.cast import AtPage, OnPhone
from tests.leak.edge import refused, sent
from tests.leak.hay import Hay, of_sqlite
from tests.leak.house import LoudHouse, build
from tests.leak.loud import TRIGGER

ACCIDENTS = "quick,steps-break,sends-break,gestures-break"
HELP = {"language.choose": "=km", "menu.home": "=me", "intake.urgent": "=none", "intake.age": "=25-34"}
HELP |= {"intake.phone-sharing": "=shared-ok"}  # so that "my answers" names topics
INTAKE = HELP | {"intake.home": "=15", "intake.contact-way": "=call", "intake.more": "=later"}
SOKHA, MONY = ("--as", "sokha"), ("--as", "mony")  # a caseworker, a safeguarding officer


@dataclass
class Story:
    """What happened so far. `looks`: all that lay there, by the moment. `heads`: how whose cells begin."""

    house: LoudHouse
    fake: FakeTelegram
    her: OnPhone
    him: OnPhone
    duty: OnPhone
    page: AtPage
    looks: dict[str, Hay] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)
    calls: int = 0  # that were looked at and left behind

    def turn_the_page(self) -> None:
        """What was printed, answered and sent so far is looked at no more."""
        self.house.said = Hay()
        self.calls = len(self.fake.calls)

    def look(self, moment: str) -> Hay:
        """Everything as it lies now, with what went out to Telegram."""
        for external, session in self.house.sessions().items():
            self.heads[external] = session["head"]
        self.looks[moment] = self.house.hay() | sent(self.fake.calls[self.calls :])
        return self.looks[moment]

    @property
    def backups(self) -> list[Path]:
        """The oldest first."""
        return sorted(self.house.backups.iterdir())


@asynccontextmanager
async def told(folder: Path, faults: str = ACCIDENTS, url: str = "") -> AsyncIterator[Story]:
    """An installation that serves Telegram's webhook and the page, and its people."""
    fake = await FakeTelegram(speed=20).start()
    house = build(folder, faults, url).on_telegram(fake, "webhook")
    try:
        await house.open()
        async with aiohttp.ClientSession() as http:
            yield Story(
                house,
                fake,
                OnPhone(house, fake, fake.user(planted.HER_ID, planted.HER_PROFILE)),
                OnPhone(house, fake, fake.user(planted.HIS_ID, planted.HIS_PROFILE)),
                OnPhone(house, fake, fake.user(planted.DUTY_ID, "បុគ្គលិក")),
                AtPage(house, http),
            )
    finally:
        await house.close()
        await fake.stop()
    fake.assert_clean()


async def they_tell(story: Story) -> None:
    """Names, phones and what is sensitive, by typing and tapping."""
    await tells(story.her, planted.HER_NAME, planted.HER_PHONE, planted.HER_STORY)
    await tells(story.him, planted.HIS_NAME, planted.HIS_PHONE, planted.HIS_STORY)
    page = story.page
    await page.comes()
    await page.walks(INTAKE, "intake.age")
    await page.walks(INTAKE | {"intake.contact-way": "=app"}, "menu.home")
    await page.does("command", name="planted")
    await page.walks({"planted.flower": f"={planted.FLOWER}"}, "planted.story")
    await page.says(planted.PAGE_STORY)
    await page.sees()


async def tells(who: OnPhone, name: str, phone: str, words: str) -> None:
    """One of them."""
    await who.begins()
    await who.walks(INTAKE, "intake.age")
    await who.walks(INTAKE | {"contact.phone": phone}, "menu.home")
    await who.taps("topics")
    await who.walks({"topics.*": "=about-you"}, "about-you.name")
    await who.says(name)
    await who.says("/planted")
    await who.taps(planted.FLOWER)
    await who.says(words)
    await who.walks({}, "planted.review")
    await who.says("/mydata")
    await who.taps("show")


async def staff_comes(story: Story) -> None:
    """A caseworker, who is on duty by Telegram, and a safeguarding officer."""
    house = story.house
    await house.run("staff", "staff", "add", "sokha", "--centre", "pursat")
    await house.run("staff", "staff", "add", "mony", "--role", "safeguarding")
    for name in ("sokha", "mony"):
        code = (await house.run("code", "staff", "code", name)).out.strip()
        if name == "sokha":
            await story.duty.begins()
            await story.duty.says(f"/staff {code}")


async def danger_comes(story: Story) -> None:
    """By words of every kind, under a photo, as an edit, and as the answer to a question."""
    her, words = story.her, planted.DANGER
    for name in ("danger-words", "danger-english", "danger-romanised"):
        await her.says(words[name])
    her.user.photo(planted.DANGER_PHOTO, caption=words["danger-caption"])
    her.user.text("សួស្តី")
    await story.house.calm(story.fake)
    her.user.edit(words["danger-edit"])
    await story.house.calm(story.fake)
    await her.taps("safe")
    await her.says("/planted")
    await her.taps(planted.FLOWER)
    await her.says(words["danger-story"])
    await her.taps("safe")
    await her.says("/menu")
    await her.taps("topics")
    await her.walks({"topics.*": "=about-you"}, "about-you.name")
    await her.says(words["danger-name"])
    await her.taps("safe")
    await story.page.says(words["danger-page"])


async def she_protects_herself(story: Story) -> None:
    """A code of pictures, a photo that is deleted again, and a chat that is hidden and opened."""
    house, her = story.house, story.her
    kept = "SELECT count(*) FROM inbox WHERE body IS NOT NULL"
    await her.says("/code")
    await her.taps("set")
    before = house.rows(kept)
    for picture in planted.CODE * 2:
        await her.taps(picture)
    assert house.rows(kept) == before, "a tap of the code was kept"
    await her.says("/menu")
    her.user.photo(planted.DELETED_PHOTO)
    await house.calm(story.fake)
    await her.taps("delete")
    her.user.photo(planted.CARD_PHOTO)
    await house.calm(story.fake)
    await her.taps("card")
    await her.says("/hide")
    await her.says(planted.DANGER["danger-locked"])
    await her.taps("safe")
    await her.says("/menu")
    await her.taps("me")
    for picture in planted.CODE:
        await her.taps(picture)


async def staff_works(story: Story) -> None:
    """A person of staff reads, answers and hands back, and the person writes meanwhile."""
    house, her = story.house, story.her
    await her.says("/menu")
    await her.taps("person")
    await her.walks({"talk.centre": "=pursat"}, "talk.about")
    await her.says(planted.HER_TALK)
    listed = await house.run("list", "case", "list", *SOKHA, "--json")
    cases = [orjson.loads(line) for line in listed.out.splitlines()]
    number = next(case["number"] for case in cases if case["kind"] == "person")
    await house.run("take", "case", "take", number, *SOKHA)
    await house.run("reply", "case", "reply", number, *SOKHA, f"{planted.STAFF_WORDS} {TRIGGER}")
    await her.says(planted.HER_CHAT)
    her.user.voice(content=planted.HER_VOICE)
    await her.says(planted.DANGER["danger-with-staff"])
    await house.eventually(lambda: house.rows("SELECT 1 FROM media WHERE state = 'kept'"), "the voice")
    await house.run("show", "case", "show", number, *SOKHA)
    await house.run("conversation", "conversation", "show", number, *SOKHA)
    await house.run("contact", "contact", "show", number, *SOKHA)
    await house.run("export", "contact", "export", number, *SOKHA)
    notes = (await house.run("listen", "listen", "list", *SOKHA, "--json")).out.splitlines()
    note = str(orjson.loads(notes[0])["id"])
    await house.run("listen", "listen", "transcribe", note, planted.TRANSCRIPT, *SOKHA, "--words-only")
    await house.run("release", "case", "release", number, *SOKHA)
    await house.run("conversation", "conversation", "show", number, *MONY)
    await house.calm(story.fake)


async def he_complains(story: Story) -> None:
    """Without his name; once more when the step breaks."""
    for words in (planted.COMPLAINT, f"{planted.COMPLAINT_BROKEN} {TRIGGER}"):
        await story.him.says("/complain")
        await story.him.taps("employer")
        await story.him.taps("anonymous")
        await story.him.says(words)
    await story.house.run("restricted", "case", "list", *MONY, "--json")
    complaint = story.house.rows("SELECT id FROM casefile WHERE kind = 'complaint'")
    await story.house.run("complaint", "case", "show", str(complaint[0][0]), *MONY)


async def it_breaks(story: Story) -> None:
    """A step raises with the words in its message, a killed process, and posts that are refused."""
    house, her = story.house, story.her
    await her.taps("safe")
    await her.says("/menu")
    await her.says(f"{planted.BROKEN} {TRIGGER}")
    await her.says(f"{planted.DANGER['danger-broken']} {TRIGGER}")
    await refused(story.page)
    for words in ("/menu", planted.HER_CHAT, "/mydata"):
        her.user.text(words)
    await asyncio.sleep(0)
    await house.close(signal.SIGKILL)
    story.look("killed")
    await house.run("operation", "backup")
    await house.run("operation", "keys", "rotate", "--yes")
    await house.open()
    await house.calm(story.fake)


async def operators_work(story: Story) -> None:
    """What is run beside a live store."""
    run = story.house.run
    await run("operation", "purge", "--dry-run")
    await run("operation", "purge", "--yes")
    await run("operation", "backup")
    await run("operation", "restore", str(story.backups[-1]), "--verify")
    await story.house.tried("operation", "doctor")
    for words in (
        ("audit", "list"),
        ("audit", "verify"),
        ("staff", "list"),
        ("config", "show"),
        ("version",),
    ):
        await run("operation", *words)
    await run("operation", "contact", "list", "--json")
    await run("operation", "case", "list", "--json")


async def she_erases_herself(story: Story) -> None:
    """In the chat, asked twice, and sure."""
    her, erasing = story.her, "SELECT 1 FROM contact WHERE erasing_since IS NOT NULL"
    await her.says("/erase")
    if her.node == "erase.code":
        for picture in planted.CODE:
            await her.taps(picture)
    while her.node.startswith("erase.") and not story.house.rows(erasing):
        await her.taps("yes")
    await story.house.eventually(lambda: not her.known, "the erasure")


async def he_is_erased(story: Story) -> None:
    """By staff, who were asked."""
    address = f"telegram:{story.fake.world.bot['id']}/{planted.HIS_ID}"
    await story.house.run("erase", "contact", "erase", address, "--yes")


async def a_backup_comes_back(story: Story) -> None:
    """The one of before the erasures, in place of the store."""
    oldest = story.backups[0]
    keys = story.house.unlocked()
    backup = story.looks["backup"] = of_sqlite(story.house.copied(oldest), keys, "backup:")
    backup.add("backup:file:spean.db", oldest.read_bytes())
    await story.house.close()
    await story.house.run("operation", "restore", str(oldest), "--yes")


async def time_passes(story: Story) -> None:
    """The cases of whoever stayed are closed, and a year goes by."""
    house = story.house
    waiting = "SELECT coalesce(number, CAST(id AS TEXT)), kind FROM casefile WHERE state IN ('open', 'taken')"
    for number, kind in house.rows(waiting):
        who = MONY if kind in ("complaint", "danger") else SOKHA
        await house.run("close", "case", "take", number, *who)
        await house.run("close", "case", "close", number, *who, "--yes")
    await house.close()
    house.program = ("tests.leak.loud", "a-year-later")
    await house.run("purge", "purge", "--yes")
