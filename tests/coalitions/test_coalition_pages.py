"""Starting a coalition, and saying who takes part."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coalitions.models import Coalition, Participation
from organisations.models import Organisation, Representative
from regions.models import Region
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, PostcodeRangeFactory, RegionFactory, name_places
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return RegionFactory.create(name="Midden-Holland")


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=0)
    log_in(client, case.applicant)
    return case


def place_of(organisation: Organisation) -> int:
    """Return the key by which the page offers an organisation to who speaks for it."""
    return Representative.objects.get(organisation=organisation).pk


def start_address(**query: str) -> str:
    return reverse("coalitions:start", query=query)


def test_who_speaks_for_nobody_is_asked_for_an_organisation_first(client: Client) -> None:
    log_in(client, person())
    for name in ("coalitions:list", "coalitions:start", "applications:list"):
        response = client.get(reverse(name))
        claim = f"{reverse('organisations:claim')}?next={reverse('coalitions:start')}"
        assert claim in response.content.decode()
    assert client.post(start_address(), {"name": "x"}).status_code == 200
    assert not Coalition.objects.exists()


def test_a_region_is_found_by_postcode_and_by_name(client: Client, region: Region) -> None:
    log_in(client, speaker_for(organisation_in(region)))
    municipality = MunicipalityFactory.create(name="Gouda", region=region)
    PostcodeRangeFactory.create(first=2800, last=2809, municipality=municipality)
    name_places()
    for typed in ("2801", "2801 AB", "gouda", "midden-holland"):
        response = client.get(start_address(where=typed))
        assert response.context["region"] == region, typed
        assert "form" in response.context


def test_where_several_regions_fit_the_person_chooses(client: Client, region: Region) -> None:
    other = RegionFactory.create(name="Holland-Rijnland")
    log_in(client, speaker_for(organisation_in(region)))
    name_places()
    response = client.get(start_address(where="holland"))
    assert {each["region"].pk for each in response.context["found"]} == {region.pk, other.pk}
    assert client.get(start_address(region=other.slug)).context["region"] == other


@pytest.mark.parametrize("typed", ["0000", "zz", "", "%", "'", "\x00", "x" * 5000])
def test_a_place_that_is_none_shows_all_regions(client: Client, region: Region, typed: str) -> None:
    log_in(client, speaker_for(organisation_in(region)))
    response = client.get(start_address(where=typed))
    assert response.status_code == 200
    assert region in response.context["regions"]


def test_an_unknown_region_is_not_there(client: Client, region: Region) -> None:
    log_in(client, speaker_for(organisation_in(region)))
    assert client.get(start_address(region="nergens")).status_code == 404


def test_starting_twice_makes_one_coalition(client: Client, region: Region) -> None:
    lead = organisation_in(region)
    log_in(client, speaker_for(lead))
    typed = {"name": "Samen", "lead_organisation": place_of(lead)}
    for _each in range(2):
        response = client.post(start_address(region=region.slug), typed)
        coalition = Coalition.objects.get()
        assert response.url == reverse("coalitions:detail", args=[coalition.pk])


def test_somebody_elses_organisation_is_no_choice(client: Client, region: Region) -> None:
    log_in(client, speaker_for(organisation_in(region)))
    elsewhere = organisation_in(region)
    speaker_for(elsewhere)
    typed = {"name": "Samen", "lead_organisation": place_of(elsewhere)}
    response = client.post(start_address(region=region.slug), typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["lead_organisation"]
    assert 'value="Samen"' in response.content.decode()


def test_an_organisation_from_elsewhere_says_that_it_works_in_the_region(
    client: Client, region: Region
) -> None:
    lead = organisation_in(RegionFactory.create())
    log_in(client, speaker_for(lead))
    typed = {"name": "Samen", "lead_organisation": place_of(lead)}
    refused = client.post(start_address(region=region.slug), typed)
    assert list(refused.context["form"].errors) == ["works_in_region"]
    typed["works_in_region"] = "on"
    assert client.post(start_address(region=region.slug), typed).status_code == 302


def partner(case: "scenarios.Case", **changes: Any) -> dict[str, Any]:
    return {
        "kvk_number": "1234 5678",
        "name": "Stichting Erbij",
        "legal_form": "foundation",
        "municipality": case.lead.municipality_id,
        "contact_name": "Noor de Wit",
        "contact_email": "noor@erbij.example",
        **changes,
    }


def add(client: Client, case: "scenarios.Case", **changes: Any) -> Any:
    return client.post(reverse("coalitions:add_partner", args=[case.coalition_id]), partner(case, **changes))


def test_a_number_published_under_another_name_is_asked_about_before_it_is_added(client: Client) -> None:
    case = scenarios.started()
    known = organisation_in(
        case.coalition.region, kvk_number="12345678", name="Stichting Nummer 1", published_at=AT
    )
    log_in(client, case.applicant)
    other = {"name": "Heel Andere Naam BV", "legal_form": "company"}
    asked = add(client, case, **other)
    form = asked.context["form"]
    assert (asked.status_code, list(form.errors)) == (422, ["kvk_number"])
    assert "Stichting Nummer 1" in form.errors["kvk_number"][0]
    assert form["name"].value() == "Heel Andere Naam BV"
    assert "Ja, ik bedoel Stichting Nummer 1" in page_text(asked)
    assert not case.coalition.participations.filter(organisation=known).exists()
    # Sent again without the tick it is asked again; a name of another organisation says nothing.
    meant = {**other, "meant": known.name}
    assert add(client, case, **meant).status_code == 422
    assert add(client, case, **{**meant, "is_meant": "on", "meant": "Iets anders"}).status_code == 422
    assert add(client, case, **meant, is_meant="on").status_code == 302
    assert case.coalition.participations.get(organisation=known).stated_name == known.name


def test_a_number_published_under_the_same_name_asks_nothing(client: Client) -> None:
    case = scenarios.started()
    organisation_in(case.coalition.region, kvk_number="12345678", name="Stichting  Er-bij", published_at=AT)
    log_in(client, case.applicant)
    assert add(client, case, name="stichting erbij").status_code == 302


def test_a_partner_is_added(client: Client, case: "scenarios.Case") -> None:
    assert add(client, case).url == reverse("coalitions:detail", args=[case.coalition_id])
    added = Participation.objects.get(is_lead=False)
    assert (added.organisation.kvk_number, added.contact_email) == ("12345678", "noor@erbij.example")
    assert "Stichting Erbij" in page_text(client.get(reverse("coalitions:detail", args=[case.coalition_id])))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kvk_number": "1234567a"}, "kvk_number"),
        ({"kvk_number": "123"}, "kvk_number"),
        ({"kvk_number": "١٢٣٤٥٦٧٨"}, "kvk_number"),
        ({"legal_form": "sole_trader"}, "legal_form"),
        ({"legal_form": ""}, "legal_form"),
        ({"name": "x" * 151}, "name"),
        ({"contact_email": "geen adres"}, "contact_email"),
        ({"municipality": "999999"}, "municipality"),
    ],
)
def test_a_partner_with_something_wrong_is_refused_at_the_field_and_kept(
    client: Client, case: "scenarios.Case", changes: dict[str, Any], field: str
) -> None:
    response = add(client, case, **changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="Noor de Wit"' in response.content.decode()
    assert not Participation.objects.filter(is_lead=False).exists()


def test_the_same_organisation_twice_is_refused_at_its_number(client: Client, case: "scenarios.Case") -> None:
    add(client, case)
    response = add(client, case, contact_email="ander@erbij.example")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["kvk_number"]
    assert Participation.objects.filter(is_lead=False).count() == 1


def test_the_mailbox_of_the_applicant_is_refused_at_the_address(
    client: Client, case: "scenarios.Case"
) -> None:
    local, _at, domain = case.applicant.email.partition("@")
    for address in (case.applicant.email, f"{local.upper()}+noor@{domain}"):
        response = add(client, case, contact_email=address)
        assert list(response.context["form"].errors) == ["contact_email"]


def test_a_partner_from_elsewhere_must_work_in_the_region(client: Client, case: "scenarios.Case") -> None:
    elsewhere = MunicipalityFactory.create()
    refused = add(client, case, municipality=elsewhere.pk)
    assert list(refused.context["form"].errors) == ["works_in_region"]
    assert add(client, case, municipality=elsewhere.pk, works_in_region="on").status_code == 302


def test_adding_leads_back_to_the_page_that_sent_one_here_and_nowhere_else(
    client: Client, case: "scenarios.Case"
) -> None:
    back = reverse("applications:partners", args=[case.reference])
    assert add(client, case, next=back).url == back
    own = reverse("coalitions:detail", args=[case.coalition_id])
    for number, foreign in enumerate(("https://elders.example/", "//elders.example", "javascript:alert(1)")):
        changes = {"kvk_number": f"8765432{number}", "contact_email": f"a{number}@b.example"}
        assert add(client, case, next=foreign, **changes).url == own


def partner_address(name: str, case: "scenarios.Case") -> str:
    added = Participation.objects.get(is_lead=False)
    return reverse(f"coalitions:{name}", args=[case.coalition_id, added.pk])


def test_another_contact_person_answers_from_now_on(client: Client, case: "scenarios.Case") -> None:
    add(client, case)
    url = partner_address("change_contact", case)
    assert 'value="noor@erbij.example"' in client.get(url).content.decode()
    refused = client.post(url, {"contact_name": "Ik", "contact_email": case.applicant.email})
    assert list(refused.context["form"].errors) == ["contact_email"]
    typed = {"contact_name": "Bo", "contact_email": "bo@erbij.example"}
    assert client.post(url, typed).status_code == 302
    assert Participation.objects.get(is_lead=False).contact_name == "Bo"


def test_a_partner_is_removed_after_a_question(client: Client, case: "scenarios.Case") -> None:
    add(client, case)
    url = partner_address("remove_partner", case)
    assert client.get(url).status_code == 200
    assert Participation.objects.filter(is_lead=False).exists()
    assert client.post(url).status_code == 302
    assert not Participation.objects.filter(is_lead=False).exists()


def test_a_partner_with_a_share_stays_and_the_reason_is_told(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    response = client.post(partner_address("remove_partner", case), follow=True)
    assert "utrecht-alert--error" in response.content.decode()
    assert Participation.objects.filter(is_lead=False).exists()


def test_outsiders_find_nothing_and_partners_only_read(client: Client) -> None:
    case = scenarios.started()
    detail = reverse("coalitions:detail", args=[case.coalition_id])
    writing = [
        reverse("coalitions:add_partner", args=[case.coalition_id]),
        partner_address("change_contact", case),
        partner_address("remove_partner", case),
    ]
    assert client.get(detail).status_code == 302
    log_in(client, person())
    for url in (detail, *writing):
        assert client.get(url).status_code == 404
    log_in(client, speaker_for(case.partners[0].organisation))
    page = client.get(detail)
    assert page.status_code == 200
    assert case.partners[0].contact_email not in page.content.decode()
    assert case.reference not in page.content.decode()
    for url in writing:
        assert client.get(url).status_code == 404
        assert client.post(url, partner(case)).status_code == 404


def test_a_partner_of_another_coalition_is_not_reached_through_mine(
    client: Client, case: "scenarios.Case"
) -> None:
    other = scenarios.started(coalition_name="Andere")
    url = reverse("coalitions:remove_partner", args=[case.coalition_id, other.partners[0].pk])
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    first = scenarios.started()
    for number in range(count - 1):
        scenarios.started(
            lead=first.lead,
            region=first.coalition.region,
            applicant=first.applicant,
            coalition_name=f"Coalitie {number}",
        )
    log_in(client, first.applicant)
    with django_assert_num_queries(6):
        client.get(reverse("coalitions:list"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_coalition_takes_the_same_queries_however_many_partners(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    case = scenarios.started(partners=count)
    log_in(client, case.applicant)
    with django_assert_num_queries(8):
        client.get(reverse("coalitions:detail", args=[case.coalition_id]))


def test_coalition_goes_on_the_map_and_off_it_with_a_button_that_says_so(client: Client) -> None:
    """Rule 26."""
    case = scenarios.started()
    log_in(client, case.applicant)
    address = reverse("coalitions:detail", args=[case.coalition_id])
    for told, answer, is_shown in (
        ("De kaart toont uw coalitie niet", "yes", True),
        ("De kaart laat iedereen zien", "no", False),
        ("De kaart toont uw coalitie niet", "", False),
    ):
        shown = client.get(address)
        assert told in page_text(shown)
        assert (f'value="{answer}"' in shown.content.decode()) is bool(answer)
        done = client.post(reverse("coalitions:show", args=[case.coalition_id]), {"shown": answer})
        assert done["Location"] == address
        case.coalition.refresh_from_db()
        assert case.coalition.is_shown is is_shown
    log_in(client, speaker_for(case.partners[0].organisation))
    assert "op de openbare kaart" not in page_text(client.get(address)).lower()
