"""Pages on which a draft is written."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def address(name: str, case: Application, *more: object) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


PAGES = ["overview", "particulars", "people", "partners", "budget", "attachments", "check", "withdraw"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_an_empty_draft_says_that_it_is_not_submitted(client: Client, name: str) -> None:
    case = scenarios.started()
    response = log_in(client, case.applicant).get(address(name, case))
    assert response.status_code == 200
    if name != "withdraw":
        assert "hub-state--draft" in response.content.decode()
