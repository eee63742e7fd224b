"""Each page about the map can be used by everybody, in a window of a telephone and of a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.models import User
from mapping.domain.publishing import publish_organisation
from organisations.models import Organisation
from regions.models import Region
from tests.browser import NARROW, WIDE
from tests.factories.agreeing import asked, asked_correction_of, mailed_secret
from tests.factories.following import follower_period
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in, people_periods
from tests.factories.residents import message_period
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, look, press
from tests.mapping.grids import mapped

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")

OF_VISITORS = (
    *("", "meedoen/", "vraag-aandragen/", "organisatie-aanmelden/", "schrijven/", "volgen/", "../dekking/"),
    "../../verleende-subsidies/",
)
OF_A_REGION = (
    *("", "vraagstukken/", "mensen/", "berichten/", "bereikbaar/", "beelden/", "regiobeeld/", "openstaand/"),
    *("overdragen/", "verzoeken/", "prullenbak/", "vertegenwoordigers/", "coalities/", "importeren/"),
)
OF_A_ROW = ("", "akkoord/", "geschiedenis/", "banden/", "samenvoegen/", "weghalen/")


@pytest.fixture
def region() -> Region:
    people_periods()
    message_period()
    follower_period()
    return Region.objects.get(name="Zwolle")


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def public(region: Region, mapper: User) -> Organisation:
    added = mapped("Buurtkring (fictief)", region, mapper, streams=["residents"])
    return publish_organisation(organisation_id=added.pk, actor=mapper, at=AT)


def look_at_all(page: Page, addresses: list[str]) -> None:
    for each in addresses:
        answer = page.goto(each)
        assert answer is not None
        assert (answer.status, page.locator("h1").count()) == (200, 1), each
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            look(page)


def test_pages_of_visitors(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, public: Organisation
) -> None:
    here = f"{live_server.url}/regios/{region.slug}/"
    card = f"{live_server.url}/kaart/{region.slug}/{public.map_key}/"
    look_at_all(visit(), [card, *(here + each for each in OF_VISITORS)])


def test_pages_of_the_kwartiermaker(
    live_server: LiveServer,
    visit: Callable[..., Page],
    region: Region,
    mapper: User,
    public: Organisation,
) -> None:
    asked(mapped("Wijkraad (fictief)", region, mapper), region, mapper)
    correction = asked_correction_of(public, region)
    here = f"{live_server.url}/regiowerk/{region.slug}/"
    row = f"{here}organisaties/{public.map_key}/"
    page = visit()
    log_in_with_code(page, live_server, mapper)
    pages = [*(here + each for each in OF_A_REGION), *(row + each for each in OF_A_ROW)]
    look_at_all(page, [*pages, f"{here}verzoeken/{correction.pk}/"])


def test_an_organisation_agrees_by_its_link(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, mapper: User
) -> None:
    row = mapped("Wijkraad (fictief)", region, mapper)
    page = visit(viewport=NARROW)
    page.goto(f"{live_server.url}/kaart/akkoord/{mailed_secret(asked(row, region, mapper))}/")
    arrive(page, "Mogen bezoekers dit lezen over Wijkraad (fictief)?")
    press(page, "Dit klopt: ga verder")
    arrive(page, "Gaat u ermee akkoord dat iedereen dit kan lezen?")
    page.get_by_label("Uw naam").fill("Anna Akkoord (fictief)")
    page.get_by_label("Ik mag hier namens de organisatie mee akkoord gaan").check()
    press(page, "Ja, wij gaan akkoord")
    arrive(page, "Dank u wel: uw organisatie is akkoord met deze tekst")
    row.refresh_from_db()
    assert row.published_at is not None
