"""The page as a server: mounts it behind the guards and runs it. Imports Gradio only in `serve`."""

from __future__ import annotations

import contextlib
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Settings
from rag.errors import YinjuError
from rag.web.seam import EvaluationService, Services

if TYPE_CHECKING:
    from fastapi import FastAPI, Response

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
SEED_FILES = ("000_2b736552c62d5802.txt", "003_93f3b59a05aff658.txt")
"""Where the docs folder holds these, the example questions fit it."""


def serve(
    open_services: Callable[[], Services],
    settings: Settings,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page until interrupted; ``announce`` gets one line when it is ready.

    ``open_services`` runs in a thread while Gradio is imported, so the two waits overlap. What
    it raises is raised here. Raises ConfigError for an address that needs a password, YinjuError
    for one that cannot be bound; both before anything is loaded.
    """
    from rag.web.security import check_exposure

    check_exposure(settings)
    with _bind(settings.host, settings.port) as listener:
        opening = _Opening(open_services)
        import uvicorn

        from rag.web.app import SEED_EXAMPLES

        services = opening.result()
        examples = SEED_EXAMPLES if _are_seeds(settings.docs) else ()
        app = create_app(services, settings, examples)
        host, port = listener.getsockname()[:2]
        address = f"[{host}]" if ":" in host else host

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                announce(f"页面已就绪：http://{address}:{port}（按 Ctrl+C 结束）")

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            ws="none",
        )
        with contextlib.suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listener])


def create_app(
    services: Services, settings: Settings, examples: Sequence[str] = (), **options: Any
) -> FastAPI:
    """The ASGI application; ``options`` go to :func:`rag.web.app.build_app`."""
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.staticfiles import StaticFiles

    from rag.web.app import build_app, theme
    from rag.web.drafting import LIMIT
    from rag.web.language import I18N
    from rag.web.security import PageGuard, allowed_hosts, check_exposure, password_check

    check_exposure(settings)
    password = settings.password.get_secret_value()
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/yinju", StaticFiles(directory=STATIC))
    if services.evaluation is not None:
        # Gradio's login does not cover this path: only who has seen the page knows the secret.
        at = f"report/{secrets.token_urlsafe(16)}"
        app.get(f"/{at}/{{name}}")(_report_of(services.evaluation))
        options.setdefault("report", lambda name: f"{at}/{name}")
    gr.mount_gradio_app(
        app,
        build_app(services, settings, examples, **options),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        auth=password_check(password) if password else None,
        auth_message="请输入密码；用户名可随意填写。",
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        pwa=False,
        mcp_server=False,
        footer_links=[],
        i18n=I18N,
        theme=theme(),
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(settings.host))
    app.add_middleware(PageGuard, max_body=(1 << 18) + 12 * max(settings.max_question, 3 * LIMIT))
    return app


def _report_of(evaluation: EvaluationService) -> Callable[[str], Response]:
    """The route that gives a run's report, in a thread: to draw it takes seconds."""
    from starlette.responses import HTMLResponse, PlainTextResponse

    from rag.web.security import REPORT_POLICY

    def report(name: str) -> Response:
        try:
            html = evaluation.report(name)
        except YinjuError as error:
            return PlainTextResponse(str(error), 404)
        except Exception:
            log.exception("a report cannot be drawn")
            return PlainTextResponse("报告画不出来，原因见页面的日志。", 500)
        return HTMLResponse(html, headers={"content-security-policy": REPORT_POLICY})

    report.__annotations__.clear()  # FastAPI would look for Response among this module's names
    return report


class _Opening:
    """The services being opened in a thread."""

    def __init__(self, factory: Callable[[], Services]) -> None:
        self._factory = factory
        self._services: Services | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="yinju-open", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._services = self._factory()
        except BaseException as error:  # raised again by result(), in the caller's thread
            self._error = error

    def result(self) -> Services:
        """The services, once open; raises what opening them raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._services is not None
        return self._services


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is a line and not a log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise YinjuError(
            f"地址 {host}:{port} 用不了（{error.strerror or error}）",
            "端口可能已被占用，可用 --port 换一个",
        ) from None
    return listener


def _are_seeds(docs: Path) -> bool:
    return all((docs / name).exists() for name in SEED_FILES)
