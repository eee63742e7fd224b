"""A KvK number tells nobody what else the portal knows of it, nor that it knows it (rules 26 and 27)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from applications.domain.drafting import save_section
from applications.models import Application
from calls.models import Call
from coalitions.models import Coalition, Participation
from hubportal.mail.models import OutgoingMail
from regions.models import Region
from tests.applications.numbers_named import (
    NUMBER,
    SECRET,
    TYPED,
    WORLDS,
    Reader,
    Seen,
    assert_answered_the_same,
    elsewhere,
    two_regions,
    without_chance,
)
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, organisation_in
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def region() -> Region:
    return two_regions()


def partner_typed(region: Region, **changes: Any) -> dict[str, Any]:
    municipality = region.municipalities.first()
    assert municipality is not None
    return {
        "kvk_number": NUMBER,
        "name": TYPED,
        "legal_form": "foundation",
        "municipality": municipality.pk,
        "contact_name": "Noor de Wit",
        "contact_email": "noor@erbij.example",
        **changes,
    }


def names_a_partner(reader: Reader, region: Region, coalition: Coalition) -> Participation:
    """Try what is refused, then add the partner."""
    other = elsewhere().municipalities.get()
    for refused in (
        {"legal_form": "sole_trader"},
        {"municipality": other.pk},
        {"contact_email": reader.user.email},
    ):
        assert (
            reader.post(
                "coalitions:add_partner", coalition.pk, **partner_typed(region, **refused)
            ).status_code
            == 422
        )
    added = reader.post("coalitions:add_partner", coalition.pk, **partner_typed(region))
    assert added.status_code == 302, page_text(added)
    reader.post("coalitions:add_partner", coalition.pk, **partner_typed(region))
    return coalition.participations.get(is_lead=False)


def writes(reader: Reader, coalition: Coalition, call: Call, place: Participation) -> Application:
    """Start an application, and look at every page of it."""
    reader.post("applications:start", coalition.pk, call=call.slug)
    application = coalition.applications.get()
    reference, lead = application.reference, coalition.participations.get(is_lead=True)
    typed = {"signatory_organisation": place.pk, "main_applicant_organisation": lead.pk}
    reader.post("applications:people", reference, seen_version=1, **typed)
    named = {"leader_organisation": place.pk, "leader_name": "Leo", "leader_email": "leo@erbij.example"}
    reader.post("applications:people", reference, seen_version=1, **named)
    # Over a newer version: both are shown.
    reader.post("applications:people", reference, seen_version=1, **{**named, "leader_organisation": lead.pk})
    heading = call.headings.all()[0]
    lines = {
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "seen_version": 1,
        "lines-0-heading": heading.pk,
        "lines-0-participation": place.pk,
        "lines-0-description": "Uren",
        "lines-0-amount": "100,00",
    }
    reader.post("applications:budget", reference, **lines)
    key = call.sections.all()[0].key
    save_section(reference=reference, key=key, text="Samen.", seen_version=0, actor=reader.user, at=AT)
    for page in ("overview", "particulars", "people", "partners", "budget", "attachments", "check"):
        reader.get(f"applications:{page}", reference)
    reader.get("coalitions:change_contact", coalition.pk, place.pk)
    reader.get("coalitions:remove_partner", coalition.pk, place.pk)
    reader.post("coalitions:remove_partner", coalition.pk, place.pk)
    for page in ("coalitions:list", "applications:list", "website:start", "organisations:my_organisations"):
        reader.get(page)
    return application


def who_leads(region: Region, call: Call) -> Seen:
    """Name a partner, write with it, ask it for consent, and let it answer."""
    # The map has another name for the lead, too.
    lead = organisation_in(region, name=SECRET, kvk_number="11111111")
    applicant = UserFactory.create(full_name="Anna Aanvrager", email="anna@penvoerder.example")
    RepresentativeFactory.create(organisation=lead, stated_name="Penvoerder (fictief)", user=applicant)
    case = scenarios.started(region=region, call=call, lead=lead, applicant=applicant, partners=0)
    reader = Reader(case.applicant)
    place = names_a_partner(reader, region, case.coalition)
    draft = writes(reader, case.coalition, call, place)
    reader.post("applications:ask_consent", draft.reference, place.pk)
    secret = scenarios.mailed_secret("noor@erbij.example")
    partner = Reader(UserFactory.create(email="noor@erbij.example", full_name="Noor"))
    digest = partner.get("applications:consent", secret).context["form"]["seen_digest"].value()
    partner.get("website:start")
    partner.get("coalitions:detail", case.coalition_id)
    partner.get("applications:consent_account", draft.reference, place.pk)
    partner.post(
        "applications:consent",
        secret,
        answer="declined",
        reason="Nee.",
        name="Noor",
        function="directeur",
        seen_digest=digest,
    )
    partner.get("applications:consent", secret)
    reader.get("applications:partners", draft.reference)
    reader.get("applications:check", draft.reference)
    reader.post("applications:remove_partner", draft.reference, place.pk)
    reader.get("coalitions:detail", case.coalition_id)
    reader.seen += partner.seen
    reader.read_mails()
    return reader.seen


def who_says_so(region: Region, call: Call) -> Seen:
    """Say that one speaks for the number, and do what one may before anybody confirmed it."""
    reader = Reader(UserFactory.create(email="ans@getypt.example", full_name="Ans Getypt"))
    typed = partner_typed(region)
    organisation = {name: typed[name] for name in ("kvk_number", "name", "legal_form", "municipality")}
    reader.post("organisations:claim", **{**organisation, "legal_form": "partnership"})
    assert reader.post("organisations:claim", **organisation).status_code == 302
    reader.post("organisations:claim", **organisation)
    mine = reader.user.representations.get()
    reader.post("organisations:ask_again", mine.pk)
    reader.get("organisations:stop", mine.pk)
    started = {"region": region.slug}
    reader.get("coalitions:start", **started)
    other = elsewhere()
    choice = {"name": "Samen (fictief)", "lead_organisation": mine.pk}
    assert reader.post("coalitions:start", query={"region": other.slug}, **choice).status_code == 422
    assert reader.post("coalitions:start", query=started, **choice).status_code == 302
    coalition = Coalition.objects.get(name="Samen (fictief)")
    partner = partner_typed(region, kvk_number="87654321", name="Een partner (fictief)")
    reader.post("coalitions:add_partner", coalition.pk, **partner)
    writes(reader, coalition, call, coalition.participations.get(is_lead=False))
    reader.get("coalitions:correct_organisation", mine.pk)
    corrected = {name: organisation[name] for name in ("name", "legal_form", "municipality")}
    corrected["name"] = f"{TYPED} Beter"
    assert reader.post("coalitions:correct_organisation", mine.pk, **corrected).status_code == 302
    reader.get("coalitions:detail", coalition.pk)
    mine = reader.user.representations.get(ended_at=None)
    reader.post("organisations:stop", mine.pk)
    # Of these mails those to the people of the organisation are no answer to this person.
    reader.seen += [
        (each.recipient, 0, without_chance(each.subject + each.body))
        for each in OutgoingMail.objects.filter(recipient=reader.user.email).order_by("pk")
    ]
    return reader.seen


@pytest.mark.parametrize("walk", [who_leads, who_says_so])
@pytest.mark.parametrize("world", WORLDS)
def test_whoever_names_a_number_is_answered_the_same_whether_the_portal_knew_it(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> None:
    seen = assert_answered_the_same(world, walk, region, call)
    assert sum(TYPED in each[2] for each in seen) > 15
