"""The published organisations of a region, offered as partners to who leads a coalition (rules 22, 23, 26 and 30)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from applications.domain.goals import take_goal
from coalitions.models import Participation
from hubportal.mail.models import OutgoingMail
from mapping.enums import LessHeard
from mapping.models import ParticipationQuestion
from organisations.legal_forms import LegalForm
from organisations.models import Organisation
from organisations.streams import Stream
from regions.models import Region
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT, CALL_OPENS
from tests.factories.organisations import organisation_in, pending_for, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=0)
    log_in(client, case.applicant)
    return case


def published_in(region: Region, name: str = "Openbare kring (fictief)", **values: Any) -> Organisation:
    """Make an organisation of a region that visitors see."""
    return organisation_in(region, name=name, published_at=CALL_OPENS, **values)


def offered(client: Client, case: "scenarios.Case", query: dict[str, str] | None = None) -> dict[str, str]:
    """Return the names on the page with where each stands."""
    response = client.get(reverse("matching:partners", args=[case.coalition_id], query=query))
    return {each.shown.card.name: each.state.value for each in response.context["offers"]}


def test_the_published_organisations_of_the_region_are_offered_and_no_others(
    client: Client, case: "scenarios.Case"
) -> None:
    region, elsewhere = case.coalition.region, RegionFactory.create()
    published_in(region)
    seated_elsewhere = published_in(elsewhere, "Werkt hier ook (fictief)")
    seated_elsewhere.works_in.add(region)
    published_in(elsewhere, "Elders (fictief)")
    organisation_in(region, name="Niet openbaar (fictief)")
    assert offered(client, case) == {"Openbare kring (fictief)": "free", "Werkt hier ook (fictief)": "free"}


def test_they_are_found_by_stream_and_by_name(client: Client, case: "scenarios.Case") -> None:
    region = case.coalition.region
    published_in(region, "Bewoners (fictief)", streams=[Stream.RESIDENTS.value])
    published_in(region, "Raad (fictief)", streams=[Stream.COUNCILS.value])
    assert offered(client, case, {"stroom": "councils"}) == {"Raad (fictief)": "free"}
    assert offered(client, case, {"zoek": "bewon"}) == {"Bewoners (fictief)": "free"}
    assert offered(client, case, {"zoek": "%", "stroom": "weg"}) == {}


def test_each_says_whether_it_takes_part_was_asked_agreed_or_declined(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    Organisation.objects.filter(pk=case.partners[0].organisation_id).update(published_at=CALL_OPENS)
    Organisation.objects.filter(pk=case.lead.pk).update(published_at=CALL_OPENS)
    asked = published_in(case.coalition.region, "Gevraagd (fictief)")
    place = scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant, organisation=asked)
    assert offered(client, case) == {
        case.lead.name: "lead",
        case.partners[0].stated_name: "agreed",
        "Gevraagd (fictief)": "member",
    }
    ask_consent(application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=AT)
    assert offered(client, case)["Gevraagd (fictief)"] == "asked"


def test_only_streams_that_visitors_read_count_as_brought(client: Client, case: "scenarios.Case") -> None:
    hidden = organisation_in(case.coalition.region, streams=[Stream.COUNCILS.value])
    scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant, organisation=hidden)
    public = published_in(case.coalition.region, streams=[Stream.RESIDENTS.value])
    scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant, organisation=public)
    standing = client.get(reverse("matching:partners", args=[case.coalition_id])).context["standing"]
    assert standing.missing_streams == [str(Stream.PATIENTS.label), str(Stream.COUNCILS.label)]
    # The lead, and who is not published.
    assert standing.unknown == 2


def test_less_heard_voices_of_public_questions_miss_until_one_is_taken_up(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 26: what is not public neither names a voice nor hides one."""
    case.call.sections.filter(key="opgave").update(offers_questions=True)
    values = {"region": case.coalition.region, "created_at": AT, "is_public": True}
    question = ParticipationQuestion.objects.create(title="A", less_heard=["young", "carers"], **values)
    ParticipationQuestion.objects.create(title="B", less_heard=["carers", "digital"], **values)
    ParticipationQuestion.objects.create(title="C", less_heard=["homeless"], **{**values, "is_public": False})

    def missing() -> list[str]:
        address = reverse("matching:partners", args=[case.coalition_id])
        return list(client.get(address).context["missing_voices"])

    named = [LessHeard.YOUNG, LessHeard.DIGITAL, LessHeard.CARERS]
    assert missing() == [str(each.label) for each in named]
    take_goal(
        reference=case.reference,
        key="opgave",
        question_id=question.pk,
        text="",
        seen_version=0,
        actor=case.applicant,
        at=AT,
    )
    assert missing() == [str(LessHeard.DIGITAL.label)]
    ParticipationQuestion.objects.filter(pk=question.pk).update(is_public=False)
    assert missing() == [str(LessHeard.DIGITAL.label), str(LessHeard.CARERS.label)]


def test_asking_fills_in_what_everybody_may_know_and_mails_nobody(
    client: Client, case: "scenarios.Case"
) -> None:
    public = published_in(case.coalition.region, public_contact="info@kring.example")
    mails = OutgoingMail.objects.count()
    response = client.get(reverse("matching:invite", args=[case.coalition_id, public.map_key]))
    filled = response.context["form"].initial
    assert filled == {
        "name": public.name,
        "municipality": public.municipality,
        "works_in_region": False,
        "kvk_number": public.kvk_number,
        "legal_form": public.legal_form,
        "contact_email": "info@kring.example",
    }
    typed = {**filled, "municipality": public.municipality_id, "contact_name": "Piet Proef (fictief)"}
    added = client.post(
        reverse("coalitions:add_partner", args=[case.coalition_id]),
        {**typed, "works_in_region": "", "next": reverse("matching:partners", args=[case.coalition_id])},
    )
    assert added["Location"] == reverse("matching:partners", args=[case.coalition_id])
    assert Participation.objects.get(coalition=case.coalition_id, is_lead=False).organisation == public
    assert OutgoingMail.objects.count() == mails
    # A second time: it is there already.
    again = client.get(reverse("matching:invite", args=[case.coalition_id, public.map_key]))
    assert again["Location"] == reverse("matching:partners", args=[case.coalition_id])


def test_who_is_asked_under_the_name_on_the_map_takes_part_though_the_map_knows_no_number(
    client: Client, case: "scenarios.Case"
) -> None:
    region = case.coalition.region
    public = published_in(region, kvk_number="", streams=[Stream.COUNCILS.value])
    published_in(RegionFactory.create(), public.name, kvk_number="", streams=[Stream.PATIENTS.value])
    typed = {
        "name": public.name,
        "municipality": public.municipality_id,
        "kvk_number": "99123456",
        "legal_form": LegalForm.FOUNDATION.value,
        "contact_name": "Piet Proef (fictief)",
        "contact_email": "info@kring.example",
    }
    assert client.post(reverse("coalitions:add_partner", args=[case.coalition_id]), typed).status_code == 302
    standing = client.get(reverse("matching:partners", args=[case.coalition_id])).context["standing"]
    assert offered(client, case) == {public.name: "member"}
    assert standing.missing_streams == [str(Stream.PATIENTS.label), str(Stream.RESIDENTS.label)]
    # The lead alone.
    assert standing.unknown == 1


def test_no_number_and_no_address_is_filled_in_that_is_not_public(
    client: Client, case: "scenarios.Case"
) -> None:
    initiative = published_in(
        case.coalition.region, legal_form=LegalForm.INITIATIVE, kvk_number="", public_contact="Bel Piet"
    )
    response = client.get(reverse("matching:invite", args=[case.coalition_id, initiative.map_key]))
    assert response.context["form"].initial == {
        "name": initiative.name,
        "municipality": initiative.municipality,
        "works_in_region": False,
    }
    assert "Alleen rechtspersonen kunnen meedoen" in page_text(response)


def test_what_is_not_public_in_the_region_answers_404(client: Client, case: "scenarios.Case") -> None:
    hidden = organisation_in(case.coalition.region)
    elsewhere = published_in(RegionFactory.create())
    for each in (hidden, elsewhere):
        assert (
            client.get(reverse("matching:invite", args=[case.coalition_id, each.map_key])).status_code == 404
        )


def test_only_who_leads_the_coalition_is_offered_partners(client: Client, case: "scenarios.Case") -> None:
    public = published_in(case.coalition.region)
    partner = scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
    addresses = [
        reverse("matching:partners", args=[case.coalition_id]),
        reverse("matching:invite", args=[case.coalition_id, public.map_key]),
    ]
    for user in (speaker_for(partner.organisation), pending_for(case.lead), person()):
        log_in(client, user)
        assert [client.get(each).status_code for each in addresses] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_organisations_and_partners(
    client: Client, case: "scenarios.Case", django_assert_num_queries: Any, count: int
) -> None:
    region = case.coalition.region
    MunicipalityFactory.create(region=region)
    for number in range(count):
        published_in(region, f"Kring {number} (fictief)")
        public = published_in(region, f"Doet mee {number} (fictief)")
        scenarios.join(case.coalition_id, region, actor=case.applicant, organisation=public)
    address = reverse("matching:partners", args=[case.coalition_id])
    client.get(address)
    with django_assert_num_queries(18):
        client.get(address)
