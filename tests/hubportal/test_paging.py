"""A page of a long list: its order and number from one query, its rows from another."""

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from hubportal import paging
from hubportal.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def shown_on(number: str) -> list[User]:
    request = RequestFactory().get("/", {"page": number})
    ordered = User.objects.filter(full_name__startswith="Rij").order_by("-full_name")
    found = paging.page_of_rows(request, ordered, shown=User.objects.prefetch_related("role_grants"))
    assert found.paginator.num_pages == 2
    return list(found.object_list)


def test_pages_keep_the_order_and_hold_every_row_once(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(paging, "ROWS_PER_PAGE", 2)
    one, two, three = (UserFactory.create(full_name=f"Rij {number}") for number in (1, 2, 3))
    UserFactory.create(full_name="Een ander")
    # The number, the keys, the rows, and what belongs to them.
    with django_assert_num_queries(4):
        assert shown_on("1") == [three, two]
    assert shown_on("2") == [one]
    assert shown_on("nonsense") == [three, two]
