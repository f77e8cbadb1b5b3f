"""An announcement amid the intake: the question that waits comes again below it, once for all that came."""

import asyncio

import pytest
from sqlalchemy import text

from storage.outbox import Lane
from tests.runner.office import Office

QUESTION = "តើទូរសព្ទនេះ"  # the first of the intake about oneself
OTHER = "93007002"


async def announced(office: Office, *texts: str) -> None:
    """Something unasked reaches the person, a minute after whatever went before."""
    office.clock.wait(minutes=1)
    someone = await office.contact()
    assert someone is not None
    before = len([one for one in await office.states() if one == "sent"])
    await office.queue(someone, *texts, lane=Lane.BROADCAST)
    await office.until_states(["sent"] * (before + len(texts)))


async def tick(office: Office, **later: float) -> None:
    office.clock.wait(**later)
    await office.agenda.tick(office.clock.at)


async def asked(office: Office) -> int:
    """How often the question was put."""
    return sum(QUESTION in one.part.text for one in await office.outbox())


@pytest.fixture
async def amid(office: Office) -> Office:
    """Somebody who has been asked the first question."""
    office.serve()
    await office.agree()
    await office.until_states(["sent"] * len(await office.states()))
    assert await asked(office) == 1
    return office


async def test_the_question_comes_again_below_all_of_it_and_its_buttons_still_count(amid: Office) -> None:
    await announced(amid, "រូបភាព", "ពិព័រណ៍ការងារ ថ្ងៃសៅរ៍")
    await tick(amid, seconds=2)
    assert await asked(amid) == 1  # more may follow
    await tick(amid, seconds=4)
    assert await asked(amid) == 2
    assert QUESTION in (await amid.outbox())[-1].part.text
    assert (await amid.outbox())[-1].lane == Lane.REPLY
    await tick(amid, minutes=5)
    assert await asked(amid) == 2
    await amid.tap("ប្រើតែម្នាក់ឯង")
    assert (await amid.outbox())[-1].part.text.partition("\n")[0].startswith("សំណួរ ២")


async def test_three_ticks_at_once_ask_it_once(amid: Office) -> None:
    await announced(amid, "ដំណឹង")
    amid.clock.wait(seconds=6)
    await asyncio.gather(*(amid.agenda.tick(amid.clock.at) for _ in range(3)))
    assert await asked(amid) == 2


async def test_two_announcements_in_a_row_are_one_interruption_and_a_later_one_another(amid: Office) -> None:
    await announced(amid, "ដំណឹង")
    amid.clock.wait(seconds=4)
    someone = await amid.contact()
    assert someone is not None
    count = len(await amid.states())
    await amid.queue(someone, "មួយទៀត", lane=Lane.REMINDER)
    await amid.until_states(["sent"] * (count + 1))
    await tick(amid, seconds=4)
    assert await asked(amid) == 1
    await tick(amid, seconds=2)
    assert await asked(amid) == 2
    await amid.until_states(["sent"] * (count + 2))
    await announced(amid, "ស្អែក")
    await tick(amid, seconds=6)
    assert await asked(amid) == 3


async def test_who_answered_meanwhile_is_not_asked_again(amid: Office) -> None:
    await announced(amid, "ដំណឹង")
    amid.clock.wait(seconds=1)
    await amid.tap("ប្រើតែម្នាក់ឯង")
    count = len(await amid.states())
    await tick(amid, seconds=10)
    assert len(await amid.states()) == count


async def test_an_answer_on_the_wire_when_it_arrived_is_not_followed_by_the_question(amid: Office) -> None:
    """The person's step commits before it is written down that the announcement was sent."""
    await announced(amid, "ដំណឹង")
    amid.clock.wait(seconds=1)
    await amid.tap("ប្រើតែម្នាក់ឯង")
    await amid.until_states(["sent"] * len(await amid.states()))
    due = amid.clock.at
    await amid.database.run(lambda conn: conn.execute(text("UPDATE session SET ask_at = :at"), {"at": due}))
    count = len(await amid.states())
    await tick(amid, seconds=10)
    assert len(await amid.states()) == count
    assert await amid.ask("SELECT ask_at FROM session") == [(None,)]


async def test_while_more_is_on_its_way_it_waits(amid: Office) -> None:
    await announced(amid, "ដំណឹង")
    amid.stage.closed = asyncio.Event()
    someone = await amid.contact()
    assert someone is not None
    await amid.queue(someone, "យឺត", lane=Lane.BROADCAST)
    await tick(amid, seconds=6)
    assert await asked(amid) == 1
    amid.stage.closed.set()
    await amid.until_states(["sent"] * len(await amid.states()))
    await tick(amid, seconds=6)
    assert await asked(amid) == 2


async def test_nothing_comes_back_in_quiet_hours_before_the_morning(amid: Office) -> None:
    amid.clock.wait(hours=9)  # 21:00
    await announced(amid, "ប្តូរម៉ោង")
    await tick(amid, minutes=1)
    assert await asked(amid) == 1


async def test_a_reply_or_words_of_staff_interrupt_nothing(amid: Office) -> None:
    someone = await amid.contact()
    assert someone is not None
    amid.clock.wait(minutes=1)
    for lane in (Lane.REPLY, Lane.STAFF):
        count = len(await amid.states())
        await amid.queue(someone, "សួស្តី", lane=lane)
        await amid.until_states(["sent"] * (count + 1))
    await tick(amid, seconds=10)
    assert await asked(amid) == 1


async def test_who_stands_nowhere_is_asked_nothing(office: Office) -> None:
    office.serve()
    someone = await office.greet(OTHER)
    await office.queue(someone, "ដំណឹង", lane=Lane.BROADCAST)
    await office.until_states(["sent"], OTHER)
    await tick(office, seconds=10)
    assert await office.states(OTHER) == ["sent"]
    assert await office.many("inbox") == 0
