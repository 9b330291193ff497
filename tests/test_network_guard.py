"""The kill-switch itself."""

from __future__ import annotations

import os
import socket

import pytest


def test_connecting_to_another_machine_fails() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"example\.org"):
        outside.connect_ex(("example.org", 80))


def test_loopback_works() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()[:2], timeout=2) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_hub_is_offline_and_no_setting_of_the_user_is_seen() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert [name for name in os.environ if name.startswith(("RAG_", "OPENAI_"))] == []
