"""The chat page in a real browser, against the small demo conversation."""

import re

import pytest
from playwright.async_api import expect

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Command, Event, Media, Start, Tap, Text
from tests.browser.conftest import Served
from tests.browser.demo import answer
from tests.browser.walk import BACK_HOME, at_name, at_ticks, write
from tests.web.memory import MONDAY, Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_conversation_by_taps_and_words(phone: Served) -> None:
    await at_name(phone)
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    bodies = [event.body for event in phone.memory.events]
    assert isinstance(bodies[0], Start)
    assert [body.payload for body in bodies if isinstance(body, Tap)] == ["1:km", "2:help", "3:done"]
    assert [body.text for body in bodies if isinstance(body, Text)] == ["ចាន់ធូ"]
    mine = phone.page.locator(".me .bubble > span:nth-child(2)")
    assert await mine.all_text_contents() == ["ខ្មែរ", BACK_HOME, "រួចរាល់", "ចាន់ធូ"]
    assert await phone.page.locator('a[href="tel:012345678"]').count() == 1
    assert await phone.page.locator('a[href="tel:117"]').count() == 1


async def test_ticks_are_redrawn_in_place(phone: Served) -> None:
    await at_ticks(phone)
    for _ in range(2):
        await phone.page.get_by_role("button", name="សំណង់").click()
        await expect(phone.page.get_by_role("button", name="✓ សំណង់")).to_be_enabled()
    assert await phone.page.get_by_text("៣/៨").count() == 1
    taps = [event.body.message for event in phone.memory.events if isinstance(event.body, Tap)]
    assert taps[-2] == taps[-1]  # the message keeps its name through edits


async def test_after_a_reload_everything_is_there_again(phone: Served) -> None:
    await at_name(phone)
    before = await phone.page.locator("#log").inner_text()
    await phone.page.reload()
    await expect(phone.page.get_by_text("៤/៨")).to_be_visible()
    assert await phone.page.locator("#log").inner_text() == before
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()


async def test_offline_words_wait_and_go_when_the_net_is_back(phone: Served) -> None:
    await at_name(phone)
    await phone.context.set_offline(offline=True)
    await expect(phone.page.locator("#notice")).to_be_visible()
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.locator(".fault")).to_have_text("មិនទាន់ផ្ញើ។ ចុចដើម្បីផ្ញើម្តងទៀត")
    await phone.context.set_offline(offline=False)
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    await expect(phone.page.locator("#notice")).to_be_hidden()
    await expect(phone.page.locator(".fault")).to_have_count(0)
    assert sum(isinstance(event.body, Text) for event in phone.memory.events) == 1


async def test_unsent_words_survive_a_reload_and_a_tap_retries(phone: Served) -> None:
    await at_name(phone)
    phone.memory.down = True
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.locator(".fault")).to_be_visible()
    phone.memory.down = False
    await phone.page.reload()
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    phone.memory.down = True
    await write(phone, "ឯកសារ")
    await expect(phone.page.locator(".fault")).to_be_visible()
    phone.memory.down = False
    await phone.page.locator(".fault").click()
    await expect(phone.page.get_by_text("នេះជាឯកសាររបស់អ្នក។")).to_be_visible()


async def test_a_lost_answer_to_a_send_does_not_send_twice(phone: Served) -> None:
    await at_name(phone)

    async def lose(route) -> None:  # noqa: ANN001 — playwright's Route
        await route.fetch()
        await route.abort()

    await phone.page.route("**/chat/api/send", lose, times=1)
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()
    await expect(phone.page.locator(".fault")).to_have_count(0)
    assert sum(isinstance(event.body, Text) for event in phone.memory.events) == 1


async def test_a_voice_note_is_recorded_after_being_told_why(phone: Served) -> None:
    await at_name(phone)
    await phone.page.locator("#mic").click()
    await expect(phone.page.locator("#ask")).to_be_visible()
    await phone.page.locator("#ask-yes").click()
    await expect(phone.page.locator("#timer")).to_have_text("០:០១", timeout=8_000)
    await phone.page.locator("#done").click()
    await expect(phone.page.get_by_text("មានមនុស្សនឹងស្តាប់")).to_be_visible()
    body = phone.memory.events[-1].body
    assert isinstance(body, Media)
    assert (body.kind, body.mime in {"audio/webm", "audio/ogg"}, len(phone.memory.media)) == (
        "voice",
        True,
        1,
    )


async def test_a_cancelled_recording_sends_nothing(phone: Served) -> None:
    await at_name(phone)
    await phone.page.locator("#mic").click()
    await phone.page.locator("#ask-yes").click()
    await expect(phone.page.locator("#recorder")).to_be_visible()
    await phone.page.locator("#drop").click()
    await expect(phone.page.locator("#composer")).to_be_visible()
    assert phone.memory.media == []


async def test_without_a_recorder_the_phones_own_file_is_taken(phone: Served) -> None:
    await phone.page.add_init_script("delete window.MediaRecorder")
    await at_name(phone)
    async with phone.page.expect_file_chooser() as chosen:
        await phone.page.locator("#mic").click()
    await (await chosen.value).set_files(
        {"name": "a.amr", "mimeType": "audio/amr", "buffer": b"#!AMR\n" + b"\0" * 64}
    )
    await expect(phone.page.get_by_text("មានមនុស្សនឹងស្តាប់")).to_be_visible()


async def test_a_refused_file_says_so_kindly_and_does_not_block(phone: Served) -> None:
    await phone.page.add_init_script("delete window.MediaRecorder")
    await at_name(phone)
    async with phone.page.expect_file_chooser() as chosen:
        await phone.page.locator("#mic").click()
    await (await chosen.value).set_files(
        {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": b"MZ nothing good"}
    )
    await expect(phone.page.locator(".fault")).to_contain_text("យើងបើកឯកសារនេះមិនបានទេ")
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_visible()


async def test_language_switches_the_page_and_tells_the_bot(phone: Served) -> None:
    await at_name(phone)
    await phone.page.locator("#language").click()
    await expect(phone.page.locator("#words")).to_have_attribute("placeholder", "Write a message…")
    assert await phone.page.locator("html").get_attribute("lang") == "en"
    await expect(phone.page.locator("#language")).to_have_text("ខ្មែរ")
    await phone.page.reload()
    await expect(phone.page.locator("#exit")).to_have_text("Exit")
    assert Command("language", "en") in [event.body for event in phone.memory.events]


async def test_the_page_follows_the_language_chosen_in_the_chat(phone: Served) -> None:
    await phone.open()
    await phone.tap("English")
    await expect(phone.page.locator("#words")).to_have_attribute("placeholder", "Write a message…")


async def test_staff_are_named_and_the_header_says_so(phone: Served) -> None:
    await at_name(phone)
    ((external, person),) = phone.memory.people.items()
    person.with_staff = True
    person.say(Part("បងឈ្មោះ ដារ៉ា"), MONDAY, who="staff")
    phone.memory.wake(external)
    await expect(phone.page.locator(".staff b")).to_have_text("បុគ្គលិក")
    await expect(phone.page.locator("#status")).to_have_text("បុគ្គលិកកំពុងនិយាយជាមួយអ្នក")


async def test_words_of_people_are_never_markup(phone: Served) -> None:
    await at_name(phone)
    await write(phone, "<img src=x onerror=alert(1)><b>")
    await expect(phone.page.get_by_text(re.compile("អរគុណ <img"))).to_be_visible()
    assert await phone.page.locator("#log img, #log .bubble span b").count() == 0


async def test_a_document_is_downloaded(desk: Served) -> None:
    await at_name(desk)
    await write(desk, "ឯកសារ")
    async with desk.page.expect_download() as download:
        await desk.page.locator(".paper").click()
    assert (await download.value).suggested_filename == "ទិន្នន័យរបស់ខ្ញុំ.html"


async def test_it_can_be_used_by_keyboard_alone(desk: Served) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name="ខ្មែរ", exact=True).focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("button", name=BACK_HOME)).to_be_visible()
    assert await desk.page.get_by_role("log").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("width", [320, 360])
async def test_nothing_overflows_and_every_target_is_large_on_small_phones(phone: Served, width: int) -> None:
    await phone.page.set_viewport_size({"width": width, "height": 600})
    await at_ticks(phone)
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= width
    small = await phone.page.evaluate(
        """() => Array.from(document.querySelectorAll("button, textarea, summary, .sheet a"))
            .filter((node) => node.offsetParent !== null)
            .filter((node) => node.getBoundingClientRect().height < 44)
            .map((node) => node.id || node.textContent)"""
    )
    assert small == []


async def test_the_tapped_button_works_again_when_nothing_answers(phone: Served) -> None:
    await phone.page.clock.install()
    await at_ticks(phone)
    phone.memory.answer = lambda _event, _person: []
    await phone.tap("កសិកម្ម")
    await expect(phone.page.get_by_role("button", name="រោងចក្រ")).to_be_disabled()
    await phone.page.clock.fast_forward(16_000)
    await expect(phone.page.get_by_role("button", name="រោងចក្រ")).to_be_enabled()


async def test_a_long_message_is_read_from_its_beginning_and_the_chat_goes_on_after_it(phone: Served) -> None:
    phone.memory.answer = lambda event, person: (
        [Part("ដើម\n" + "បន្ទាត់\n" * 60, rows=((PartButton("យល់ព្រម", "1:yes"),),))]
        if isinstance(event.body, Start)
        else answer(event, person)
    )
    await phone.open()
    await expect(phone.page.locator(".day")).to_be_in_viewport()
    await expect(phone.page.locator("#newest")).to_be_visible()
    await phone.page.locator("#newest").click()
    await expect(phone.page.get_by_role("button", name="យល់ព្រម")).to_be_in_viewport()
    await write(phone, "ចាន់ធូ")
    await expect(phone.page.get_by_text("OM-2026-00042")).to_be_in_viewport()


async def test_a_recording_follows_its_question_and_is_loaded_only_by_who_listens(phone: Served) -> None:
    release, path = "0" * 64, "locales/km/voice/intake.age.ogg"
    phone.memory.recordings[release, path] = b"OggS"
    phone.memory.answer = lambda _event, _person: [
        Part("អ្នកអាយុប៉ុន្មាន?", rows=((PartButton("១៨ ទៅ ២៤", "1:18-24"),),)),
        Part("", document=Document(0, "intake.age.ogg", "audio/ogg", release, path)),
    ]
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    await phone.open()
    player = phone.page.locator(".them audio")
    await expect(player).to_be_in_viewport()
    await expect(player).to_have_attribute("aria-label", "សារសំឡេង")
    await expect(phone.page.get_by_role("button", name="១៨ ទៅ ២៤")).to_be_enabled()
    assert not [url for url in asked if "/chat/speech/" in url]
    async with phone.page.expect_response(f"**/chat/speech/{release}/km/intake.age.ogg") as response:
        await player.evaluate("player => { player.preload = 'auto'; player.load(); }")
    assert (await response.value).status in {200, 206}
    await phone.page.reload()
    await expect(phone.page.locator(".them audio")).to_have_count(1)


async def test_hearing_a_message_answers_nothing(phone: Served) -> None:
    release, path = "0" * 64, "locales/km/voice/intake.age.ogg"
    phone.memory.recordings[release, path] = b"OggS"
    taps: list[str] = []

    def speak(event: Event, _person: Person) -> list[Part]:
        if isinstance(event.body, Tap):
            taps.append(event.body.payload)
            return [Part("", document=Document(0, "intake.age.ogg", "audio/ogg", release, path))]
        rows = ((PartButton("១៨ ទៅ ២៤", "1:18-24"),), (PartButton("🔊 ស្តាប់ (១២ KB)", "v:intake.age"),))
        return [Part("អ្នកអាយុប៉ុន្មាន?", rows=rows)]

    phone.memory.answer = speak
    await phone.open()
    hear = phone.page.get_by_role("button", name="🔊 ស្តាប់ (១២ KB)")
    for times in (1, 2):
        await hear.click()
        await expect(phone.page.locator(".them audio")).to_have_count(times)
    assert taps == ["v:intake.age"] * 2
    await expect(phone.page.get_by_role("button", name="១៨ ទៅ ២៤")).to_be_enabled()
    await expect(phone.page.locator(".me")).to_have_count(0)
    await phone.page.reload()
    await expect(hear).to_be_enabled()
    await expect(phone.page.locator(".me")).to_have_count(0)
