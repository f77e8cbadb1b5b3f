"""Debian's Chromium as a phone that calls nobody but the page it is sent to.

Never looks at what the page says.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_THERE, FLAGS


@asynccontextmanager
async def chromium(size: dict[str, int], scale: float = 1.0) -> AsyncIterator[Page]:
    """A fresh page; a fault of its scripts is a failure. `scale`: device pixels per pixel."""
    if not CHROMIUM_THERE:
        pytest.skip("Chromium is not installed: browser tests are skipped")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = await browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            device_scale_factor=scale,
            is_mobile=True,
            has_touch=True,
            locale="km-KH",
            timezone_id="Asia/Phnom_Penh",
        )
        faults: list[str] = []
        page = await context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        yield page
        await context.close()
        await browser.close()
    assert faults == []
