"""The page's own style and script, read once, joined, compressed and named by their content.

Never fetched from elsewhere: there is no other host, font or library.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

_STATIC = Path(__file__).with_name("static")
_COMMENT = re.compile(r"(^|\s)// .*")  # with its blanks, so never the // of an address
_JS_GAP = re.compile(
    r" (=>|={1,3}|!==|&&|\|\||\?|\+) |(?<=[,{]) | (?=[{}])|(?<=\bif) (?=\()|(?<=[{;,])\n|\n(?=\})"
)
_CSS_GAP = re.compile(r"(?<=[:;,{}])\s+|\s+(?=[{}])")
_PARTS = {
    "chat.js": (("line.js", "words.js", "enclosed.js", "view.js", "voice.js", "chat.js"), "text/javascript"),
    "chat.css": (("chat.css",), "text/css"),
    "page.css": (("page.css",), "text/css"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served; `url` changes with its content, so browsers may keep it for ever."""

    url: str
    body: bytes
    gzipped: bytes
    mime: str


def load_assets() -> dict[str, Asset]:
    """Every asset by its name. Several sources of one name are joined, so that 3G waits for one request."""
    return {name: _load(name, *parts) for name, parts in _PARTS.items()}


def serve(asset: Asset, request: web.Request) -> web.Response:
    """The asset, compressed for whoever takes it."""
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {
        "Content-Type": f"{asset.mime}; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    if squeezed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=asset.gzipped if squeezed else asset.body, headers=headers)


def _load(name: str, sources: tuple[str, ...], mime: str) -> Asset:
    body = _squeeze("\n".join((_STATIC / source).read_text("utf-8") for source in sources), mime).encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"/static/{name}?v={digest}", body, gzip.compress(body, 9, mtime=0), mime)


def _squeeze(text: str, mime: str) -> str:
    """Without indentation, comments and most blanks: a third less to load and parse on an old phone.

    No sentence stands in these files, so no string has an operator, comma or brace beside a blank.
    """
    lines = (_COMMENT.sub("", line).strip() for line in text.splitlines())
    kept = "\n".join(line for line in lines if line)
    return _CSS_GAP.sub("", kept) if mime == "text/css" else _JS_GAP.sub(r"\1", kept)
