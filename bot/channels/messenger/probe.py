"""What a Page may do outside the 24-hour window, asked of the platform (facts/channels.md §3.6).

Never asks for more, never submits a template, and takes what it is not told for not granted.
"""

from dataclasses import dataclass
from typing import Any, Final

from bot.channels.messenger.account import NoPermission, SetupRefused
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.setup import ask, objects

Json = dict[str, Any]

_FEATURE: Final = "human_agent"
_PAGES_MAX: Final = 40  # of the list of templates
_AT_ONCE: Final = "100"  # templates of one page of it


@dataclass(frozen=True, slots=True)
class Probed:
    """`utility`: templates may be sent. `templates`: the approved ones, `name/language`.

    `human_agent`: words that staff typed may be sent for seven days.
    """

    human_agent: bool
    utility: bool
    templates: frozenset[str]


async def probe(channel: MessengerChannel) -> Probed:
    """Ask. Raises an AccountError when the token or the platform does not work at all."""
    human = await _granted(channel)
    templates = await _approved(channel)
    return Probed(human, templates is not None, templates or frozenset())


async def _granted(channel: MessengerChannel) -> bool:
    """Whether App Review granted the Human Agent feature."""
    path = f"{channel.page_id}/messaging_feature_review"
    try:
        answer = await ask(channel, "read its reviewed features", lambda: channel.graph.get(path))
    except (NoPermission, SetupRefused):
        return False
    return any(
        str(one.get("feature", "")).lower().replace(" ", "_") == _FEATURE
        and str(one.get("status", "")).upper() == "APPROVED"
        for one in objects(answer)
    )


async def _approved(channel: MessengerChannel) -> frozenset[str] | None:
    """The approved utility templates; None when the app may not use any."""
    found, after = set[str](), ""
    try:
        for _ in range(_PAGES_MAX):
            answer = await _page(channel, after)
            found |= {f"{one.get('name')}/{one.get('language')}" for one in objects(answer) if _usable(one)}
            if not (after := _next(answer)):
                break
    except (NoPermission, SetupRefused):
        return None
    return frozenset(found)


async def _page(channel: MessengerChannel, after: str) -> Json:
    onward = {"after": after} if after else {}
    params = {"fields": "name,language,status,category", "limit": _AT_ONCE, **onward}
    path = f"{channel.page_id}/message_templates"
    return await ask(channel, "read its templates", lambda: channel.graph.get(path, params))


def _usable(template: Json) -> bool:
    return template.get("status") == "APPROVED" and template.get("category", "UTILITY") == "UTILITY"


def _next(answer: Json) -> str:
    """The cursor of the next page, "" on the last. The address that comes with it would hold our token."""
    paging = answer.get("paging")
    if not isinstance(paging, dict) or "next" not in paging:
        return ""
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) else ""
