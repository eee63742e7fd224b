"""Putting who takes part in a coalition on the map, once a grant was sent (rule 26)."""

import pytest
from django.db import transaction

from coalitions.domain.mapping import put_members_on_map
from organisations.models import Organisation
from tests.factories.moments import AT
from tests.factories.scenarios import started
from tests.racing import held_open


@pytest.mark.django_db(transaction=True)
def test_the_organisations_are_locked_in_one_order_so_that_two_acts_never_wait_for_each_other() -> None:
    case = started()
    members = Organisation.objects.filter(participations__coalition=case.coalition_id)
    first, *_others, last = members.order_by("pk")
    members.update(mapped_at=None)

    def held() -> None:
        list(Organisation.objects.select_for_update().filter(pk=first.pk))

    with held_open(held) as meanwhile:
        mapping = meanwhile(transaction.atomic(lambda: put_members_on_map([case.coalition_id], at=AT)))
        assert mapping.waits()
        with transaction.atomic():
            # As who merges the two goes on to do.
            free = Organisation.objects.select_for_update(nowait=True).filter(pk=last.pk)
            assert list(free) == [last]
    mapping.result()
    assert not members.filter(mapped_at=None).exists()
