"""Pages, pictures and recordings of ours on the chat page."""

import base64

import pytest
from playwright.async_api import expect

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Event, Tap
from bot.runner.chat import File
from tests.browser.conftest import Served
from tests.web.memory import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CONTENT = "ab" * 32
DOT = base64.b64decode(  # one pixel that a browser draws
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


async def test_a_letter_shows_its_picture_and_its_page_stays_when_the_buttons_go(phone: Served) -> None:
    phone.memory.enclosures[CONTENT] = File("abab.png", "image/png", DOT)

    def letter(event: Event, _person: Person) -> list[Part]:
        if isinstance(event.body, Tap):
            return [Part("អរគុណ", ((PartButton("ម៉ឺនុយ", "2:menu"),),))]
        rows = ((PartButton("ខ្ញុំមក", "1:come"), PartButton("ផែនទី", "", "https://spean.test/map")),)
        return [Part("", document=Document(0, "abab.png", "image/png", content=CONTENT)), Part("ពិព័រណ៍", rows)]

    phone.memory.answer = letter
    await phone.open()
    picture = phone.page.locator(".them img")
    await expect(picture).to_have_js_property("naturalWidth", 1)
    page = phone.page.get_by_role("link", name="ផែនទី")
    await phone.page.get_by_role("button", name="ខ្ញុំមក").click()
    await expect(phone.page.get_by_role("button", name="ម៉ឺនុយ")).to_be_visible()
    await expect(page).to_be_visible()
    assert await page.get_attribute("href") == "https://spean.test/map"
    assert await page.get_attribute("rel") == "noopener noreferrer"
    box = await page.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    await phone.page.reload()
    await expect(page).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 1)
