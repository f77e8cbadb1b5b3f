import asyncio
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.core.phrases_web import WEB_PHRASES
from bot.i18n import Words
from bot.web.assets import load_assets
from tests.web.conftest import Clock, Place, serve, site
from tests.web.memory import Memory, words

PAGES = ["/", "/chat", "/exit", "/privacy", "/erase"]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read(text: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(text)
    return reader.tags


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/chat/api/history"])
async def test_every_answer_carries_the_protecting_headers(place: Place, path: str) -> None:
    headers = (await place.client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_has_inline_script_or_style_or_a_foreign_file(place: Place, path: str) -> None:
    text = await (await place.client.get(path)).text()
    for tag, attrs in read(text):
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attrs.get("src", "").startswith("/static/")
        for name in ("src", "href"):
            assert (attrs.get(name) or "/").startswith(("/", "data:,"))


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_khmer_first_and_have_a_neutral_title(place: Place, path: str) -> None:
    answer = await place.client.get(path)
    text = await answer.text()
    assert answer.status == 200
    assert '<html lang="km">' in text
    title = re.search("<title>(.*)</title>", text)
    assert title
    assert title[1] in {"ស្ពាន", "សារ", "ប្រតិទិន"}


async def test_the_chat_page_takes_its_words_along_in_both_languages(place: Place) -> None:
    text = await (await place.client.get("/chat")).text()
    (body,) = [attrs for tag, attrs in read(text) if tag == "body"]
    taken = json.loads(body["data-words"] or "")
    assert taken["km"]["chat.send"] == "ផ្ញើ"
    assert taken["en"]["error.too-big"]
    used = set(re.findall(r'data-w[lp]?="([^"]+)"', text))
    assert used <= set(taken["km"])


async def test_the_script_uses_only_words_that_the_page_takes_along(place: Place) -> None:
    text = await (await place.client.get("/chat")).text()
    (body,) = [attrs for tag, attrs in read(text) if tag == "body"]
    taken = json.loads(body["data-words"] or "")
    script = load_assets()["chat.js"].body.decode()
    assert set(re.findall(r'"(?:web\.)?((?:chat|error)\.[a-z-]{3,})"', script)) <= set(taken["km"])


async def test_the_whole_chat_page_stays_under_40_kilobytes(place: Place) -> None:
    page = await (await place.client.get("/chat")).read()
    assets = load_assets()
    assert len(page) + len(assets["chat.js"].body) + len(assets["chat.css"].body) < 40 * 1024


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_assets_are_kept_for_ever_under_a_name_of_their_content(place: Place, encoding: str) -> None:
    for asset in load_assets().values():
        answer = await place.client.get(asset.url, headers={"Accept-Encoding": encoding})
        assert await answer.read() == asset.body
        assert "immutable" in answer.headers["Cache-Control"]
    assert (await place.client.get("/static/..%2Fpublic.py")).status == 404


async def test_nothing_personal_is_cached_and_the_exit_page_is(place: Place) -> None:
    assert (await place.client.get("/chat")).headers["Cache-Control"] == "no-store"
    assert (await place.client.get("/chat/api/history")).headers["Cache-Control"] == "no-store"
    assert "max-age" in (await place.client.get("/exit")).headers["Cache-Control"]


async def test_the_exit_page_is_a_calendar_of_today(place: Place) -> None:
    text = await (await place.client.get("/exit")).text()
    assert "ខែវិច្ឆិកា ឆ្នាំ២០២៦" in text
    assert '<td class="today">២៣</td>' in text
    assert "ស្ពាន" not in text


def test_every_declared_sentence_exists_in_both_languages_and_no_other() -> None:
    said = words()
    for language in ("km", "en"):
        assert set(said._catalogues[language]) - {""} == set(WEB_PHRASES)  # noqa: SLF001
        for message, names in WEB_PHRASES.items():
            assert set(re.findall(r"\{(\w+)\}", said.say(message, language))) == names


async def test_pages_wait_for_the_store_without_holding_up_the_loop() -> None:
    memory, clock = Memory(), Clock()
    made, asked = site(memory, clock), asyncio.Event()
    answered = asyncio.Event()

    async def slow() -> Words:
        asked.set()
        await answered.wait()
        return words()

    async with serve(replace(made, words=slow), memory, clock) as place, asyncio.timeout(5):
        page = asyncio.ensure_future(place.client.get("/chat"))
        await asked.wait()
        assert (await place.client.post("/chat/api/session")).status == 201
        answered.set()
        assert (await page).status == 200
