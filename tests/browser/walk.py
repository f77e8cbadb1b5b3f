"""Steps through the demo conversation that several tests begin with."""

from playwright.async_api import expect

from tests.browser.conftest import Served

BACK_HOME = "ខ្ញុំទើបត្រឡប់មកពីថៃ ចង់ឱ្យមានគេជួយ"


async def at_ticks(served: Served) -> None:
    await served.open()
    await served.tap("ខ្មែរ")
    await served.tap(BACK_HOME)
    await expect(served.page.get_by_text("៣/៨")).to_be_visible()


async def at_name(served: Served) -> None:
    await at_ticks(served)
    await served.tap("រួចរាល់")
    await expect(served.page.get_by_text("៤/៨")).to_be_visible()


async def write(served: Served, text: str) -> None:
    await served.page.locator("#words").fill(text)
    await served.page.locator("#words").press("Enter")
