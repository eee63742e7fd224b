"""What machines that watch the portal are told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from hubportal.health import probes
from hubportal.tasks import heartbeat_task

pytestmark = pytest.mark.django_db

ALL_WELL = {"database": True, "broker": True, "storage": True, "worker": True, "signing": True}


def breaks() -> bool:
    raise ConnectionError("secret-host:5432 refused the connection of hubportal")


def test_live_answers_while_the_process_does(client: Client) -> None:
    response = client.get("/healthz/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_live_asks_no_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz/live")


def test_ready_when_everything_works(client: Client) -> None:
    heartbeat_task()
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "parts": ALL_WELL})


def test_not_ready_without_a_worker(client: Client) -> None:
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()["parts"]) == (503, {**ALL_WELL, "worker": False})


def test_not_ready_when_the_worker_was_last_heard_of_more_than_a_minute_ago(client: Client) -> None:
    heartbeat_task()
    cache.set(probes.HEARTBEAT_KEY, cache.get(probes.HEARTBEAT_KEY) - 61)
    assert client.get("/healthz/ready").json()["parts"]["worker"] is False


@pytest.mark.parametrize(
    ("part", "probe"),
    [
        ("database", "database_answers"),
        ("broker", "broker_answers"),
        ("storage", "storage_works"),
        ("signing", "signing_works"),
    ],
)
def test_not_ready_names_the_part_and_nothing_of_how_it_is_built(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str, probe: str
) -> None:
    heartbeat_task()
    monkeypatch.setattr(probes, probe, breaks)
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unavailable", "parts": {**ALL_WELL, part: False}},
    )
    assert b"secret-host" not in response.content


@pytest.mark.parametrize("answers", [True, False])
def test_a_virus_scanner_that_is_set_up_has_to_answer(
    client: Client, settings, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    heartbeat_task()
    settings.CLAMAV = "scanner.example:3310"
    monkeypatch.setattr(probes.scanning, "answers", lambda: answers)
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()["parts"]) == (
        200 if answers else 503,
        {**ALL_WELL, "scanner": answers},
    )


def test_where_answers_come_by_mail_their_receiver_has_to_live(client: Client, settings) -> None:
    """Rule 43."""
    heartbeat_task()
    settings.ANSWERS_BY_MAIL_ADDRESS = "antwoord@antwoorden.example"
    cache.delete(probes.RECEIVER_KEY)
    assert client.get("/healthz/ready").json()["parts"] == {**ALL_WELL, "receiver": False}
    probes.receiver_beat(at=datetime.now(UTC))
    assert client.get("/healthz/ready").json()["parts"] == {**ALL_WELL, "receiver": True}
    assert not probes.receiver_is_alive(at=datetime.now(UTC) + timedelta(minutes=2))
    cache.delete(probes.RECEIVER_KEY)


def test_storage_is_left_as_it_was(client: Client, settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    client.get("/healthz/ready")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("page", ["live", "ready"])
def test_health_is_never_cached_and_only_read(client: Client, page: str) -> None:
    assert "no-store" in client.get(f"/healthz/{page}")["Cache-Control"]
    assert client.post(f"/healthz/{page}").status_code == 405


def test_health_is_asked_over_plain_http_too(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz/live").status_code == 200
    assert client.get("/").status_code == 301


def test_question_of_a_container_names_a_host_that_is_served(
    live_server, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    from hubportal.health import ask

    ask_of: Callable[[str], int] = ask.main
    monkeypatch.setattr(ask, "PORT", live_server.thread.port)
    monkeypatch.setenv("HUBPORTAL_HOSTS", "localhost,other.example")
    assert (ask_of("live"), ask_of("ready")) == (0, 1)
    assert capsys.readouterr().out.splitlines()[0] == '200 {"status": "ok"}'
