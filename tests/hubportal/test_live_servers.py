"""Servers that tests start listen on this machine alone and need no name to be looked up."""

import socket
from typing import NoReturn
from urllib.request import urlopen

import pytest
from pytest_django.live_server_helper import LiveServer


def test_live_server_starts_and_answers_where_no_name_is_known(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    def refuse(*asked: object) -> NoReturn:
        raise AssertionError(f"the name of {asked} was looked up")

    for lookup in ("getfqdn", "gethostbyaddr", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, lookup, refuse)
    server = LiveServer(pytestconfig.getoption("liveserver"))
    try:
        with urlopen(f"{server.url}/healthz/live", timeout=10) as answer:
            assert (server.url.rpartition(":")[0], answer.status) == ("http://127.0.0.1", 200)
    finally:
        server.stop()
