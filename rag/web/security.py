"""What stands between the page and the network: hosts, paths, sizes, headers, the password.

Gradio serves more than this page needs (uploads, files, a proxy, calls that skip the queue) and
sends no Content-Security-Policy. Only paths on a list pass, every answer carries the headers, and
scripts run only from the server's own files or with the hash of what the server itself sent.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.config import Settings
from rag.errors import ConfigError
from rag.web.strings import pick

_EXACT = frozenset(
    [
        *("/", "/config", "/config/", "/theme.css", "/favicon.ico", "/robots.txt"),
        *("/manifest.json", "/login", "/login/", "/logout", "/login_check", "/user"),
        *("/gradio_api/info", "/gradio_api/startup-events", "/gradio_api/queue/join"),
        *("/gradio_api/queue/data", "/gradio_api/cancel", "/gradio_api/reset"),
    ]
)
_BELOW = ("/assets/", "/static/", "/svelte/", "/yinju/", "/report/", "/gradio_api/heartbeat/")
_HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_INLINE = re.compile(
    rb"<script(?![^>]*\bsrc\s*=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE
)
_OUTSIDE = re.compile(rb"<meta[^>]*?(?:og:|twitter:)[^>]*?/>", re.DOTALL)
_OWN = (
    b'<link rel="stylesheet" href="yinju/page.css">'
    b'<link rel="stylesheet" href="yinju/draft.css">'
    b'<script src="yinju/page.js" defer></script></head>'
)
REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For a report of an evaluation: a place of its own, which sees nothing of the page and asks for
nothing. The report names the one script that may run in it, by hash, in a policy of its own."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a page bound to ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_exposure(settings: Settings) -> None:
    """Raises ConfigError where others could reach the page and no password is set."""
    if not is_loopback(settings.host) and not settings.password.get_secret_value():
        raise ConfigError(
            f"页面要绑定到 {settings.host}，别的机器也能打开，但没有设密码",
            "请设环境变量 RAG_PASSWORD（或 rag.toml 里的 password），或改用 --host 127.0.0.1",
        )


def allowed_hosts(host: str) -> list[str]:
    """Host headers that are served: a page of another name must not reach a loopback server.

    With a wildcard address any name is served; there the password keeps strangers out, and the
    session cookie is not sent to another name.
    """
    names = [*LOOPBACK, "[::1]"]
    if is_loopback(host):
        return names
    return ["*"] if host in ("0.0.0.0", "::", "") else [*names, host.lower(), f"[{host.lower()}]"]


def password_check(password: str) -> Callable[[str, str], Awaitable[bool]]:
    """Gradio's ``auth``: any user name with the password. Wrong ones are answered two a second."""
    expected = password.encode()
    one_at_a_time = asyncio.Lock()

    async def check(_user: str, given: str) -> bool:
        async with one_at_a_time:
            if hmac.compare_digest(given.encode("utf-8", "replace"), expected):
                return True
            await asyncio.sleep(0.5)
            return False

    return check


def policy(html: bytes = b"") -> str:
    """The Content-Security-Policy for a response; inline scripts of ``html`` by their hash."""
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}'"
        for body in dict.fromkeys(_INLINE.findall(html))
    )
    return (
        f"default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'"
    )


def dressed(html: bytes, lang: str) -> bytes:
    """Gradio's HTML with the page's style and script, in its language, without outside addresses."""
    html = _OUTSIDE.sub(b"", html).replace(b'lang="en"', f'lang="{lang}"'.encode(), 1)
    return html.replace(b"</head>", _OWN, 1)


class PageGuard:
    """ASGI middleware: refuses unknown paths and large bodies, adds the headers."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self.app = app
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no websocket is served
            return
        headers = Headers(scope=scope)
        sender = _Sender(send, pick(headers.get("accept-language")).lang)
        if not _path_allowed(scope["path"]):
            await PlainTextResponse("not found", 404)(scope, receive, sender.pass_on)
            return
        declared = headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > self.max_body:
            await PlainTextResponse("too large", 413)(scope, receive, sender.pass_on)
            return
        seen = 0

        async def counted() -> Message:
            """A body without a declared length is cut off where it becomes too large."""
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > self.max_body else message

        await self.app(scope, counted, sender.pass_on)


class _Sender:
    """Adds headers; holds back HTML until it is whole, as its scripts' hashes go in a header."""

    def __init__(self, send: Send, lang: str) -> None:
        self._send = send
        self._lang = lang
        self._start: Message | None = None
        self._body = b""

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            html = headers.get("content-type", "").startswith("text/html")
            if html and "content-security-policy" not in headers:  # a report brings its own
                self._start = message
                return
            headers.setdefault("content-security-policy", policy())
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._flush()
            return
        await self._send(message)

    async def _flush(self) -> None:
        """The whole HTML with its policy."""
        assert self._start is not None
        headers = MutableHeaders(scope=self._start)
        body = self._body
        if body and "content-encoding" not in headers:
            body = dressed(body, self._lang)
            headers["content-length"] = str(len(body))
        headers["content-security-policy"] = policy(body)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def _path_allowed(path: str) -> bool:
    if ".." in path or "\\" in path or "\x00" in path:
        return False
    return path in _EXACT or path.startswith(_BELOW) or path.startswith("/gradio_api/call/")
