"""The Page beside its messages: profile, webhook fields, and what it was granted.

Never sends anything.
"""

from collections.abc import Mapping
from typing import Any

from tests.fakes.graph import utility
from tests.fakes.graph.faults import BrokenRuleError, GraphError
from tests.fakes.graph.world import World

# facts/channels.md §3.1, and the others of Meta's SDK that a Page of ours might choose
FIELDS = frozenset(
    {"messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_echoes"}
    | {"message_deliveries", "message_reads", "message_reactions", "messaging_handovers", "standby"}
    | {"messaging_policy_enforcement", "message_template_status_update", "message_edits", "feed"}
)
PROFILE = frozenset(
    {"get_started", "greeting", "persistent_menu", "ice_breakers", "commands", "whitelisted_domains"}
)
GREETING_MAX = 160  # [M]
PAYLOAD_MAX = 1000
ENTRIES_MAX = 20  # of a persistent menu's top level [M]
LABEL_MAX = 30  # of a menu entry [M]
QUESTIONS_MAX = 4  # ice breakers (§3.2)
_NODE = {"id", "name", "link", "category"}


class Page:
    """Carries out one decoded call about the Page itself."""

    def __init__(self, world: World, app_id: str) -> None:
        self.world = world
        self.app_id = app_id

    def carry_out(self, verb: str, edge: str, params: Mapping[str, Any]) -> dict[str, Any]:
        known = {
            ("GET", ""): self._node,
            ("GET", "permissions"): self._permissions,
            ("GET", "messaging_feature_review"): self._features,
            ("GET", "messenger_profile"): self._get_profile,
            ("POST", "messenger_profile"): self._set_profile,
            ("DELETE", "messenger_profile"): self._delete_profile,
            ("GET", "message_templates"): lambda form: utility.listed(self.world, form),
            ("POST", "message_templates"): lambda form: utility.create(self.world, form),
            ("DELETE", "message_templates"): lambda form: utility.delete(self.world, form),
            ("GET", "subscribed_apps"): self._get_fields,
            ("POST", "subscribed_apps"): self._set_fields,
            ("DELETE", "subscribed_apps"): self._unsubscribe,
        }.get((verb, edge))
        if known is None:
            raise BrokenRuleError(f"Unsupported {verb.lower()} request: there is no {edge or 'node'}")
        return known(params)

    def debug_token(self, expired: str) -> dict[str, Any]:
        scopes = sorted(self.world.permissions)
        told = {"app_id": self.app_id, "type": "PAGE", "is_valid": not expired, "expires_at": 0}
        return {"data": {**told, "profile_id": self.world.page_id, "scopes": scopes}}

    def _node(self, params: Mapping[str, Any]) -> dict[str, Any]:
        wanted = _list(params.get("fields")) or ["id", "name"]
        if strange := set(wanted) - _NODE:
            raise BrokenRuleError(f"Tried accessing nonexisting field ({min(strange)}) on node type (Page)")
        form = {"id": self.world.page_id, "name": "ស្ពាន", "category": "Non-profit"}
        return {name: form[name] for name in {"id", *wanted} if name in form}

    def _permissions(self, _: Mapping[str, Any]) -> dict[str, Any]:
        asked = sorted(self.world.permissions)
        return {"data": [{"permission": name, "status": "granted"} for name in asked]}

    def _features(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Shape from Meta's SDK (MessagingFeatureReview); the feature's spelling is from memory."""
        granted = [{"feature": "human_agent", "status": "APPROVED"}] if self.world.human_agent else []
        return {"data": granted}

    def _get_profile(self, params: Mapping[str, Any]) -> dict[str, Any]:
        wanted = [name.lower() for name in _list(params.get("fields"))]
        if strange := set(wanted) - PROFILE:
            raise BrokenRuleError(f"messenger_profile: fields {sorted(strange)} are unknown")
        kept = {name: value for name, value in self.world.profile.items() if name in wanted}
        return {"data": [kept] if kept else []}

    def _set_profile(self, params: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in params.items() if name != "platform"}
        if not given or set(given) - PROFILE:
            raise BrokenRuleError(f"messenger_profile: {sorted(set(given) - PROFILE) or 'nothing'} to set")
        for name in ("greeting", "persistent_menu", "ice_breakers", "commands"):
            if name in given:
                _check_locales(name, given[name])
        if "get_started" in given and not 1 <= len(given["get_started"].get("payload", "")) <= PAYLOAD_MAX:
            raise BrokenRuleError("get_started.payload")
        if "persistent_menu" in given and "get_started" not in {**self.world.profile, **given}:
            raise BrokenRuleError("A persistent menu needs a Get Started button", 2018145)
        self.world.profile.update(given)
        return {"result": "success"}

    def _delete_profile(self, params: Mapping[str, Any]) -> dict[str, Any]:
        gone = {name.lower() for name in _list(params.get("fields"))}
        if not gone or gone - PROFILE:
            raise BrokenRuleError("messenger_profile: fields to delete")
        if "get_started" in gone and "persistent_menu" in set(self.world.profile) - gone:
            raise BrokenRuleError("A persistent menu needs a Get Started button", 2018145)
        for name in gone:
            self.world.profile.pop(name, None)
        return {"result": "success"}

    def _get_fields(self, _: Mapping[str, Any]) -> dict[str, Any]:
        fields = sorted(FIELDS if self.world.subscribed is None else self.world.subscribed)
        return {"data": [{"id": self.app_id, "name": "spean", "subscribed_fields": fields}] if fields else []}

    def _set_fields(self, params: Mapping[str, Any]) -> dict[str, Any]:
        fields = set(_list(params.get("subscribed_fields")))
        if not fields or fields - FIELDS:
            raise BrokenRuleError(f"subscribed_fields: {sorted(fields - FIELDS) or 'none given'}")
        self.world.subscribed = fields
        return {"success": True}

    def _unsubscribe(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self.world.subscribed = set()
        return {"success": True}


def user(world: World, psid: str) -> dict[str, Any]:
    """A person's public name."""
    thread = world.threads.get(psid)
    if thread is None:
        raise GraphError(400, 100, 33, f"Unsupported get request. Object with ID '{psid}' does not exist")
    return {"first_name": thread.name, "last_name": "", "id": psid}


def _list(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [one.strip() for one in str(value).split(",")] if value else []


def _check_locales(name: str, forms: object) -> None:
    """One form for each locale, `default` among them (§3.3)."""
    if not isinstance(forms, list) or not all(isinstance(one, Mapping) for one in forms):
        raise BrokenRuleError(f"{name} is a list")
    locales = [one.get("locale", "default" if name == "ice_breakers" else None) for one in forms]
    if "default" not in locales or len(set(locales)) != len(locales):
        raise BrokenRuleError(f"{name} needs each locale once, and `default`")
    for one in forms:
        if name == "greeting" and not 1 <= len(one.get("text", "")) <= GREETING_MAX:
            raise BrokenRuleError(f"greeting.text is 1 to {GREETING_MAX} characters")
        if name == "persistent_menu":
            _check_menu(one.get("call_to_actions"))
        if name == "ice_breakers" and not 1 <= len(one.get("call_to_actions", [])) <= QUESTIONS_MAX:
            raise BrokenRuleError(f"1 to {QUESTIONS_MAX} ice breakers")


def _check_menu(entries: object) -> None:
    if not isinstance(entries, list) or not 1 <= len(entries) <= ENTRIES_MAX:
        raise BrokenRuleError(f"a menu has 1 to {ENTRIES_MAX} entries")
    for entry in entries:
        value = {"postback": "payload", "web_url": "url"}.get(entry.get("type"))
        if value is None or not entry.get(value) or len(entry[value]) > PAYLOAD_MAX:
            raise BrokenRuleError("a menu entry is a postback with payload or a web_url with url")
        if not 1 <= len(entry.get("title", "")) <= LABEL_MAX:
            raise BrokenRuleError(f"a menu entry's title is 1 to {LABEL_MAX} characters")
