"""My data knows what somebody wants to hear of, what they answered to activities, and what became of it."""

from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core.activity import Follow
from bot.core.activity_effects import Followed, HoursChosen, OutcomeTold
from bot.runner import mydata
from storage import outcomes, people
from storage.people import Person
from tests.runner.fair import TITLE, Fair
from tests.runner.office import WHO, Office


@pytest.fixture
async def fair(office: Office) -> Fair:
    """Somebody comes to it with their family, follows its like, and was asked what became of it."""
    made = Fair(office)
    await made.answers("bus", 3, stop="bakan")
    number, now = await made.someone(), office.clock.at
    follows = (
        Followed(Follow("fairs", "1501"), wanted=True),
        Followed(Follow("jobs", "", "farm"), wanted=True),
    )
    await made.asking.does(number, *follows, HoursChosen("evening"))
    await office.database.run(lambda conn: outcomes.ask(conn, made.held.id, 1, [(number, "c")], now))
    await made.asking.does(number, OutcomeTold(made.held.id, 1, work="offer"))
    await made.asking.does(number, OutcomeTold(made.held.id, 1, money=True))
    return made


async def shown(fair: Fair, *, veiled: bool = False) -> str:
    await fair.asking.does(await fair.someone(), fx.DataAsked("show", veiled))
    return (await fair.office.outbox(WHO))[-1].part.text


async def exported(fair: Fair, *, everything: bool) -> dict[str, Any]:
    def work(conn: Connection) -> dict[str, Any]:
        live = fair.office.kit.library.live(conn)
        found: Person | None = people.by_id(conn, fair.office.vault, fair.people[WHO])
        assert found is not None
        return mydata.export(conn, fair.office.vault, found, None if everything else live.book)

    held = await fair.office.database.run(work)
    return dict(orjson.loads(orjson.dumps(held)))


async def test_all_of_it_is_shown_but_from_whom_money_was_wanted(fair: Fair) -> None:
    said = await shown(fair)
    for part in (TITLE, "បាកាន", "ពិព័រណ៍ការងារ", "កសិកម្ម", "ល្ងាច", "គេសន្យាឱ្យហើយ", "ត្រូវការរថយន្ត"):
        assert part in said
    assert "money" not in said


async def test_where_others_see_the_phone_only_that_there_is_something(fair: Fair) -> None:
    said = await shown(fair, veiled=True)
    assert await fair.office.words("subscribe.data-veiled") in said
    assert TITLE not in said
    assert "បាកាន" not in said


async def test_the_file_has_all_of_it_and_hides_what_is_sensitive(fair: Fair) -> None:
    held = await exported(fair, everything=False)
    assert held["wants_to_hear_of"] == [
        {"purpose": "fairs", "place": "1501", "sector": ""},
        {"purpose": "jobs", "place": "", "sector": "farm"},
    ]
    assert held["hours"] == "evening"
    (registered,) = held["activities"]
    assert (registered["title"], registered["answer"]) == (TITLE, "bus")
    assert (registered["adults"], registered["stop"]) == (3, "bakan")
    (told,) = held["outcomes"]
    assert told["work"] == "offer"
    assert "money" not in told
    field = f"money-wanted-{fair.held.id}"
    assert field in str(await exported(fair, everything=True))


async def test_whoever_erases_everything_leaves_none_of_it(fair: Fair) -> None:
    await fair.asking.does(await fair.someone(), fx.DataAsked("erase"))
    await fair.ticks(minutes=5)
    for table in ("registration", "subscription", "safe_hours", "outcome", "activity_told"):
        assert await fair.office.many(table) == 0, table
