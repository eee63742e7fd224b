"""A transaction that the database ended so that another could go on is done once more, and nothing typed is lost (rules 30 and 32)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg.errors import DeadlockDetected

from hubportal.busy import is_deadlock
from hubportal.kernel.errors import NotAllowed
from organisations.models import Organisation, Representative
from organisations.views import claiming
from tests.factories.accounts import UserFactory, log_in
from tests.factories.organisations import OrganisationFactory
from tests.factories.regions import MunicipalityFactory
from tests.pages import page_text
from tests.racing import race

pytestmark = pytest.mark.django_db


def deadlocks(times: int) -> Callable[..., Any]:
    """Return the act of claiming, which the database ends that often."""
    left = [times]

    def act(**values: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("deadlock detected") from DeadlockDetected("deadlock detected")
        return claiming.__dict__["_real"](**values)

    return act


@pytest.fixture
def typed() -> dict[str, Any]:
    return {
        "kvk_number": "68750110",
        "name": "Stichting Druk (fictief)",
        "legal_form": "foundation",
        "municipality": MunicipalityFactory.create().pk,
    }


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    monkeypatch.setitem(claiming.__dict__, "_real", claiming.claim_organisation)
    return lambda count: monkeypatch.setattr(claiming, "claim_organisation", deadlocks(count))


def test_what_a_deadlock_undid_is_done_once_more(
    client: Client, times: Callable[[int], None], typed: dict[str, Any]
) -> None:
    log_in(client, UserFactory.create())
    times(1)
    assert client.post(reverse("organisations:claim"), typed).status_code == 302
    assert Representative.objects.count() == 1


def test_when_that_fails_too_a_page_keeps_what_was_typed_and_sends_it_again(
    client: Client, times: Callable[[int], None], typed: dict[str, Any]
) -> None:
    log_in(client, UserFactory.create())
    times(2)
    busy = client.post(reverse("organisations:claim"), {**typed, "csrfmiddlewaretoken": "x"})
    assert (busy.status_code, busy["Retry-After"], Representative.objects.count()) == (503, "2", 0)
    assert "er is niets verloren" in page_text(busy)
    assert busy.context["sent"] == [(name, str(value)) for name, value in typed.items()]
    again = client.post(reverse("organisations:claim"), dict(busy.context["sent"]))
    assert (again.status_code, Representative.objects.count()) == (302, 1)


def test_a_script_that_saves_is_told_to_keep_trying(
    client: Client, times: Callable[[int], None], typed: dict[str, Any]
) -> None:
    log_in(client, UserFactory.create())
    times(2)
    busy = client.post(reverse("organisations:claim"), typed, headers={"accept": "application/json"})
    assert (busy.status_code, list(busy.json())) == (503, ["error"])


def test_a_password_is_not_put_on_a_page(
    client: Client, times: Callable[[int], None], typed: dict[str, Any]
) -> None:
    log_in(client, UserFactory.create())
    times(2)
    busy = client.post(reverse("organisations:claim"), {**typed, "password": "geheim-1234"})
    assert (busy.status_code, busy.context["is_form"], "geheim-1234" in busy.content.decode()) == (
        503,
        False,
        False,
    )


@pytest.mark.parametrize("problem", [NotAllowed("Niet meer."), Organisation.DoesNotExist()])
def test_what_is_gone_between_the_page_and_the_act_answers_404(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    typed: dict[str, Any],
    problem: Exception,
) -> None:
    """Rule 22; the log tells where it came from."""
    log_in(client, UserFactory.create())

    def refused(**_values: Any) -> None:
        raise problem

    monkeypatch.setattr(claiming, "claim_organisation", refused)
    monkeypatch.setattr(claiming, "add_violation", _raise)
    assert client.post(reverse("organisations:claim"), typed).status_code == 404
    told = [each.exc_info[1] for each in caplog.records if each.name == "hubportal.busy" and each.exc_info]
    assert told == [problem]


def _raise(_form: Any, problem: Exception) -> None:
    raise problem


def test_any_other_problem_is_no_deadlock() -> None:
    assert not is_deadlock(OperationalError("the connection is lost"))
    assert not is_deadlock(None)


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_of_the_database_is_one() -> None:
    keys = [OrganisationFactory.create().pk for _each in range(2)]

    def locks(order: list[int]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for key in order:
                list(Organisation.objects.select_for_update().filter(pk=key))
                cursor.execute("select pg_sleep(0.3)")

    results = race(lambda: locks(keys), lambda: locks(keys[::-1]))
    ended = [each for each in results if isinstance(each, Exception)]
    assert [is_deadlock(each) for each in ended] == [True]
