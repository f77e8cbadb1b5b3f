"""Meta's own SDK judges the fake: it speaks to it as to the real Graph, and its enums are the fake's."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from facebook_business.adobjects.page import Page
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.fakes.graph import forms, profile
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.asking import ask, free

REMINDER = {
    "name": "fair_reminder_v1",
    "language": "en",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Reminder: {{event}} is tomorrow.",
            "example": {"body_text_named_params": [{"param_name": "event", "example": "Job fair"}]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "POSTBACK", "text": "I come", "payload": "{{1}}"}]},
    ],
}


@pytest.fixture
def page(fake: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The Page as Meta's SDK knows it."""
    monkeypatch.setattr(FacebookSession, "GRAPH", fake.base)
    session = FacebookSession(fake.app_id, fake.app_secret, fake.page_token)
    yield Page(fake.page_id, api=FacebookAdsApi(session))
    session.requests.close()


async def refusal(page: Page, params: dict[str, Any]) -> tuple[int, int | None]:
    """Code and subcode as the SDK reads them."""
    with pytest.raises(FacebookRequestError) as refused:
        await asyncio.to_thread(page.create_message, params=params)
    return refused.value.api_error_code(), refused.value.api_error_subcode()


async def test_metas_sdk_sends_khmer_words_and_reads_the_answer(
    fake: FakeGraph, person: FakePerson, page: Page
) -> None:
    told = await asyncio.to_thread(
        page.create_message, params=free(message={"text": "ជម្រាបសួរ", "metadata": "5"})
    )
    assert told["recipient_id"] == person.psid
    assert told["message_id"] == person.last.mid
    assert (person.last.text, person.last.metadata, person.last.way) == ("ជម្រាបសួរ", "5", "free")
    action = {"recipient": {"id": person.psid}, "sender_action": Page.SenderAction.typing_on}
    await asyncio.to_thread(page.create_message, params=action)
    assert person.thread.actions == ["typing_on"]
    fake.assert_clean()


async def test_metas_sdk_reads_every_refusal_with_its_numbers(
    fake: FakeGraph, person: FakePerson, page: Page
) -> None:
    assert await refusal(page, free("nobody")) == (100, 2018001)
    fake.person("7002")
    assert await refusal(page, free("7002")) == (10, 2018278)
    fake.fault(name="restricted")
    assert await refusal(page, free()) == (10, 1893063)
    fake.fault(status=429)
    assert await refusal(page, free()) == (4, None)
    fake.fault(code=613)
    assert await refusal(page, free()) == (613, None)
    fake.fault(status=502)
    assert await refusal(page, free()) == (2, None)
    person.block()
    assert await refusal(page, free()) == (551, 1545041)
    fake.world.token_error = "expired"
    assert await refusal(page, free()) == (190, 463)
    assert person.messages == []


async def test_metas_sdk_sets_the_page_up(fake: FakeGraph, page: Page) -> None:
    menu = {
        "locale": "default",
        "call_to_actions": [{"type": "postback", "title": "ម៉ឺនុយ", "payload": "c:menu"}],
    }
    wanted = {"get_started": {"payload": "c:start"}, "persistent_menu": [menu]}
    told = await asyncio.to_thread(page.create_messenger_profile, params=wanted)
    assert told["result"] == "success"
    fields = ["get_started", "persistent_menu"]
    shown = await asyncio.to_thread(lambda: list(page.get_messenger_profile(fields=fields)))
    assert shown[0].export_all_data() == wanted
    await asyncio.to_thread(page.delete_messenger_profile, params={"fields": ["PERSISTENT_MENU"]})
    assert fake.world.profile == {"get_started": {"payload": "c:start"}}
    await asyncio.to_thread(page.create_subscribed_app, params={"subscribed_fields": ["messages", "standby"]})
    apps = await asyncio.to_thread(lambda: list(page.get_subscribed_apps()))
    assert apps[0]["subscribed_fields"] == ["messages", "standby"]
    node = await asyncio.to_thread(page.api_get, fields=["id", "name"])
    assert (node["id"], node["name"]) == (fake.page_id, "ស្ពាន")
    fake.assert_clean()


async def test_metas_sdk_submits_a_template_and_sends_it_when_the_window_is_shut(
    fake: FakeGraph, person: FakePerson, page: Page
) -> None:
    fake.grant(utility=True)
    fake.later(timedelta(days=3))
    told = await asyncio.to_thread(page.create_message_template, params=REMINDER)
    assert told["status"] == "APPROVED"
    listed = await asyncio.to_thread(
        lambda: list(page.get_message_templates(params={"status": ["APPROVED"]}))
    )
    assert [(one["name"], one["language"]) for one in listed] == [("fair_reminder_v1", "en")]
    body = {"type": "body", "parameters": [{"type": "text", "parameter_name": "event", "text": "Job fair"}]}
    buttons = {"type": "buttons", "parameters": [{"type": "POSTBACK", "payload": "r:12"}]}
    filled = {"name": "fair_reminder_v1", "language": {"code": "en"}, "components": [body, buttons]}
    sends = {"recipient": {"id": person.psid}, "messaging_type": "UTILITY", "message": {"template": filled}}
    await asyncio.to_thread(page.create_message, params=sends)
    assert (person.last.text, person.last.way) == ("Reminder: Job fair is tomorrow.", "template")
    assert person.buttons == ["I come"]
    fake.assert_clean()


async def test_metas_sdk_uploads_a_picture_by_its_address_and_sends_it(
    fake: FakeGraph, person: FakePerson, page: Page
) -> None:
    picture = b"\xff\xd8\xff" + bytes(9)
    at = f"{fake.base}/cdn/{fake.world.add_media('image/jpeg', picture, 'jpg')}"
    wanted = {"attachment": {"type": "image", "payload": {"url": at, "is_reusable": True}}}
    held = await asyncio.to_thread(page.create_message_attachment, params={"message": wanted})
    again = {"attachment": {"type": "image", "payload": {"attachment_id": held["attachment_id"]}}}
    await asyncio.to_thread(page.create_message, params=free(message=again))
    assert person.last.file == picture
    fake.assert_clean()


async def test_human_agent_and_permissions_are_told_as_the_sdk_reads_them(
    fake: FakeGraph, page: Page
) -> None:
    before = await asyncio.to_thread(lambda: list(page.get_messaging_feature_review()))
    fake.grant(utility=False, human_agent=True)
    after = await asyncio.to_thread(lambda: list(page.get_messaging_feature_review()))
    assert before == []
    assert [(one["feature"], one["status"]) for one in after] == [("human_agent", "APPROVED")]
    with pytest.raises(FacebookRequestError, match="pages_utility_messaging"):
        await asyncio.to_thread(lambda: list(page.get_message_templates()))


def values(enum: type) -> set[str]:
    return {value for name, value in vars(enum).items() if not name.startswith("_")}


def test_the_fakes_words_are_those_of_the_sdk() -> None:
    assert values(Page.MessagingType) == forms.TYPES
    assert values(Page.SenderAction) == {action.upper() for action in forms.ACTIONS}
    assert values(Page.NotificationType) == forms.NOTIFICATIONS
    assert values(Page.SubscribedFields) >= profile.FIELDS


async def test_a_call_needs_the_right_token_its_proof_and_a_living_version(
    fake: FakeGraph, person: FakePerson
) -> None:
    assert (await ask(fake, "messages", free(), token="")).error == (2500, None)
    assert (await ask(fake, "messages", free(), token="EAAother")).error == (190, None)
    assert (await ask(fake, "messages", free(), proof="0" * 64)).error == (100, None)
    assert (await ask(fake, "messages", free(), proof="")).error == (100, None)
    assert (await ask(fake, "messages", free(), version="v20.0")).error == (2635, None)
    assert (await ask(fake, "messages", free(), version="v99.0")).error == (100, None)
    assert (await ask(fake, "messages", free(), node="1234")).error == (100, 33)
    assert (await ask(fake, "pigeons", free())).error == (100, None)
    assert person.messages == []
    assert (await ask(fake, "messages", free(), node="me", version="v22.0")).status == 200
    assert [call.token_in for call in fake.calls[:2]] == ["nowhere", "header"]
    with pytest.raises(AssertionError, match="appsecret_proof"):
        fake.assert_clean()
