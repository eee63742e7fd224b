"""The bytes and digests of what an application says never change: consents and frozen contents are bound to them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.content import (
    content_of,
    reading_digest,
    share_digests,
    text_digest,
)
from applications.domain.drafting import save_particulars, save_people, save_section
from applications.domain.frozen import agreed_digests
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from hubportal.kernel.canonical import canonical_bytes, digest
from tests.applications.world import attachment
from tests.factories import scenarios
from tests.factories.calls import call_2024_spec, make_call
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db

# Written down from the code that read everything anew for each of them.
TEXT = "918f82c20ab56bedf6ddb2e81f5af0d7d7d980692c99f55f04462d0955112c40"
SHARES = [
    "611041af6f46145a68c8631c449fa40bb49b40853ca4f9d7702f5660a13c47e9",
    "1712ea0f132c6ee186714c4377a853540661d2c0ca81c225f427103fd67b366f",
]
FROZEN = "cc3c77b2be75398945dfe5a785bf48a508170af43a2ef9de47b821337023f82b"


SPEC = {
    **call_2024_spec(),
    "sections": [
        {"key": "regio", "title": "De regio", "question": "Om welke regio gaat het?"},
        {"key": "plan", "title": "Het plan", "question": "Wat gaat u doen?"},
        {"key": "leren", "title": "Leren", "question": "Hoe leert u?", "is_required": False},
    ],
    "headings": [
        {"key": "personeel", "title": "Personeel"},
        {"key": "materieel", "title": "Materieel"},
        {"key": "derden", "title": "Bijdragen van derden", "is_contribution": True},
    ],
}


def the_same_each_time() -> "scenarios.Case":
    """A draft in which every value is chosen, the ids of its organisations too."""
    region = RegionFactory.create(code="T901", name="Achterhoek")
    seat = MunicipalityFactory.create(code="GM91", name="Doetinchem", region=region)
    lead, partner = (
        OrganisationFactory.create(pk=number, name=name, kvk_number=str(number), municipality=seat)
        for number, name in (
            (90_000_001, "Stichting Łucht (fictief)"),
            (90_000_002, "Hogeschool é (fictief)"),
        )
    )
    applicant = speaker_for(lead, full_name="Ann Aanvrager", email="ann@lead.example")
    case = scenarios.started(
        call=make_call(spec=SPEC, slug="oproep", title="Oproep", reference_prefix="VAST"),
        region=region,
        lead=lead,
        applicant=applicant,
        partners=0,
    )
    joined = scenarios.join(case.coalition_id, region, actor=applicant, organisation=partner)
    joined.contact_name, joined.contact_email, joined.mailbox = (
        "Bo",
        "bo@partner.example",
        "bo@partner.example",
    )
    joined.save()
    save_particulars(
        application_id=case.pk,
        title="Samen aan zet",
        starts_on=date(2024, 7, 1),
        duration_months=6,
        seen_version=1,
        actor=applicant,
        at=AT,
    )
    values = {
        "main_applicant_organisation": lead,
        "main_applicant_name": "Ann Aanvrager",
        "main_applicant_email": "ann@lead.example",
        "signatory_name": "Cor Tekenaar",
        "leader_organisation": partner,
        "leader_name": "Dee Leider",
    }
    save_people(application_id=case.pk, values=values, seen_version=1, actor=applicant, at=AT)
    first, second, _last = case.call.sections.all()
    for spec, text in ((second, "Twee regels.\nDat is alles."), (first, "Wij werken aan “samen”.")):
        save_section(
            reference=case.reference, key=spec.key, text=text, seen_version=0, actor=applicant, at=AT
        )
    own = case.coalition.participations.get(is_lead=True)
    costs, other = case.call.headings.filter(is_contribution=False)
    lines = [
        PlannedLine(costs, own, "Coördinatie", Decimal("1234.50")),
        PlannedLine(other, joined, "Uren", Decimal(1000)),
        PlannedLine(case.call.headings.get(is_contribution=True), own, "Gemeente", Decimal("34.50")),
    ]
    save_budget(application_id=case.pk, lines=lines, seen_version=1, actor=applicant, at=AT)
    for each in ("b", "a"):
        attachment(case, each * 64)
    found: scenarios.Case = Application.objects.get(pk=case.pk)  # type: ignore[assignment]
    return found


def test_the_digests_of_what_is_agreed_to_are_those_of_before() -> None:
    snapshot = snapshot_of(the_same_each_time())
    shares = share_digests(snapshot)
    assert text_digest(snapshot) == TEXT
    assert [shares[each.pk] for each in snapshot.members] == SHARES
    assert reading_digest(snapshot) == f"{TEXT}2"


def test_the_bytes_that_are_frozen_are_those_of_before() -> None:
    assert digest(canonical_bytes(content_of(snapshot_of(the_same_each_time())))) == FROZEN


def test_hours_and_their_rate_are_part_of_what_is_frozen_and_of_what_is_agreed_to() -> None:
    """Rules 4 and 9."""
    case = the_same_each_time()
    partner = case.coalition.participations.get(is_lead=False)
    hours = PlannedLine(
        case.call.headings.first(), partner, "Uren", Decimal("1000.63"), Decimal("12.50"), Decimal("80.05")
    )
    save_budget(application_id=case.pk, lines=[hours], seen_version=2, actor=case.budget_saved_by, at=AT)
    snapshot = snapshot_of(Application.objects.get(pk=case.pk))
    frozen = json.loads(canonical_bytes(content_of(snapshot)))
    numbers = {name: frozen["budget"][0][name] for name in ("hours", "rate", "amount")}
    assert (frozen["schema"], numbers) == (4, {"hours": "12.50", "rate": "80.05", "amount": "1000.63"})
    agreed = agreed_digests(frozen, partner.organisation.kvk_number)
    assert agreed == (text_digest(snapshot), share_digests(snapshot)[partner.pk])
