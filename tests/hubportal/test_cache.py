"""The cache that is shared, and what happens while its server is away."""

import socket
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from hubportal import cache as module
from hubportal.cache import SteadyCache
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import page_text


@pytest.fixture
def nowhere() -> Iterator[str]:
    """Return the address of a server that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


def test_values_are_kept_and_counted_without_the_server(nowhere: str) -> None:
    cache = SteadyCache(nowhere, {})
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert (cache.incr("a"), cache.get("a"), cache.get("b", 7)) == (2, 2, 7)
    cache.set("b", 8, 60)
    assert cache.get("b") == 8
    assert cache.delete("b")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("b")


def test_a_server_that_does_not_answer_is_left_alone_for_a_while(nowhere: str, monkeypatch) -> None:
    asked: list[str] = []
    cache = SteadyCache(nowhere, {})
    real = cache._cache.get_client

    def count(*args: object, **kwargs: object) -> object:
        asked.append("")
        return real(*args, **kwargs)

    monkeypatch.setattr(cache._cache, "get_client", count)
    for _each in range(5):
        cache.get("a")
    assert len(asked) == 1
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.0)
    cache._away_until = 0.0
    for _each in range(2):
        cache.get("a")
    assert len(asked) == 3


@pytest.mark.django_db(transaction=True)
def test_people_log_in_while_the_server_is_away_and_attempts_are_still_counted(
    nowhere: str, client: Client
) -> None:
    user = UserFactory.create()
    there = {"default": {"BACKEND": "hubportal.cache.SteadyCache", "LOCATION": nowhere}}
    with override_settings(CACHES=there):
        for _each in range(5):
            client.post(reverse("account_login"), {"login": user.email, "password": "x" * 12})
        refused = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        assert "te vaak" in page_text(refused)
        typed = {"login": user.email, "password": PASSWORD}
        assert client.post(reverse("account_login"), typed, REMOTE_ADDR="192.0.2.9").status_code == 302
        assert client.post(reverse("account_reset_password"), {"email": user.email}).status_code == 302
        assert client.post("/verificatie/", {"code": "HP-2222-2222-2222"}).status_code == 200
