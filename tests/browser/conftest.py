import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.web.public import public_app
from tests.browser.demo import answer
from tests.web.conftest import Clock, site
from tests.web.memory import Memory

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_THERE = CHROMIUM.exists()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@dataclass
class Served:
    """A page opened on a served site."""

    page: Page
    context: BrowserContext
    memory: Memory
    server: TestServer
    faults: list[str]

    @property
    def url(self) -> str:
        return str(self.server.make_url("/chat"))

    async def open(self) -> Page:
        await self.page.goto(self.url)
        return self.page

    async def tap(self, label: str) -> None:
        await self.page.locator("#log").get_by_role("button", name=label, exact=True).click()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM_THERE:
        pytest.skip("Chromium is not installed: browser tests are skipped")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        await launched.close()


@asynccontextmanager
async def served_site(browser: Browser, viewport: dict[str, int]) -> AsyncIterator[Served]:
    memory = Memory(answer, now=lambda: datetime.now(UTC))
    server = TestServer(public_app(site(memory, Clock())), host="127.0.0.1")
    await server.start_server()
    phone = viewport["width"] < 500
    context = await browser.new_context(viewport=viewport, is_mobile=phone, has_touch=phone, locale="km-KH")
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "console",
        lambda line: faults.append(line.text) if re.search("Security Policy|Uncaught", line.text) else None,
    )
    try:
        yield Served(page, context, memory, server, faults)
        assert faults == []
    finally:
        await context.close()
        await server.close()


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser) -> AsyncIterator[Served]:
    async with served_site(browser, PHONE) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Served]:
    async with served_site(browser, DESK) as served:
        yield served
