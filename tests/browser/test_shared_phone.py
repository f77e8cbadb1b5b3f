"""Leaving in a hurry, removing the chat from a phone, and a conversation that was erased."""

import pytest
from playwright.async_api import expect

from bot.core.channel import Part
from bot.core.events import Event, Text
from tests.browser.conftest import Served
from tests.browser.demo import answer
from tests.browser.walk import at_name, write
from tests.web.memory import MONDAY, Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_quick_exit_leaves_a_neutral_page_and_nothing_to_go_back_to(phone: Served) -> None:
    await phone.page.goto(phone.url.replace("/chat", "/privacy"))
    await at_name(phone)
    await phone.page.locator("#exit").click()
    await phone.page.wait_for_url("**/exit")
    assert await phone.page.title() == "ប្រតិទិន"
    await phone.page.go_back()
    assert phone.page.url.endswith("/privacy")


async def test_three_shifts_leave_too(desk: Served) -> None:
    await at_name(desk)
    for _ in range(3):
        await desk.page.keyboard.press("Shift")
    await desk.page.wait_for_url("**/exit")


async def test_the_chat_can_be_removed_from_a_shared_phone(phone: Served) -> None:
    await at_name(phone)
    await phone.page.locator("#menu summary").click()
    await phone.page.locator("#forget").click()
    await phone.page.locator("#ask-yes").click()
    await phone.page.wait_for_url("**/exit")
    assert await phone.page.evaluate("Object.keys(localStorage).length") == 0
    await phone.open()
    await expect(phone.page.locator("#log").get_by_role("button", name="English", exact=True)).to_be_visible()
    await expect(phone.page.get_by_text("៤/៨")).to_have_count(0)
    assert len(phone.memory.people) == 2


async def test_an_erased_conversation_vanishes_from_the_screen_and_begins_anew(phone: Served) -> None:
    await at_name(phone)
    ((external, _person),) = phone.memory.people.items()
    del phone.memory.people[external]
    phone.memory.wake(external)
    await expect(phone.page.locator(".me")).to_have_count(0)
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()


async def test_the_page_finds_a_conversation_whose_numbers_began_anew_unseen(phone: Served) -> None:
    await phone.page.clock.install()
    await at_name(phone)
    ((external, _person),) = phone.memory.people.items()
    fresh = Person(language="km")
    fresh.say(Part("យើងបានលុបព័ត៌មានរបស់អ្នកហើយ។"), MONDAY)
    fresh.fetched = fresh.seq
    phone.memory.answer = lambda _event, _person: []
    phone.memory.people[external] = fresh
    await write(phone, "សួស្តី")
    await phone.page.clock.fast_forward(16_000)
    await expect(phone.page.get_by_text("យើងបានលុបព័ត៌មានរបស់អ្នកហើយ។")).to_be_visible()


async def test_when_somebody_else_has_the_phone_nothing_of_the_first_stays_on_the_screen(
    phone: Served,
) -> None:
    await at_name(phone)
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    ((external, first),) = phone.memory.people.items()
    second = Person(language="km", since=first.seq, seq=first.seq)
    second.say(Part("សួស្តី។ តើអ្នកណាកំពុងសរសេរ?"), MONDAY)
    phone.memory.people[external] = second
    phone.memory.wake(external)
    await expect(phone.page.get_by_text("តើអ្នកណាកំពុងសរសេរ?")).to_be_visible()
    await expect(phone.page.get_by_text("OM-2026-00042")).to_have_count(0)
    await expect(phone.page.locator(".me")).to_have_count(0)
    await expect(phone.page.locator("#log .them")).to_have_count(1)


async def test_leaving_blanks_the_page_before_the_next_one_is_there(desk: Served) -> None:
    await desk.page.add_init_script(
        "addEventListener('pagehide', () => {"
        " sessionStorage.left = document.title + '/' + document.body.hidden; })"
    )
    await at_name(desk)
    for _ in range(3):
        await desk.page.keyboard.press("Shift")
    await desk.page.wait_for_url("**/exit")
    assert await desk.page.evaluate("sessionStorage.left") == "/true"
    await desk.page.go_back()
    assert not desk.page.url.endswith("/chat")


async def test_hiding_leaves_one_line_on_the_page_also_after_a_reload(phone: Served) -> None:
    def hidden(event: Event, person: Person) -> list[Part]:
        if isinstance(event.body, Text) and event.body.text == "លាក់":
            person.lines.clear()  # as the store shows no line from before
            return [Part("បានហើយ។", hides="chat")]
        return answer(event, person)

    await at_name(phone)
    phone.memory.answer = hidden
    await write(phone, "លាក់")
    await expect(phone.page.get_by_text("៤/៨")).to_have_count(0)
    await expect(phone.page.locator(".bubble")).to_have_count(1)
    await expect(phone.page.locator(".bubble")).to_contain_text("បានហើយ។")
    await phone.page.reload()
    await expect(phone.page.locator(".bubble")).to_have_count(1)
    await phone.page.locator("#words").fill("x")
    assert await phone.page.locator(".rows").count() == 0


async def test_a_picture_taken_back_vanishes_from_the_page(phone: Served) -> None:
    await at_name(phone)
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    ((external, person),) = phone.memory.people.items()
    sent = next(event.body for event in phone.memory.events if isinstance(event.body, Text))
    person.say(Part("បានលុបហើយ។", hides=sent.message), MONDAY)
    phone.memory.wake(external)
    await expect(phone.page.get_by_text("បានលុបហើយ។")).to_be_visible()
    await expect(phone.page.locator(".me .bubble").get_by_text("ចាន់ធូ")).to_have_count(0)
    await expect(phone.page.locator(".me .bubble").get_by_text("រួចរាល់")).to_have_count(1)
