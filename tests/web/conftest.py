"""A page over the fake service on loopback, and a real browser that records what it asks for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rag.config import Settings
from rag.web.seam import Services
from tests.web.fake_drafts import FakeDrafts
from tests.web.fake_evaluation import FakeEvaluation
from tests.web.fake_service import FakeService

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LIBRARY_WARNINGS = (
    "'future.no_silent_downcasting' is deprecated",  # Gradio 6.31 over pandas 3
    "The copy keyword is deprecated",
    "unclosed event loop",  # Gradio makes one for each Blocks and leaves it,
    "unclosed <socket.socket fd=[0-9]+, family=1,",  # with its pair of pipes
)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of ours can change these; all others stay errors where the project makes them so."""
    for line in LIBRARY_WARNINGS:
        config.addinivalue_line("filterwarnings", f"ignore:{line}")


def settings(tmp_path: Path, **changes: Any) -> Settings:
    """Settings that read no file and no environment of the machine."""
    values: dict[str, Any] = {"docs": tmp_path, "index": tmp_path, "port": 0, "model": "试验模型"}
    values |= {"feedback": tmp_path / "feedback.jsonl", "runs": tmp_path / "runs"}
    return Settings(**(values | changes))


@dataclass
class Page:
    """A running page: its address, the services behind it, the file of its readers' votes."""

    url: str
    service: FakeService
    evaluation: FakeEvaluation
    drafts: FakeDrafts
    feedback: Path


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page on a free port of loopback, for all tests."""
    pytest.importorskip("gradio")
    uvicorn = pytest.importorskip("uvicorn")
    from rag.web.server import create_app

    service, evaluation, drafts = FakeService(), FakeEvaluation(), FakeDrafts()
    config = settings(tmp_path_factory.mktemp("docs"))
    services = Services(service, evaluation, drafts)
    app = create_app(services, config, ("2025年北京数字经济增加值是多少？",))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the page did not start"
        time.sleep(0.02)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield Page(url, service, evaluation, drafts, config.feedback)
    server.should_exit = True
    thread.join(5)
    listener.close()


@dataclass
class Tab:
    """An open tab; ``addresses``: all that it requested; ``faults``: scripts' errors, dialogs."""

    page: Any
    addresses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def refuse(self, dialog: Any) -> None:
        """A dialog means that a script ran."""
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.page.fill("#yj-box textarea", question)
        self.page.click("#yj-send")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, or a skip that says what is missing.

    For one module only: while it is open, Playwright's event loop runs in the tests' thread.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_tab(chromium: Any, page: Page) -> Iterator[Callable[..., Tab]]:
    """Opens the page in a fresh profile; takes the options of a browser context."""
    contexts = []

    def open_(**options: Any) -> Tab:
        context = chromium.new_context(**({"locale": "zh-CN"} | options))
        contexts.append(context)
        tab = Tab(context.new_page())
        tab.page.set_default_timeout(15_000)
        tab.page.on("request", lambda request: tab.addresses.append(request.url))
        tab.page.on("pageerror", lambda error: tab.faults.append(f"error {error}"))
        tab.page.on("dialog", tab.refuse)
        tab.page.goto(page.url)
        tab.page.wait_for_selector("#yj-box textarea")
        # Gradio shows the box before it listens to it; once all listens, it asks for the head.
        tab.page.wait_for_selector("#yj-head .yj-live")
        return tab

    yield open_
    for context in contexts:
        context.close()
