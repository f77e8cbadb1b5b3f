"""What happens at the edge: posts that are refused, pages that everybody may read, and calls that went out.

Never tells a part of the story itself.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson

from tests.fakes.telegram.api import Call
from tests.leak import planted
from tests.leak.cast import AtPage
from tests.leak.hay import Hay


async def refused(page: AtPage) -> None:
    """Posts of a wrong shape, to wrong places, with wrong secrets; and what everybody may read."""
    house, bad = page.house, planted.BAD_POST
    for form in (
        {"kind": "shout", "text": bad},
        {"kind": "text", "text": [bad]},
        {"id": bad, "kind": "text"},
    ):
        await page.request("POST", "/chat/api/send", json=form)
    await page.request("POST", "/chat/api/send", data=f'{{"kind": "text", "text": "{bad}'.encode())
    await page.request("POST", "/chat/api/upload?id=" + bad, data=bad.encode())
    await page.request("GET", f"/{bad}/{bad}?{bad}={bad}")
    await page.request("GET", "/chat/api/events?after=" + bad)
    await page.request("POST", "/webhook/telegram", json={"update_id": 1, "message": bad})
    secret = {"X-Telegram-Bot-Api-Secret-Token": house.settings["TELEGRAM__WEBHOOK_SECRET"]}
    for update in ({"message": bad}, {"update_id": 5, "message": {"text": bad}}):
        await page.request("POST", "/webhook/telegram", headers=secret, json=update)
    for line in (f"GET /{bad} HTTP/1.1\r\n", f"{bad} / HTTP/1.1\r\n", f"GET / HTTP/1.1\r\n{bad} : {bad}\r\n"):
        await _broken(page, line.encode() + b"Host: x\r\n\r\n")
    for path in ("/", "/chat", "/privacy", "/erase", "/healthz"):
        await page.request("GET", path)
    internal = f"http://127.0.0.1:{house.settings['WEB__INTERNAL_PORT']}"
    for path in ("/metrics", "/readyz", "/healthz", f"/{bad}"):
        async with page.http.get(internal + path) as answer:
            house.said.add("http:internal", await answer.read())


async def _broken(page: AtPage, request: bytes) -> None:
    """What is no HTTP. Its answer goes to whoever sent it, so only the logs are looked at."""
    host, _, port = page.base.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await reader.read(1)
    writer.close()
    await writer.wait_closed()


def sent(calls: Sequence[Call]) -> Hay:
    """What left for Telegram: words, buttons, files, and the rest of each call; to who is on duty apart."""
    hay = Hay()
    for call in calls:
        rest: dict[str, Any] = dict(call.params)
        to = "duty" if rest.get("chat_id") == planted.DUTY_ID else "sent"
        for heap, names in (("words", ("text", "caption")), ("buttons", ("reply_markup",))):
            for name in names:
                if (value := rest.pop(name, None)) is not None:
                    hay.add(f"{to}:{heap}", orjson.dumps(value))
        hay.add(f"{to}:rest", orjson.dumps(rest, default=str))
        for content in call.files.values():
            hay.add(f"{to}:files", content)
    return hay
