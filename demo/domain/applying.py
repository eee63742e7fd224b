"""Playing applicants and partners: every step through the act that a person's click calls."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_particulars, save_people, save_section, start_application
from applications.domain.links import find_link
from applications.domain.signing import ask_signature, sign_by_account, sign_by_link
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit
from applications.enums import ConsentAnswer, LinkPurpose, SigningRole
from applications.models import Application, OneTimeLink
from calls.domain.rounds import round_for
from calls.models import Call
from coalitions.domain.coalitions import add_partner, choose_to_be_shown, start_coalition
from coalitions.models import Coalition
from demo.cases import DemoCase
from demo.cast import OFFICER
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.domain.representing import confirm_as_office
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Representative
from organisations.streams import Stream

TEXTS: Mapping[str, str] = {
    "regio": "Onze organisaties werken al jaren in deze regio. Wij kennen de wijken en de mensen.",
    "partners": "Een patiëntenorganisatie, een cliëntenraad en een bewonersinitiatief doen samen mee.",
    "opgave": "Wie zorg nodig heeft, praat nu laat of niet mee over plannen in de regio. Dat willen wij veranderen.",
    "mensen": "Wij gaan naar mensen toe: in het buurthuis, bij de voedselbank en aan de keukentafel.",
    "aanpak": "Maand 1 en 2: kennismaken. Maand 3: drie gesprekken in de regio. Daarna: een plan dat iedereen kent.",
    "resultaat": "Een coalitie met een gedeeld plan, en een vaste groep mensen die meedenkt.",
    "samenhang": "Het plan sluit aan op het regioplan en op de afspraken met de gemeenten.",
    "leren": "Iedere maand schrijven wij op wat werkte en wat niet, en delen dat met andere regio's.",
}
_CONTACTS = ("Petra", "Paula", "Pim", "Prem")
# By the first word of the names of ``DemoCase``.
_LEGAL_FORMS = {
    "Stichting": LegalForm.FOUNDATION,
    "Vereniging": LegalForm.ASSOCIATION,
    "Coöperatie": LegalForm.COOPERATIVE,
}
_SECRET = re.compile(r"/([\w-]{40,})/")


def form_coalition(case: DemoCase, applicant: User, *, at: datetime) -> Coalition:
    """Register the lead organisation and add the partners."""
    lead = register_lead(case, applicant, at=at)
    coalition = start_coalition(
        name=case.coalition, region=case.region, lead_organisation=lead, actor=applicant, at=at
    )
    for index in range(1, case.partners + 1):
        add_partner(
            coalition_id=coalition.pk,
            facts=_facts(case, case.partner(index), index),
            works_in_region=True,
            contact_name=case.person(f"{_CONTACTS[index % len(_CONTACTS)]} Partner"),
            contact_email=f"partner-{case.number}-{index}@demo.example",
            actor=applicant,
            at=at,
        )
    # Most coalitions want to be seen, some do not.
    choose_to_be_shown(coalition_id=coalition.pk, is_shown=case.number % 3 != 0, actor=applicant, at=at)
    return coalition


def register_lead(case: DemoCase, applicant: User, *, at: datetime) -> Organisation:
    """Let the applicant speak for the lead organisation."""
    return _confirmed(claim_lead(case, applicant, at=at), at=at)


def claim_lead(case: DemoCase, person: User, *, at: datetime) -> Representative:
    """Let somebody say that they speak for the lead organisation, which nobody confirmed yet."""
    return claim_organisation(facts=_facts(case, case.lead, 0), actor=person, at=at)


def register_partner(
    case: DemoCase, index: int, person: User, *, at: datetime, is_confirmed: bool = True
) -> None:
    """Let somebody say that they speak for a partner, which the office confirms or still has to look at."""
    claimed = claim_organisation(facts=_facts(case, case.partner(index), index), actor=person, at=at)
    if is_confirmed:
        _confirmed(claimed, at=at)


def _confirmed(claimed: Representative, *, at: datetime) -> Organisation:
    officer = User.objects.get(email=OFFICER.email)
    confirmed = confirm_as_office(representative_id=claimed.pk, shown_dispute="", actor=officer, at=at)
    return confirmed.organisation


def _facts(case: DemoCase, name: str, index: int) -> OrganisationFacts:
    municipality = case.region.municipalities.order_by("code").first()
    assert municipality is not None
    streams = [Stream.PATIENTS.value, Stream.COUNCILS.value, Stream.RESIDENTS.value]
    return OrganisationFacts(
        name=name,
        legal_form=_LEGAL_FORMS[name.partition(" ")[0]],
        municipality=municipality,
        kvk_number=case.kvk_number(index),
        description="Een bedachte organisatie, om het portaal te laten zien.",
        streams=[streams[(case.number + index) % 3]],
    )


def write_application(
    case: DemoCase, coalition: Coalition, call: Call, applicant: User, *, starts_on: date, at: datetime
) -> Application:
    """Write a whole draft: particulars, people, sections and budget."""
    application = start_application(coalition_id=coalition.pk, call=call, actor=applicant, at=at)
    save_particulars(
        application_id=application.pk,
        title=case.title,
        starts_on=starts_on,
        duration_months=case.months,
        seen_version=application.particulars_version,
        actor=applicant,
        at=at,
    )
    _name_people(application, case, applicant, at=at)
    for spec in call.sections.all():
        text = TEXTS.get(spec.key, "Een bedachte tekst, om het portaal te laten zien.")
        save_section(
            reference=application.reference, key=spec.key, text=text, seen_version=0, actor=applicant, at=at
        )
    _plan_budget(application, case, applicant, at=at)
    application.refresh_from_db()
    return application


def _name_people(application: Application, case: DemoCase, applicant: User, *, at: datetime) -> None:
    application.refresh_from_db()
    lead = application.coalition.lead_organisation
    save_people(
        application_id=application.pk,
        values={
            "main_applicant_organisation": lead,
            "main_applicant_name": applicant.full_name,
            "main_applicant_email": applicant.email,
            "signatory_organisation": lead,
            "signatory_name": case.person("Tess Tekenbevoegd"),
            "signatory_email": f"bestuur-{case.number}@demo.example",
            "signatory_function": "voorzitter van het bestuur",
            "leader_organisation": lead,
            "leader_name": case.person("Leo Leiding"),
            "leader_email": f"project-{case.number}@demo.example",
            "postal_street": f"Fictiestraat {case.number}",
            "postal_code": "1234 AB",
            "postal_place": "Voorbeelddorp",
            # One in four chooses paper.
            "electronic_letters": case.number % 4 != 0,
        },
        seen_version=application.people.version,
        actor=applicant,
        at=at,
    )


def _plan_budget(application: Application, case: DemoCase, applicant: User, *, at: datetime) -> None:
    costs = list(application.call.headings.filter(is_contribution=False))
    contribution = application.call.headings.filter(is_contribution=True).first()
    participations = list(application.coalition.participations.all())
    own = Decimal("1000.00")
    parts = [*[case.asked // 4] * 3, case.asked - 3 * (case.asked // 4) + (own if contribution else 0)]
    lines = [
        PlannedLine(
            costs[index % len(costs)],
            participations[index % len(participations)],
            f"{costs[index % len(costs)].title} (voorbeeld)",
            part,
        )
        for index, part in enumerate(parts)
    ]
    # One of hours at a rate.
    lines[0] = replace(lines[0], hours=Decimal(100), rate=lines[0].amount / 100)
    if contribution is not None:
        lines.append(PlannedLine(contribution, participations[0], "Bijdrage van een bedacht fonds", own))
    save_budget(
        application_id=application.pk,
        lines=lines,
        seen_version=application.budget_version,
        actor=applicant,
        at=at,
    )


def collect_consents(application: Application, applicant: User, *, at: datetime) -> None:
    """Ask every partner, and answer as the partner does: through the link in the mail."""
    for participation in application.coalition.participations.filter(is_lead=False):
        link = ask_consent(
            application_id=application.pk, participation_id=participation.pk, actor=applicant, at=at
        )
        application.refresh_from_db()
        answer_by_link(
            link=_link_from_mail(link),
            answer=ConsentAnswer.GIVEN,
            reason="",
            given_by_name=participation.contact_name,
            function="bestuurder",
            seen_digest=reading_digest(snapshot_of(application)),
            signed_in_as=None,
            at=at,
        )


def hand_in(application: Application, applicant: User, *, at: datetime) -> Application:
    """Submit for the round of this moment, and sign the declaration at once."""
    review_round = round_for(at, application.call.rounds.all())
    assert review_round is not None
    submit(application_id=application.pk, for_round_id=review_round.pk, actor=applicant, at=at)
    sign_by_account(
        application_id=application.pk,
        role=SigningRole.MAIN_APPLICANT,
        function="coördinator",
        actor=applicant,
        at=at,
    )
    link = ask_signature(
        application_id=application.pk, role=SigningRole.AUTHORISED_SIGNATORY, actor=applicant, at=at
    )
    sign_by_link(
        link=_link_from_mail(link), name=link.name, function=application.people.signatory_function, at=at
    )
    application.refresh_from_db()
    return application


def _link_from_mail(link: OneTimeLink) -> OneTimeLink:
    """Follow the link as its reader does: only the mail knows the secret."""
    mail = OutgoingMail.objects.filter(recipient=link.email, about=link.application.reference).latest("pk")
    secret = _SECRET.search(mail.body)
    assert secret is not None
    found = find_link(secret[1], LinkPurpose(link.purpose))
    assert found is not None
    return found
