"""Which language a reader of the page gets: by the browser, or by the request that it sent."""

from __future__ import annotations

import gradio as gr

from rag.web.strings import Words, pick, translations

I18N = gr.I18n(**translations())
"""For components whose text the browser chooses."""


def words_of(request: gr.Request) -> Words:
    """The words for who sent ``request``."""
    headers = getattr(request, "headers", None)  # a request made outside HTTP has none
    return pick(headers.get("accept-language") if headers else None)
