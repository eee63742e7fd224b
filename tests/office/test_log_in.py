"""The log-in page of the admin site ends somewhere, for everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from tests.factories.accounts import UserFactory, log_in, person

pytestmark = pytest.mark.django_db

ADDRESS = "/beheer/login/"
INDEX = "/beheer/"


@pytest.mark.parametrize("second_factor", [True, False])
@pytest.mark.parametrize("way", [ADDRESS, f"/account/login/?next={ADDRESS}"])
def test_who_may_enter_lands_on_the_dashboard_in_three_steps(
    client: Client, way: str, second_factor: bool
) -> None:
    log_in(client, person(Role.OFFICER), second_factor=second_factor)
    walked = client.get(way, follow=True)
    assert len(walked.redirect_chain) <= 3
    assert walked.redirect_chain[-1][0].partition("?")[0] == (
        INDEX if second_factor else reverse("mfa_reauthenticate")
    )


def test_who_has_no_role_gets_the_answer_of_the_dashboard(client: Client) -> None:
    log_in(client, UserFactory.create())
    assert (client.get(ADDRESS).status_code, client.get(INDEX).status_code) == (404, 404)


def test_who_is_logged_out_comes_back_to_the_dashboard(client: Client) -> None:
    assert client.get(ADDRESS)["Location"] == f"{reverse('account_login')}?next=%2Fbeheer%2F"
