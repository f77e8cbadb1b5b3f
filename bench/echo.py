"""The cheapest bot there can be: it answers every update at once with the calls a real step makes.

Never understands anything: it shows what the load side and the fake carry together.
"""

import argparse
import asyncio
from typing import Any

import orjson

from bench.wire import Line, Server, response

_KEYS = orjson.dumps(
    {"inline_keyboard": [[{"text": "ជម្រើសទី " + key, "callback_data": f"1:{key}"}] for key in "abcde"]}
)
_TEXT = "តើអ្នកធ្លាប់ធ្វើការងារអ្វីនៅប្រទេសថៃ? សូមជ្រើសរើសចម្លើយមួយខាងក្រោម។"
_STEPS = 12


class Echo:
    """Counts each chat's steps; every twelfth ends the walk."""

    def __init__(self, api_port: int) -> None:
        self._api_port = api_port
        self._idle: dict[str, list[Line]] = {}
        self._steps: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._done = response(b"")
        self.server = Server(self._take)

    def _take(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        del head
        update = orjson.loads(body)
        task = asyncio.get_running_loop().create_task(self._speak(update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return self._done, 0.0

    async def _speak(self, update: dict[str, Any]) -> None:
        query = update.get("callback_query")
        message = update["callback_query"]["message"] if query else update["message"]
        chat = int(message["chat"]["id"])
        step = self._steps[chat] = self._steps.get(chat, 0) + 1
        if query:
            await self._call("answerCallbackQuery", b"{}")
            edit = {"chat_id": chat, "message_id": message["message_id"], "text": _TEXT}
            await self._call("editMessageText", orjson.dumps(edit))
        said: dict[str, object] = {"chat_id": chat, "text": f"{step} {_TEXT}"}
        if step < _STEPS:
            said["reply_markup"] = orjson.Fragment(_KEYS)
        else:
            said["text"] = "ECHO-DONE"
        await self._call("sendMessage", orjson.dumps(said))

    async def _call(self, method: str, body: bytes) -> None:
        idle = self._idle.setdefault(method, [])
        line = idle.pop() if idle else Line(self._api_port, f"/bot1:A/{method}", {})
        await line.post(body)
        idle.append(line)


async def serve(port: int, api_port: int) -> None:
    """Run until killed."""
    bot = Echo(api_port)
    bot.server.port = port
    await bot.server.start()
    await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-port", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.api_port))


if __name__ == "__main__":
    main()
