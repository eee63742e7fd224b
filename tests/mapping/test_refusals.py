"""An organisation that does not want to be public stays so, whoever is asked and wherever it comes back (rules 23, 27 and 28)."""

from datetime import timedelta

import pytest

from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from mapping.agreement_queries import has_declined
from mapping.domain.answering import decline_by_link, withdraw_by_link
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import Declined, publish_organisation
from mapping.domain.removing import empty_bin, remove_from_map
from mapping.enums import KEPT_IN_BIN
from mapping.models import RefusedNumber
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.agreeing import ADDRESS, agreed, asked
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
NEXT_DAY = AT + timedelta(days=1, minutes=1)


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def row(region: Region, mapper: User) -> Organisation:
    facts = OrganisationFacts("Kring van bewoners (fictief)", description="Wij komen bij elkaar.")
    return add_to_map(facts=facts, region=region, actor=mapper, at=AT)


def again(row: Organisation) -> Organisation:
    return Organisation.objects.get(pk=row.pk)


@pytest.mark.parametrize("agrees_later", [False, True])
def test_who_declined_and_left_every_map_is_known_to_have_declined_when_it_comes_back(
    region, mapper, agrees_later
) -> None:
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    _leave_the_map(first, region, mapper)
    back = add_to_map(facts=facts, region=region, actor=mapper, at=LATER)
    assert (back.pk == first.pk, has_declined(back)) == (False, True)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=back.pk, actor=mapper, at=LATER)
    if agrees_later:
        agreed(back, region, mapper, at=NEXT_DAY)
        assert again(back).published_at is not None
        _leave_the_map(back, region, mapper)
        assert not has_declined(add_to_map(facts=facts, region=region, actor=mapper, at=NEXT_DAY))
    # By a keyed digest: nobody finds a number in it.
    assert "68750110" not in str(RefusedNumber.objects.values())


def test_who_declined_hears_that_somebody_at_another_address_agreed(region, mapper, row) -> None:
    """Whoever asks could read another mailbox, and undo a refusal that way (rules 27 and 28)."""

    def told() -> list[str]:
        return list(
            OutgoingMail.objects.filter(kind="agreement_elsewhere").values_list("recipient", flat=True)
        )

    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    given = agreed(row, region, mapper, email="ander@kring.example", at=LATER)
    assert (told(), again(row).published_at is not None) == ([ADDRESS], True)
    withdraw_by_link(request_id=given.pk, at=LATER)
    agreed(row, region, mapper, email="ander+kring@kring.example", at=NEXT_DAY)
    # The same mailbox changed its mind: nobody else is told.
    assert told() == [ADDRESS]


def _leave_the_map(row: Organisation, region: Region, mapper: User) -> None:
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    assert empty_bin(entry_id=entry_of(row, region).pk, at=AT + KEPT_IN_BIN + timedelta(minutes=1))
