"""Everything the fake knows: people, chats, messages, files, and what was set up for the bot.

Never speaks HTTP.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.faults import ApiError


@dataclass(slots=True)
class Chat:
    """One private chat. `keyboard`: the reply keyboard now up; `sent`: what the bot sent, as it is now."""

    person: dict[str, Any]
    blocked: bool = False
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=set)  # messages sent with a reply keyboard cannot be edited
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    @property
    def form(self) -> dict[str, Any]:
        return {"id": self.person["id"], "type": "private", "first_name": self.person["first_name"]}

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [message for message in self.messages.values() if message["from"]["is_bot"]]


@dataclass(slots=True)
class Query:
    """A tap that waits for answerCallbackQuery."""

    at: float
    person: int
    answered: str | None = None


class World:
    """`shift`: seconds by which the fake's dates are ahead of the machine's clock."""

    def __init__(self, bot_id: int) -> None:
        self.bot = {"id": bot_id, "is_bot": True, "first_name": "ស្ពាន", "username": "spean_test_bot"}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.words: dict[tuple[str, str], Any] = {}  # (method without set/get, language) → value
        self.shift = 0.0
        self._numbers = {"update": 1000, "message": 0, "file": 0, "query": 4_000_000}

    def next(self, what: str) -> int:
        self._numbers[what] += 1
        return self._numbers[what]

    def date(self) -> int:
        return int(time.time() + self.shift)

    def chat(self, person: int, name: str = "សុខា", language: str = "km") -> Chat:
        if person not in self.chats:
            form = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
            self.chats[person] = Chat(form)
        return self.chats[person]

    def add_file(self, folder: str, content: bytes, suffix: str) -> dict[str, Any]:
        number = self.next("file")
        file_id = f"FILE-{number:06d}-{folder}"
        self.files[file_id] = (f"{folder}/file_{number}.{suffix}", content)
        return {"file_id": file_id, "file_unique_id": f"U{number}", "file_size": len(content)}

    def held(self, folder: str, file_id: str) -> dict[str, Any]:
        """A file that was uploaded before, of the kind it was then; what nobody uploaded is refused."""
        found = self.files.get(file_id)
        if found is None or not found[0].startswith(f"{folder}/"):
            said = "Bad Request: wrong remote file identifier specified: Wrong string length"
            raise ApiError(400, said)
        path, content = found
        return {"file_id": file_id, "file_unique_id": f"U{path}", "file_size": len(content)}

    def message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        number = self.next("message")
        form = {"message_id": number, "from": sender, "chat": chat.form, "date": self.date(), **content}
        chat.messages[number] = form
        return form
