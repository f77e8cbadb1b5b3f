"""The picture in the README: `python -m tests.intake.screenshot OUT.png` walks the web chat to a nice moment.

Never shows anybody's real words: it walks the plan on a store of its own.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import expect

from tests.browser.conftest import PHONE
from tests.intake.house import House
from tests.intake.plan import AGREE, SHORT_PART
from tests.intake.screen import chromium
from tests.intake.ways import AtThePage, walk

SHARP = 2.0


async def draw(out: Path) -> None:
    """Up to the question what is needed most: a tap and typed words above, progress and buttons below."""
    with TemporaryDirectory(prefix="spean-") as folder:
        house = await House(Path(folder)).open()
        try:
            async with chromium(PHONE, SHARP) as page:
                await page.goto(house.chat)
                person = AtThePage(page)
                await walk(person, (*AGREE, *SHORT_PART[:4]))
                await person.sees(SHORT_PART[4].asked)
                await expect(page.locator("#typing")).to_be_hidden()
                await page.evaluate("document.activeElement.blur()")
                await page.screenshot(path=out, animations="disabled")
        finally:
            await house.close()


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
