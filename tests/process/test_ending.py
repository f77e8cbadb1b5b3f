"""A process ends part by part, whatever happens to one of them."""

import asyncio

from structlog.typing import EventDict

from bot.process.ending import Ending


async def test_trouble_of_one_part_is_logged_by_its_kind_and_ends_nothing_else(
    journal: list[EventDict],
) -> None:
    ended: list[str] = []

    async def breaks() -> None:
        raise RuntimeError("ដារ៉ា")

    async def ends() -> None:
        ended.append("it")

    ending = Ending()
    await ending.of("first", breaks())
    await ending.of("second", ends())
    assert ended == ["it"]
    assert [(line["part"], line["error"]) for line in journal] == [("first", "RuntimeError")]
    assert "ដារ៉ា" not in str(journal)


async def test_a_part_that_never_ends_is_left_at_its_time(journal: list[EventDict]) -> None:
    await Ending().of("hung", asyncio.Event().wait(), within=0)
    assert [(line["part"], line["error"]) for line in journal] == [("hung", "TimeoutError")]
