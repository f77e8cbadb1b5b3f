"""What is told on Messenger lies only where it may; nothing of it, of the Page or its app is in a log."""

from pathlib import Path

import aiohttp

from tests.fakes.graph.api import APP_SECRET, PAGE_TOKEN, VERIFY_TOKEN, FakeGraph
from tests.intake.messenger import OnMessenger
from tests.intake.plan import AGREE, RIGHT, SHORT_PART, SKIP, tap, type_
from tests.intake.ways import walk
from tests.leak import planted
from tests.leak.hay import Hay
from tests.leak.house import LoudHouse, build
from tests.leak.loud import TRIGGER
from tests.leak.needles import Needle
from tests.leak.page import OnPage, refused, sent
from tests.leak.planted import DANGER, EVERYTHING, TAILS
from tests.leak.rules import ASKED, SEALED, STAFF, TO_HER
from tests.leak.table import Allowed, faults, must

ACCIDENTS = "quick,steps-break,sends-break,gestures-break"
INBOX_WORDS = "កង្ហារដៃរុំសំពត់ចាស់"  # of staff in the Page's own inbox, which are not ours to keep
REF = "poster-QK77193-west"  # of the link by which she came
SECRETS = (
    Needle("page-token", (PAGE_TOKEN,)),
    Needle("app-secret", (APP_SECRET,)),
    Needle("verify-token", (VERIFY_TOKEN,)),
    Needle("inbox-words", (INBOX_WORDS,)),
)
NAMED = Needle("her-ref", (REF,))
TOLD = {"her-name", "her-phone", "page-story", "her-flower", "her-flower-said", "her-voice", "her-broken"}
TOLD |= {"her-id", "her-card", "refused-post", "danger-words", "danger-english"}
HERE = (*(one for one in EVERYTHING if one.name in TOLD), *SECRETS, NAMED)
RULES = (
    *SEALED,
    must("her-id", "sent:rest", TO_HER),
    must("her-flower|her-flower-said", "sent:buttons|sent:words", ASKED),
    Allowed("her-name|her-phone|page-story|her-flower*", "printed:show|printed:conversation", STAFF),
    must("her-ref", "opened:inbox.body", "DESIGN 5: an inbox row keeps the Event (sealed)"),
)


async def test_what_people_say_on_a_page_lies_only_where_it_may(tmp_path: Path) -> None:
    hay = await told(tmp_path, ACCIDENTS)
    assert b'"level": "debug"' in hay.heaps["log:server"], "we listen"
    assert b"web.error" in hay.heaps["http:refusal"]
    assert not faults(hay, HERE, RULES)


async def test_leaks_that_somebody_could_write_are_found_here_too(tmp_path: Path) -> None:
    mutants = "logs-words,logs-the-exception,answers-with-what-was-posted,counts-by-name"
    found = set(faults(await told(tmp_path, f"{ACCIDENTS},{mutants}"), HERE, RULES))
    assert {
        "page-story lies in log:server",
        "her-broken lies in log:server",
        "refused-post lies in http:refusal",
        "her-id lies in http:internal",
    } <= found


async def told(folder: Path, planting: str) -> Hay:
    """Everything that lies there after her story, and what left for the platform."""
    fake = await FakeGraph(speed=20).start()
    house = build(folder, planting)
    house.on_messenger(fake)
    try:
        await house.open()
        fake.webhook = house.messenger
        her = OnPage(house, fake, OnMessenger(fake, fake.person(planted.HER_ID)))
        await she_tells(her)
        await it_goes_wrong(her)
        await operators_look(house)
        hay = house.hay() | sent(fake.calls)
    finally:
        await house.close()
        await fake.stop()
    fake.assert_clean()
    return hay


async def she_tells(her: OnPage) -> None:
    """Her name, her phone, what is sensitive; a voice note and a picture of a card."""
    await her.eyes.start(REF)
    phone = (*SHORT_PART[:6], type_(SHORT_PART[6].asked, planted.HER_PHONE), *SHORT_PART[7:10])
    name = (
        tap("តើចង់ប្រាប់បន្ថែមទេ?", "ទុកលើកក្រោយ"),
        tap("សូមជ្រើសរើសមួយ", "ប្រាប់បន្ថែម"),
        tap("តើចង់ប្រាប់រឿងណាមុន?", "អំពីខ្ញុំ"),
        type_("តើឱ្យយើងហៅអ្នកឈ្មោះអ្វី?", planted.HER_NAME),
        tap("តើអ្នកជាស្រី ឬប្រុស?", SKIP),
    )
    await walk(her.eyes, (*AGREE, *phone, *name))
    await her.calm()
    await her.says("planted-word")
    await her.taps(planted.FLOWER_LABEL)
    await her.says(planted.PAGE_STORY)
    await her.taps(RIGHT)
    await her.eyes.person.voice(planted.HER_VOICE)
    await her.calm()
    her.eyes.look_away()
    await her.eyes.person.image(planted.CARD_PHOTO)
    await her.taps("ជារូបប័ណ្ណ លុបចោល")


async def it_goes_wrong(her: OnPage) -> None:
    """Danger, a step and a send that break, lost answers, refusals, staff in the Page's inbox, bad posts."""
    house, fake, eyes = her.house, her.fake, her.eyes
    for words in ("danger-words", "danger-english"):
        await her.says(DANGER[words])
    assert TAILS["danger-words"] in DANGER["danger-words"]
    await her.says("ម៉ឺនុយ")
    await her.says(f"{planted.BROKEN} {TRIGGER}")
    for kind, name in (("nonsense", ""), ("cut", ""), ("status", "unknown"), ("status", "temporary")):
        fake.fault(kind, edge="messages", name=name)  # type: ignore[arg-type]
        await her.says("ម៉ឺនុយ")
    await house.eventually(lambda: house.rows("SELECT 1 FROM media WHERE state = 'kept'"), "the voice")
    await eyes.person.react()
    await eyes.person.read()
    await refused(house, fake)
    await eyes.person.staff_write(INBOX_WORDS)
    fake.world.token_error = "expired"
    await eyes.person.staff_leave()
    await eyes.person.say("ម៉ឺនុយ")
    stops = "SELECT 1 FROM pace WHERE stopped <> ''"
    await house.eventually(lambda: house.rows(stops), "the stop of the account")


async def operators_look(house: LoudHouse) -> None:
    """What is run beside a live store, while the platform refuses our token."""
    await house.run("operation", "delivery", "list", "--json")
    await house.run("operation", "delivery", "accounts")
    await house.run("operation", "config", "show")
    await house.tried("operation", "doctor")
    internal = f"http://127.0.0.1:{house.settings['WEB__INTERNAL_PORT']}"
    async with aiohttp.ClientSession() as http, http.get(f"{internal}/metrics") as answer:
        house.said.add("http:internal", await answer.read())
