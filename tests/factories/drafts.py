"""Drafts of applications, brought to where they are by the portal's own acts: begun, written, consented to, ready."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_particulars, save_people, save_section, start_application
from applications.domain.links import find_link
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer, LinkPurpose
from applications.models import Application, ApplicationSection, OneTimeLink
from calls.domain.rounds import round_for
from calls.models import Call
from coalitions.domain.coalitions import add_partner, start_coalition
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import RegionFactory
from tests.factories.remembering import remembered

if TYPE_CHECKING:

    class Case(Application):
        """An application with the people around it at hand."""

        applicant: User
        signatory: User
        lead: Organisation
        partners: list[Participation]

        class Meta:
            abstract = True


Amount = Decimal | int | str


@remembered
def started(
    application: "Case | None" = None,
    *,
    call: Call | None = None,
    region: Region | None = None,
    applicant: User | None = None,
    lead: Organisation | None = None,
    partners: int | None = None,
    coalition_name: str = "Coalitie Samen Sterk (fictief)",
    at: datetime = AT,
) -> "Case":
    """An application that was begun: a coalition of as many organisations as the call asks."""
    if application is not None:
        return application
    call = call or Call.objects.filter(slug="oproep-van-deze-proef").first() or _default_call()
    region = region or RegionFactory.create()
    lead = lead or organisation_in(region)
    applicant = applicant or speaker_for(lead)
    coalition = start_coalition(
        name=coalition_name, region=region, lead_organisation=lead, actor=applicant, at=at
    )
    for _each in range(call.min_parties - 1 if partners is None else partners):
        join(coalition.pk, region, actor=applicant, at=at)
    case: Case = start_application(coalition_id=coalition.pk, call=call, actor=applicant, at=at)  # type: ignore[assignment]
    case.applicant, case.lead = applicant, lead
    case.partners = list(coalition.participations.filter(is_lead=False))
    return case


def _default_call() -> Call:
    return CallFactory.create(slug="oproep-van-deze-proef", reference_prefix="CRP24")


def facts_of(organisation: Organisation) -> OrganisationFacts:
    """Return what is typed to name an organisation."""
    return OrganisationFacts(
        name=organisation.name,
        legal_form=organisation.legal_form,
        municipality=organisation.municipality,
        kvk_number=organisation.kvk_number,
    )


def join(
    coalition_id: int,
    region: Region,
    *,
    actor: User,
    at: datetime = AT,
    organisation: Organisation | None = None,
) -> Participation:
    """Add a partner of the region to a coalition, with a contact person at the partner's own mailbox."""
    organisation = organisation or organisation_in(region)
    contact = UserFactory.build()
    return add_partner(
        coalition_id=coalition_id,
        facts=facts_of(organisation),
        works_in_region=True,
        contact_name=contact.full_name,
        contact_email=contact.email,
        actor=actor,
        at=at,
    )


@remembered
def written(
    application: "Case | None" = None,
    *,
    title: str = "Samen aan zet",
    starts_on: date | None = None,
    duration_months: int | None = None,
    amount: Amount = 48_000,
    on_paper: bool = False,
    at: datetime = AT,
    **start: Any,
) -> "Case":
    """A draft in which everything is filled in and nobody was asked for consent."""
    case = started(application, at=at, **start)
    if not case.is_draft or case.title:
        return case
    award = round_for(at, case.call.rounds.all())
    save_particulars(
        application_id=case.pk,
        title=title,
        starts_on=starts_on or (award.award_expected_on if award else None),
        duration_months=duration_months or case.call.max_months,
        seen_version=case.particulars_version,
        actor=case.applicant,
        at=at,
    )
    case.refresh_from_db()
    save_people(
        application_id=case.pk,
        values={**people_of(case), "electronic_letters": not on_paper},
        seen_version=case.people.version,
        actor=case.applicant,
        at=at,
    )
    write_sections(case, at=at)
    plan_budget(case, amount, at=at)
    return case


def write_sections(case: "Case", *, at: datetime = AT) -> None:
    """Answer every section: the first by the act, the others as the act would have, at once."""
    first, *others = case.call.sections.all()
    texts = {each: f"Wij werken aan {each.title.lower()}." for each in (first, *others)}
    save_section(
        reference=case.reference,
        key=first.key,
        text=texts[first],
        seen_version=0,
        actor=case.applicant,
        at=at,
    )
    ApplicationSection.objects.bulk_create(
        ApplicationSection(
            application=case, spec=each, text=texts[each], saved_at=at, saved_by=case.applicant
        )
        for each in others
    )


def people_of(case: "Case") -> dict[str, Any]:
    """Return the three people of an application as they are typed."""
    signatory = UserFactory.build()
    return {
        "main_applicant_organisation": case.lead,
        "main_applicant_name": case.applicant.full_name,
        "main_applicant_email": case.applicant.email,
        "signatory_organisation": case.lead,
        "signatory_name": signatory.full_name,
        "signatory_email": signatory.email,
        "signatory_function": "bestuurder",
        "leader_organisation": case.partners[0].organisation if case.partners else case.lead,
        "leader_name": "Projectleider (fictief)",
        "leader_email": "projectleider@voorbeeld.example",
        "postal_street": "Voorbeeldstraat 1",
        "postal_code": "1234 AB",
        "postal_place": "Voorbeelddorp",
        "electronic_letters": True,
    }


def people_typed(case: "Case") -> dict[str, Any]:
    """Return the same as a page sends it: organisations by their places in the coalition."""
    places = dict(case.coalition.participations.values_list("organisation", "pk"))
    return {
        name: places[each.pk] if isinstance(each, Organisation) else each
        for name, each in people_of(case).items()
    }


def budget_lines(case: "Case", amount: Amount) -> list[PlannedLine]:
    """Return lines that come to the amount: a share for each, and a contribution of others where there is one."""
    costs = case.call.headings.filter(is_contribution=False)[0]
    heading = case.call.headings.filter(is_contribution=True).first()
    lead = case.coalition.participations.get(is_lead=True)
    shares = [PlannedLine(costs, each, "Uren", Decimal(1000)) for each in case.partners]
    contributed = Decimal(500) if heading else Decimal(0)
    own = Decimal(amount) - sum(each.amount for each in shares) + contributed
    if own <= 0:
        own, contributed = Decimal(1), contributed + 1 - own
    lines = [PlannedLine(costs, lead, "Coördinatie", own), *shares]
    return [*lines, PlannedLine(heading, lead, "Gemeente", contributed)] if heading else lines


def plan_budget(case: "Case", amount: Amount, *, at: datetime = AT) -> None:
    """Save a budget that comes to the amount."""
    case.refresh_from_db()
    save_budget(
        application_id=case.pk,
        lines=budget_lines(case, amount),
        seen_version=case.budget_version,
        actor=case.applicant,
        at=at,
    )
    case.refresh_from_db()


def mailed_secret(recipient: str, kind: str = "consent_request") -> str:
    """Return the secret of the link in the last mail of a kind to an address."""
    mail = OutgoingMail.objects.filter(recipient=recipient, kind=kind).latest("pk")
    found = re.search(r"/([\w-]{43})(?:/|\s|$)", mail.body)
    assert found is not None, mail.body
    page = "applications:consent" if kind == "consent_request" else "applications:sign"
    assert reverse(page, args=[found[1]]) in mail.body
    return found[1]


def mailed_link(recipient: str, purpose: LinkPurpose = LinkPurpose.CONSENT) -> OneTimeLink:
    """Return the link in the last mail to an address, found as its page finds it."""
    kind = "consent_request" if purpose == LinkPurpose.CONSENT else "signature_request"
    link = find_link(mailed_secret(recipient, kind), purpose)
    assert link is not None
    return link


def consented(case: "Case", partner: Participation, *, at: datetime = AT) -> None:
    """Ask one partner for consent, and let it answer yes through the mailed link."""
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)
    case.refresh_from_db()
    answer_by_link(
        link=mailed_link(partner.contact_email),
        answer=ConsentAnswer.GIVEN,
        reason="",
        given_by_name=partner.contact_name,
        seen_digest=reading_digest(snapshot_of(case)),
        signed_in_as=None,
        at=at,
    )


@remembered
def ready(application: "Case | None" = None, *, at: datetime = AT, **start: Any) -> "Case":
    """A draft that is ready to submit."""
    case = written(application, at=at, **start)
    if case.is_draft:
        for partner in case.partners:
            if not partner.consents.filter(application=case).exists():
                consented(case, partner, at=at)
        case.refresh_from_db()
    return case
