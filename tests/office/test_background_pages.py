"""The pages of the office about background work."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.health import probes
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.counting import count_received
from hubportal.mail.enums import Outcome
from hubportal.sweeps.domain.retrying import retry_now
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT, moment
from tests.factories.sweeps import PostponedRowFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def test_the_office_sees_what_is_stuck_and_why(client) -> None:
    """Rule 26: by job and number, never by reference."""
    row = PostponedRowFactory.create()
    log_in(client, person(Role.OFFICER))
    shown = client.get(reverse("admin:background_work")).content.decode()
    assert "OSError: schijf vol" in shown
    assert f"nummer {row.row_id}" in shown.replace(".", "")


def test_the_office_is_warned_of_a_year_without_days_equated_by_decree(client) -> None:
    """Rule 36: a letter could name too early a last day."""
    log_in(client, person(Role.OFFICER))
    for at, is_warned in ((AT, False), (moment("2028-03-01T10:00"), True)):
        with at_moment(at):
            shown = client.get(reverse("admin:background_work")).content.decode()
        assert ("Voor 2029 weet het portaal nog niet" in shown) == is_warned


def test_trying_again_lets_the_next_sweep_have_it(client) -> None:
    other, row = PostponedRowFactory.create_batch(2)
    actor = person(Role.ADMINISTRATOR)
    log_in(client, actor)
    address = reverse("admin:retry", args=[row.pk])
    assert client.post(address).status_code == 302
    row.refresh_from_db()
    event = AuditEvent.objects.get(act="sweeps.retried")
    assert (row.next_attempt_at, row.attempts, event.actor_id) == (event.happened_at, 3, actor.pk)
    waits_until = other.next_attempt_at
    other.refresh_from_db()
    assert other.next_attempt_at == waits_until
    row.delete()
    assert client.post(address).status_code == 404


def test_a_row_that_was_done_meanwhile_is_left_alone() -> None:
    assert not retry_now(postponed_id=1, actor=person(Role.OFFICER), at=AT)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.ADMINISTRATOR}))
def test_only_the_office_tries_again(role) -> None:
    row = PostponedRowFactory.create()
    with pytest.raises(NotAllowed):
        retry_now(postponed_id=row.pk, actor=person(role), at=AT)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PostponedRowFactory.create_batch(count)
    log_in(client, person(Role.OFFICER))
    with django_assert_num_queries(49):
        client.get(reverse("admin:background_work"))


@pytest.mark.parametrize(
    ("role", "address", "sees"),
    [
        (Role.ADMINISTRATOR, "antwoord@antwoorden.example", True),
        (Role.ADMINISTRATOR, "", False),
        # How many there are tells an officer of applications that are closed to them (rule 26).
        (Role.OFFICER, "antwoord@antwoorden.example", False),
    ],
)
def test_administrators_see_how_many_answers_came_by_mail(
    client, settings, role: Role, address: str, sees: bool
) -> None:
    """Rule 43."""
    settings.ANSWERS_BY_MAIL_ADDRESS = address
    count_received(outcome=Outcome.TAKEN, at=AT)
    count_received(outcome=Outcome.REFUSED, at=AT)
    log_in(client, person(role))
    cache.delete(probes.RECEIVER_KEY)
    for lives in (False, True):
        said = page_text(client.get(reverse("admin:background_work")))
        assert ("Antwoorden per e-mail komen nu niet binnen." in said) == (sees and not lives)
        assert ("geweigerd" in said, "overgenomen" in said) == (sees, sees)
        probes.receiver_beat(at=datetime.now(UTC))
    cache.delete(probes.RECEIVER_KEY)


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICER, False), (Role.ADMINISTRATOR, True)])
def test_figures_that_tell_of_decisions_are_for_administrators(client, role: Role, sees: bool) -> None:
    """Rule 26: an officer may have an interest in what was decided."""
    log_in(client, person(role))
    shown = {each.name for each in client.get(reverse("admin:background_work")).context["figures"]}
    telling = {
        "decisions.make_letters",
        "decisions.settle_rounds",
        "letters.bundle",
        "letters.date_anew",
        "letters.fix_moments_of_sending",
        "letters.note_bounces",
        "letters.print",
        "letters.send_anew",
    }
    assert shown & telling == (telling if sees else set())
    assert "applications.produce_receipts" in shown
