"""Simulated people: each looks at the last message and taps or types by a fixed rule, like a chat.

Never knows which bot it talks to; a Plan says which buttons lead through its intake.
"""

import asyncio
import itertools
from dataclasses import dataclass
from time import time

import orjson

from bench.fake import Shown


@dataclass(frozen=True, slots=True)
class Plan:
    """How to walk one bot's intake.

    A button's key is its callback data after the first `:`. `prefer`: keys to tap first, in this order; then
    the first button whose key does not begin with `~`. `typed`: words for the question whose text holds the
    fragment. A message with neither buttons nor such a fragment is only read. `done_keys`, `done_texts`: what
    shows that the walk is over, after `least` updates. `most`: updates after which a walk has failed.
    """

    opening: tuple[str, ...] = ("/start",)
    prefer: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    done_keys: frozenset[str] = frozenset()
    done_texts: tuple[str, ...] = ()
    least: int = 2
    most: int = 40


def key_of(payload: str) -> str:
    """What a button means: its callback data without the turn in front."""
    return payload.partition(":")[2] or payload


class Updates:
    """Makes updates as Telegram posts them, numbered in sequence."""

    def __init__(self, first: int = 1) -> None:
        self._ids = itertools.count(first)
        self._messages = itertools.count(5_000_000)

    def text(self, chat: int, words: str) -> tuple[int, bytes]:
        """(update id, body) of a typed message."""
        number = next(self._ids)
        message: dict[str, object] = {
            "message_id": next(self._messages),
            "from": _person(chat),
            "chat": {"id": chat, "first_name": "P", "type": "private"},
            "date": int(time()),
            "text": words,
        }
        if words.startswith("/"):
            length = len(words.partition(" ")[0])
            message["entities"] = [{"offset": 0, "length": length, "type": "bot_command"}]
        return number, orjson.dumps({"update_id": number, "message": message})

    def tap(self, shown: Shown, payload: str) -> tuple[int, bytes]:
        """(update id, body) of a pressed button."""
        number = next(self._ids)
        carried = {
            "message_id": shown.message,
            "from": {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
            "chat": {"id": shown.chat, "first_name": "P", "type": "private"},
            "date": int(time()),
            "text": shown.text,
            "reply_markup": orjson.Fragment(shown.markup),
        }
        query = {
            "id": str(10**18 + number),
            "from": _person(shown.chat),
            "message": carried,
            "chat_instance": str(shown.chat * 7919),
            "data": payload,
        }
        return number, orjson.dumps({"update_id": number, "callback_query": query})


def _person(chat: int) -> dict[str, object]:
    return {"id": chat, "is_bot": False, "first_name": "P", "language_code": "km"}


class Person:
    """One chat: `hear` takes what the bot shows, `reply` waits for what lets the person go on.

    `seen`: every message in order. `repeats`: messages that came a second time.
    """

    def __init__(self, chat: int, plan: Plan, updates: Updates) -> None:
        self.chat = chat
        self.plan = plan
        self.seen: list[Shown] = []
        self.repeats = 0
        self._updates = updates
        self._openings = iter(plan.opening)
        self._faces: set[tuple[int, str, bytes]] = set()
        self._heard: asyncio.Queue[Shown] = asyncio.Queue()

    def hear(self, shown: Shown) -> None:
        """A message came. Edits that only close a keyboard, and what was shown before, are no reply."""
        if shown.edited and not shown.buttons:
            return
        face = (shown.message if shown.edited else 0, shown.text, shown.markup)
        if face in self._faces:
            self.repeats += 1
            return
        self._faces.add(face)
        self._heard.put_nowait(shown)

    async def reply(self) -> Shown:
        """The message that lets the person go on; what comes before it is only read."""
        while True:
            shown = await self._heard.get()
            self.seen.append(shown)
            if self.asks(shown):
                return shown

    def asks(self, shown: Shown) -> bool:
        """Whether the message waits for an answer or ends the walk."""
        return bool(shown.buttons) or self._words_for(shown) is not None or self._ends(shown)

    def over(self, updates: int) -> bool:
        """The walk of so many updates has come to its end."""
        return updates >= self.plan.least and self._ends(self.seen[-1])

    def next_update(self) -> tuple[int, bytes]:
        """What the person does now: (update id, body)."""
        opening = next(self._openings, None)
        if opening is not None:
            return self._updates.text(self.chat, opening)
        last = self.seen[-1]
        words = self._words_for(last)
        if words is not None:
            return self._updates.text(self.chat, words)
        return self._updates.tap(last, choose(last.buttons, self.plan))

    def _words_for(self, shown: Shown) -> str | None:
        return next((said for part, said in self.plan.typed if part in shown.text), None)

    def _ends(self, shown: Shown) -> bool:
        plan = self.plan
        return any(key_of(data) in plan.done_keys for _, data in shown.buttons) or any(
            fragment in shown.text for fragment in plan.done_texts
        )


def choose(buttons: tuple[tuple[str, str], ...], plan: Plan) -> str:
    """The callback data to send."""
    by_key = {key_of(data): data for _, data in buttons}
    preferred = next((by_key[key] for key in plan.prefer if key in by_key), None)
    if preferred is not None:
        return preferred
    return next(data for key, data in by_key.items() if not key.startswith("~"))
