"""The way in: version, access token and proof of a call, and its parameters as JSON, form or query.

Never carries anything out.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from aiohttp import web

from tests.fakes.graph.faults import BrokenRuleError, GraphError
from tests.fakes.graph.world import World

OLDEST, NEWEST = 22, 26  # versions that still work, and the newest (facts/channels.md §1)
_WORDS = frozenset({"access_token", "appsecret_proof", "name", "after", "before"})  # never JSON


@dataclass(frozen=True, slots=True)
class Keys:
    """What a caller must hold."""

    page_token: str
    app_secret: str
    app_id: str

    @property
    def app_token(self) -> str:
        return f"{self.app_id}|{self.app_secret}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A decoded call. `token_in`: where the token stood; in the query it ends up in logs (§3.2)."""

    params: dict[str, Any]
    files: dict[str, bytes]
    token: str
    proof: str
    token_in: Literal["body", "header", "query", "nowhere"]


async def read(request: web.Request) -> Asked:
    """Raises GraphError for a body that is neither JSON nor a form."""
    query = {name: _typed(name, value) for name, value in request.query.items()}
    body, files = await _body(request)
    header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token, place = "", "nowhere"
    for found, where in ((query.pop("access_token", ""), "query"), (header, "header")):
        token, place = (str(found), where) if found else (token, place)
    if found := body.pop("access_token", ""):
        token, place = str(found), "body"
    proven = [form.pop("appsecret_proof", "") for form in (body, query)]
    return Asked(query | body, files, token, str(proven[0] or proven[1]), place)  # type: ignore[arg-type]


async def _body(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    if request.content_type == "application/json":
        try:
            form = orjson.loads(await request.read() or b"{}")
        except orjson.JSONDecodeError:
            raise BrokenRuleError("The body is no JSON") from None
        if not isinstance(form, dict):
            raise BrokenRuleError("The body is no object")
        return form, {}
    words: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            words[name] = _typed(name, str(value))
    return words, files


def _typed(name: str, value: str) -> object:
    """A form's value with its type: objects and lists are JSON, anything else stays words."""
    if name in _WORDS or value[:1] not in ("{", "["):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def proof(token: str, app_secret: str) -> str:
    """HMAC-SHA256 of the token with the app secret, hex (facts/channels.md §3.2)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def check_version(version: str) -> None:
    known = re.fullmatch(r"v(\d+)\.0", version)
    if known is None or int(known[1]) > NEWEST:
        raise BrokenRuleError(f"Unknown path components: /{version}")
    if int(known[1]) < OLDEST:
        raise GraphError(
            400, 2635, None, f"(#2635) You are calling a deprecated version of the API: {version}"
        )


def check_keys(asked: Asked, keys: Keys, world: World, *, app_too: bool = False) -> None:
    """The token, then its proof."""
    if not asked.token:
        raise GraphError(400, 2500, None, "An active access token must be used to query information")
    if asked.token not in (keys.page_token, *([keys.app_token] if app_too else [])):
        raise GraphError.named("token")
    if world.token_error and asked.token == keys.page_token:
        raise GraphError.named(world.token_error)
    right = proof(keys.page_token, keys.app_secret)
    if asked.token == keys.page_token and not hmac.compare_digest(asked.proof, right):
        raise BrokenRuleError("Invalid appsecret_proof provided in the API argument")
