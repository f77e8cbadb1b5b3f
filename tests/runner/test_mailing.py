"""Letters to many: each person their own, in their language and order, once for a cause, by the best way."""

from sqlalchemy import Connection, update

from bot.core.message import Line, Verbatim
from bot.core.unasked import barred
from bot.runner.mailing import Letter, Outcome, Post, load, mail
from bot.runner.notice import desk_of
from storage import people
from storage.outbox import Lane
from storage.schema import contact, outbox, safe_hours
from tests.runner.office import Office

SAID = Letter((Verbatim("ពិព័រណ៍ការងារ នៅបាកាន"),), buttons=(("a:7", Verbatim("មើល")),))
PEOPLE = ("81", "82", "83")


async def mailed(office: Office, letter: Letter, cause: str = "activity:7:new") -> list[Outcome]:
    """The letter to everybody whom the office knows."""
    now = office.clock.at

    def work(conn: Connection) -> list[Outcome]:
        desk = desk_of(office.kit)
        everybody = load(conn, desk, range(1, 100), now)
        posts = [Post(one, letter, Lane.REMINDER, f"{cause}:{one.person.contact.id}") for one in everybody]
        return mail(conn, desk, posts, now)

    return await office.database.run(work)


async def test_everybody_gets_the_letter_once_behind_what_they_were_sent_before(office: Office) -> None:
    for who in PEOPLE:
        await office.greet(who)
    assert await mailed(office, SAID) == ["queued"] * 3
    assert await mailed(office, SAID) == ["there already"] * 3
    for who in PEOPLE:
        rows = await office.outbox(who)
        assert rows[-1].part.text == "ពិព័រណ៍ការងារ នៅបាកាន"
        assert [one.payload for one in rows[-1].part.buttons] == ["a:7"]
        assert [one.seq for one in rows] == list(range(1, len(rows) + 1)), "nothing took a number twice"


async def test_two_letters_to_one_person_keep_their_order(office: Office) -> None:
    await office.greet("81")
    now = office.clock.at

    def work(conn: Connection) -> list[Outcome]:
        desk = desk_of(office.kit)
        (to,) = load(conn, desk, [1], now)
        letters = [Letter((Verbatim(f"ទី {number}"),)) for number in range(3)]
        return mail(
            conn,
            desk,
            [Post(to, one, Lane.REMINDER, f"test:{at}") for at, one in enumerate(letters)],
            now,
        )

    assert await office.database.run(work) == ["queued"] * 3
    assert [one.part.text for one in (await office.outbox("81"))[-3:]] == ["ទី 0", "ទី 1", "ទី 2"]


async def test_each_reads_it_in_their_language(office: Office) -> None:
    await office.greet("81")
    await office.greet("82")
    now = office.clock.at
    await office.database.run(lambda conn: people.set_language(conn, 2, "en", now))
    assert await mailed(office, Letter((Line("bot.welcome-back"),)), "test") == ["queued"] * 2
    khmer, english = [(await office.outbox(who))[-1].part.text for who in ("81", "82")]
    assert khmer != english
    assert english.isascii()


async def test_whoever_hid_the_chat_gets_it_when_they_are_back(office: Office) -> None:
    await office.greet("81")
    now = office.clock.at
    await office.database.run(lambda conn: people.set_flag(conn, 1, "hidden", on=True, now=now))
    assert await mailed(office, SAID) == ["queued"]

    def states(conn: Connection) -> list[str]:
        found = conn.execute(outbox.select().where(outbox.c.cause.like("activity:%")))
        return [row.state for row in found]

    assert await office.database.read(states) == ["held"]


async def test_who_is_erasing_everything_is_left_out(office: Office) -> None:
    for who in PEOPLE:
        await office.greet(who)
    now = office.clock.at
    await office.database.run(lambda conn: people.set_erasing(conn, 2, now))
    assert await mailed(office, SAID) == ["queued"] * 2


async def test_their_hours_come_with_them(office: Office) -> None:
    await office.greet("81")
    await office.greet("82")

    def hours(conn: Connection) -> list[str]:
        conn.execute(safe_hours.insert().values(contact_id=2, hours="evening"))
        return [one.hours for one in load(conn, desk_of(office.kit), [1, 2], office.clock.at)]

    assert await office.database.run(hours) == ["any", "evening"]


async def test_others_see_is_feared_until_we_know_better(office: Office) -> None:
    await office.type("សួស្តី", who="81")

    def known(conn: Connection) -> tuple[bool | None, str | None]:
        (to,) = load(conn, desk_of(office.kit), [1], office.clock.at)
        return to.person.contact.careful, barred(to.person.contact)

    assert await office.database.run(known) == (False, None)

    def forget(conn: Connection) -> None:
        conn.execute(update(contact).values(careful=None))

    await office.database.run(forget)
    assert await office.database.run(known) == (None, "others see")
