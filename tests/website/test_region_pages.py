"""What a region's page begins with: one's own municipality, and organisations by stream."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation
from organisations.streams import Stream
from regions.domain.place_names import Named
from regions.enums import PlaceKind
from regions.models import Municipality, Region
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory
from tests.factories.regions import MunicipalityFactory, RegionFactory, name_places
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return RegionFactory.create()


def placed(region: Region, name: str) -> Municipality:
    municipality = MunicipalityFactory.create(name=name, region=region)
    name_places(Named(name, PlaceKind.MUNICIPALITY, "", municipality.pk, region.pk))
    return municipality


def public(municipality: Municipality, name: str, *streams: Stream) -> Organisation:
    """Return an organisation that everybody may see."""
    kwartiermaker = KwartiermakerAssignmentFactory.create(region=municipality.region).user
    facts = {"mapped_at": AT, "published_at": AT, "published_by": kwartiermaker}
    return OrganisationFactory.create(name=name, municipality=municipality, streams=list(streams), **facts)


def page_of(client: Client, region: Region, **asked: str) -> object:
    return client.get(reverse("website:region", args=[region.slug]), asked)


def names_on(answer: object) -> list[str]:
    return [each.name for each in answer.context["organisations"]]  # type: ignore[attr-defined]


def test_it_begins_with_the_municipality_by_which_it_was_found(client: Client, region) -> None:
    near, far = placed(region, "Zeedorp"), placed(region, "Achterdorp")
    public(far, "Buurtraad"), public(near, "Wijkraad")
    public(near, "Cliëntenraad")
    assert names_on(page_of(client, region)) == ["Buurtraad", "Cliëntenraad", "Wijkraad"]
    answer = page_of(client, region, via="Zeedorp")
    assert names_on(answer) == ["Cliëntenraad", "Wijkraad", "Buurtraad"]
    assert [each.name for each in answer.context["municipalities"]] == ["Zeedorp", "Achterdorp"]  # type: ignore[attr-defined]
    # Its row, and its two organisations.
    assert page_text(answer).count("(uw gemeente)") == 3
    assert "(uw gemeente)" not in page_text(page_of(client, region))


def test_a_name_of_several_municipalities_puts_none_first(client: Client, region) -> None:
    near, far = placed(region, "Zeedorp"), placed(region, "Achterdorp")
    for each in (near, far):
        name_places(Named("Broek", PlaceKind.PLACE, "", each.pk, region.pk))
    answer = page_of(client, region, via="Broek")
    assert [each.name for each in answer.context["municipalities"]] == ["Achterdorp", "Zeedorp"]  # type: ignore[attr-defined]


def test_organisations_are_chosen_by_stream_with_how_many_there_are(client: Client, region) -> None:
    place = placed(region, "Zeedorp")
    public(place, "Beide", Stream.PATIENTS, Stream.RESIDENTS)
    public(place, "Alleen", Stream.PATIENTS)
    public(place, "Geen")
    OrganisationFactory.create(municipality=place, streams=[Stream.COUNCILS], mapped_at=AT)
    answer = page_of(client, region, via="Zeedorp", stroom=Stream.PATIENTS)
    assert names_on(answer) == ["Alleen", "Beide"]
    choices = answer.context["streams"]  # type: ignore[attr-defined]
    assert [(each.number, each.is_chosen) for each in choices] == [
        (3, False),
        (2, True),
        (0, False),
        (1, False),
    ]
    assert parse_qs(urlsplit(choices[3].address).query) == {"via": ["Zeedorp"], "stroom": ["residents"]}
    assert names_on(page_of(client, region, stroom="onzin")) == ["Alleen", "Beide", "Geen"]
    nobody = page_text(page_of(client, region, stroom=Stream.COUNCILS))
    assert "Van deze stroom is hier nog geen organisatie openbaar." in nobody


def test_without_streams_there_is_nothing_to_choose(client: Client, region) -> None:
    public(placed(region, "Zeedorp"), "Geen")
    assert page_of(client, region).context["streams"] == []  # type: ignore[attr-defined]
