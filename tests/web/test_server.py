"""The page over HTTP: what is served, to whom, and what is refused."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from rag.errors import ConfigError, YinjuError
from rag.web.seam import Services
from rag.web.security import allowed_hosts, check_exposure, is_loopback, password_check, policy
from rag.web.server import serve
from rag.web.steps import Gate
from tests.web.conftest import Page, settings
from tests.web.fake_evaluation import FakeEvaluation, three
from tests.web.fake_service import FakeService


def services() -> Services:
    return Services(FakeService(), FakeEvaluation(three("20261121T031500Z-试题", 2)))


async def chat(client: httpx.AsyncClient, question: str) -> list[Any]:
    """One question through the public endpoint; the outputs of the last frame."""
    joined = await client.post("/gradio_api/call/chat", json={"data": [question]})
    event = joined.json()["event_id"]
    last: list[Any] = []
    async with client.stream("GET", f"/gradio_api/call/chat/{event}") as lines:
        async for line in lines.aiter_lines():
            if line.startswith("data:") and line[5:].strip() not in ("", "null"):
                last = json.loads(line[5:])
    return last


def test_twenty_users_at_once_get_their_own_answers(page: Page) -> None:
    page.service.pause = 0.05

    async def all_users() -> list[list[Any]]:
        async with httpx.AsyncClient(base_url=page.url, timeout=30) as client:
            return await asyncio.gather(*(chat(client, f"编号{n:02}号") for n in range(20)))

    try:
        outputs = asyncio.run(all_users())
    finally:
        page.service.pause = 0.0
    for number, output in enumerate(outputs):
        shown = json.dumps(output, ensure_ascii=False)
        assert f"〔编号{number:02}号〕" in shown
        assert not any(f"编号{n:02}号" in shown for n in range(20) if n != number)
        assert [m["role"] for m in output[0]] == ["user", "assistant"]


def test_every_response_carries_a_policy_without_inline_or_outside_scripts(page: Page) -> None:
    response = httpx.get(page.url)
    csp = dict(
        part.strip().split(" ", 1)
        for part in response.headers["content-security-policy"].split(";")
    )
    assert csp["default-src"] == "'none'"
    assert csp["script-src"].split()[0] == "'self'"
    assert all(s.startswith("'sha256-") for s in csp["script-src"].split()[1:])
    assert (csp["img-src"], csp["form-action"], csp["connect-src"]) == (
        "'self' data:",
        "'self'",
        "'self'",
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    for path in ("/config", "/yinju/page.js", "/nothing"):
        assert "default-src 'none'" in httpx.get(page.url + path).headers["content-security-policy"]


def test_the_page_names_no_outside_address_to_load(page: Page) -> None:
    html = httpx.get(page.url, headers={"accept-language": "zh-CN"}).text
    assert '<html\n\tlang="zh-CN"' in html
    assert 'property="og:image"' not in html
    assert 'href="yinju/page.css"' in html


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "evil.test:7860", ""])
def test_a_foreign_host_header_is_refused(page: Page, host: str) -> None:
    assert httpx.get(page.url, headers={"host": host}).status_code == 400


def test_a_page_of_another_site_may_not_read_answers(page: Page) -> None:
    response = httpx.get(f"{page.url}/config", headers={"origin": "http://evil.test"})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/assets/../../../../../../etc/passwd",
        "/yinju/..%2f..%2fapp.py",
        "/yinju/%2e%2e/app.py",
        "/yinju//etc/passwd",
        "/static/..%5c..%5croutes.py",
        "/static/%2fetc%2fpasswd",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.test/",
        "/svelte/../../config",
        "/custom_component/a/b/c/..%2f..%2fetc%2fpasswd",
    ],
)
def test_path_traversal_gets_no_file(page: Page, path: str) -> None:
    address, port = page.url.removeprefix("http://").split(":")
    with socket.create_connection((address, int(port)), timeout=5) as raw:  # a client would tidy it
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: raw.recv(65536), b""))
    assert reply.split(b" ", 2)[1] in (b"400", b"403", b"404", b"422"), reply[:200]
    assert b"root:" not in reply and b"import" not in reply


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/run/chat",
        "/gradio_api/api/chat",
        "/gradio_api/component_server",
        "/gradio_api/stream/x",
    ],
)
def test_uploads_and_calls_past_the_queue_are_refused(page: Page, path: str) -> None:
    files = {"files": ("a.txt", b"x")}
    assert httpx.post(page.url + path, files=files).status_code == 404


def test_a_body_over_the_cap_is_refused_with_and_without_a_length(page: Page) -> None:
    big = b"x" * (1 << 20)
    url = f"{page.url}/gradio_api/queue/join"
    assert httpx.post(url, content=big).status_code == 413
    try:
        status = httpx.post(url, content=iter([big])).status_code
    except httpx.HTTPError:
        return  # cut off is refused too
    assert status >= 400


def test_a_question_over_the_cap_is_answered_with_one_line(page: Page) -> None:
    async def one() -> list[Any]:
        async with httpx.AsyncClient(base_url=page.url, timeout=30) as client:
            return await chat(client, "长" * 2001)

    before = len(page.service.seen)
    output = asyncio.run(one())
    assert "问题太长：2001 个字，最多 2000 个字。" in output[4]
    assert len(page.service.seen) == before


def test_a_full_house_says_that_it_is_busy_and_keeps_the_question() -> None:
    gradio = pytest.importorskip("gradio")
    from rag.web.chat_tab import ChatTab

    gate = Gate(running=1, waiting=0)
    gate.inside = 1
    with gradio.Blocks(analytics_enabled=False):
        tab = ChatTab(FakeService(), settings(Path()), gate, ())
    frame = asyncio.run(_first(tab, gradio))
    assert "现在提问的人太多" in frame[4]
    assert frame[3] == gradio.skip()


async def _first(handlers: Any, gradio: Any) -> Any:
    from rag.web.talk import Talk

    request = gradio.Request(session_hash="甲")
    return await anext(handlers.ask("问", Talk(), request))


def test_only_loopback_needs_no_password(tmp_path: Path) -> None:
    check_exposure(settings(tmp_path, host="127.0.0.1"))
    check_exposure(settings(tmp_path, host="0.0.0.0", password=SecretStr("x")))
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        with pytest.raises(ConfigError, match="没有设密码"):
            serve(services, settings(tmp_path, host=host))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.evil.test", False)],
)  # fmt: skip
def test_loopback_is_known_by_address(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    assert ("*" in allowed_hosts(host)) is (host in ("0.0.0.0", "::"))


def test_a_taken_port_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(YinjuError, match=f"127.0.0.1:{port} 用不了.*--port"):
            serve(services, settings(tmp_path, port=port))


def test_what_opening_the_index_raises_reaches_the_caller(tmp_path: Path) -> None:
    def fail() -> Services:
        raise ConfigError("坏的设置", "改它")

    with pytest.raises(ConfigError, match="坏的设置; 改它"):
        serve(fail, settings(tmp_path))


def test_the_password_alone_decides_who_comes_in() -> None:
    async def tries() -> list[bool]:
        check = password_check("密码")
        return [await check("谁", "密码"), await check("谁", "错"), await check("谁", "\ud800")]

    assert asyncio.run(tries()) == [True, False, False]


def test_with_a_password_nothing_is_told_before_the_login(tmp_path: Path) -> None:
    pytest.importorskip("gradio")
    from starlette.testclient import TestClient

    from rag.web.server import create_app

    config = settings(tmp_path, host="0.0.0.0", password=SecretStr("好密码"))
    with TestClient(create_app(services(), config), base_url="https://page.test") as client:
        assert "139 段" not in client.get("/").text
        assert client.get("/config").status_code == 401
        assert client.post("/gradio_api/call/chat", json={"data": ["问"]}).status_code == 401
        secret = "A" * 22
        assert client.get(f"/report/{secret}/20261121T031500Z-试题").status_code in (401, 404)
        wrong = client.post("/login", data={"username": "a", "password": "错"})
        assert wrong.status_code == 400
        right = client.post("/login", data={"username": "a", "password": "好密码"})
        assert right.json() == {"success": True}
        assert client.get("/config").status_code == 200


def test_a_report_is_served_alone_under_a_policy_of_its_own(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from rag.web.server import create_app

    addresses: list[str] = []

    class Noted(FakeEvaluation):
        def report(self, name: str) -> str:
            addresses.append(name)
            if name == "crash":
                raise RuntimeError("secret detail")
            return super().report(name)

    evaluation = Noted(three("a", 2))
    app = create_app(Services(FakeService(), evaluation), settings(tmp_path))
    paths = [str(getattr(route, "path", "")) for route in app.routes]
    (at,) = [path for path in paths if path.startswith("/report/")]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        good = client.get(at.replace("{name}", "a"))
        assert good.status_code == 200
        assert good.headers["content-security-policy"].startswith("sandbox allow-scripts; default")
        assert "'self'" not in good.headers["content-security-policy"]
        assert "yinju/page" not in good.text
        gone = client.get(at.replace("{name}", "b"))
        assert (gone.status_code, gone.text) == (
            404, "the run b is damaged: its checksum differs",
        )  # fmt: skip
        crashed = client.get(at.replace("{name}", "crash"))
        assert crashed.status_code == 500 and "secret" not in crashed.text
        before = len(addresses)
        assert client.get("/report/guessed/a").status_code == 404
        assert client.get(at.replace("{name}", "..%2fa")).status_code == 404
        assert len(addresses) == before


def test_a_set_that_has_vanished_is_one_line_and_starts_nothing() -> None:
    gradio = pytest.importorskip("gradio")
    from rag.web.evaluation import Evaluation
    from rag.web.evaluation_tab import EvaluationTab

    service = FakeEvaluation()
    with gradio.Blocks(analytics_enabled=False):
        tab = EvaluationTab(Evaluation(service), lambda name: "")
    values = asyncio.run(tab.started("eval/gone.jsonl", "", gradio.Request()))
    assert "没有找到题集" in values[2]
    assert service.started == []


def test_a_page_without_an_evaluation_has_no_tab_for_it(tmp_path: Path) -> None:
    pytest.importorskip("gradio")
    from rag.web.app import build_app

    blocks = build_app(Services(FakeService()), settings(tmp_path))
    ids = {getattr(block, "elem_id", None) for block in blocks.blocks.values()}
    assert "yj-tab-chat" in ids and "yj-tab-eval" not in ids


def test_an_inline_script_is_allowed_by_its_hash_only() -> None:
    html = b"<script>let a = 1;</script><script src=x.js></script><SCRIPT data-a>b()</SCRIPT>"
    hashes = policy(html).split("script-src ")[1].split(";")[0].split()
    assert hashes == [
        "'self'",
        "'sha256-" + _sha(b"let a = 1;") + "'",
        "'sha256-" + _sha(b"b()") + "'",
    ]


def _sha(body: bytes) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(body).digest()).decode()
