"""Telegram's limits on sending, as a Bot API that enforces them: so many a second in all, and to one chat.

Never waits, and never looks at a clock: it is given the time.
"""

import math
from collections import deque

EVERYBODY = 30  # a second, to all chats together (facts: channels 2.1)
ONE_CHAT = 1.0  # a second; a few may follow each other at once
CHAT_BURST = 5
PENALTY = 3.0  # seconds for which nothing is taken after one too many; Telegram's are seldom shorter


class Limit:
    """`came`: when each send arrived, `refused`: which of them were one too many; seconds of any clock.

    `speed`: how much more than the real one it takes, so that a long broadcast can be tried in a short time.
    Stricter than Telegram, whose limits are soft: no second, wherever it begins, may hold one send too many.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._everybody = EVERYBODY * speed
        self._one_chat = ONE_CHAT * speed
        self.came: list[float] = []
        self.refused: list[float] = []
        self._taken: deque[float] = deque()
        self._until = 0.0
        self._chats: dict[int, float] = {}

    def wait(self, chat: int, now: float) -> int:
        """Whole seconds that a refused send is told to wait; 0: taken."""
        self.came.append(now)
        wait = self._wait(chat, now)
        if wait:
            self.refused.append(now)
        return wait

    def _wait(self, chat: int, now: float) -> int:
        if now < self._until:
            return math.ceil(self._until - now)
        while self._taken and self._taken[0] <= now - 1.0:
            self._taken.popleft()
        if len(self._taken) >= self._everybody:
            self._until = now + PENALTY
            return math.ceil(PENALTY)
        due = max(self._chats.get(chat, 0.0), now)  # when this chat will have earned what it was sent
        if due - now > (CHAT_BURST - 1) / self._one_chat:
            return math.ceil(due - now - (CHAT_BURST - 1) / self._one_chat)
        self._chats[chat] = due + 1.0 / self._one_chat
        self._taken.append(now)
        return 0


def most_in_a_second(times: list[float]) -> int:
    """How many fell into the fullest second, wherever it begins. `times`: ascending."""
    most = first = 0
    for last, now in enumerate(times):
        while times[first] <= now - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most
