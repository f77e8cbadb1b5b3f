"""Many things that came in together: everybody's at the same time, each person's own one after another.

Never lets one who fails stop another, and takes nothing of a person after what failed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

_T = TypeVar("_T")


async def take_all(
    things: Iterable[_T], person: Callable[[_T], object], take: Callable[[_T], Awaitable[None]]
) -> list[tuple[_T, Exception]]:
    """Take them; gives the first of each person that could not be taken, with its reason."""
    people: dict[object, list[_T]] = {}
    for thing in things:
        people.setdefault(person(thing), []).append(thing)
    if len(people) == 1:  # no task is needed for one message of one person
        (alone,) = people.values()
        failure = await _in_order(alone, take)
        return [] if failure is None else [failure]
    # One who fails must not stop the others, so failures are gathered as values.
    outcomes = await asyncio.gather(*(_in_order(own, take) for own in people.values()))
    return [failure for failure in outcomes if failure is not None]


async def _in_order(things: list[_T], take: Callable[[_T], Awaitable[None]]) -> tuple[_T, Exception] | None:
    for thing in things:
        try:
            await take(thing)
        except Exception as error:  # noqa: BLE001 - reported to the caller, who does not acknowledge it
            return thing, error
    return None
