"""Applications on their way, brought there by the portal's own acts.

Each function takes an application to bring further, or the values to start one with, and goes through
all that comes before: ``decided(outcome=Outcome.REJECTED)`` starts, submits, seals, judges and decides.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_particulars, save_people, save_section, start_application
from applications.domain.links import find_link
from applications.domain.sealing import seal_round
from applications.domain.signing import ask_signature, sign_by_account, sign_by_link
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit
from applications.enums import ConsentAnswer, LinkPurpose, SigningRole, Status
from applications.models import Application, ApplicationSection, OneTimeLink
from calls.domain.rounds import round_for
from calls.enums import Outcome
from calls.models import Call, Criterion, RejectionGround
from coalitions.domain.coalitions import add_partner, start_coalition
from coalitions.models import Participation
from decisions.domain.deciding import record_decision
from decisions.domain.releasing import produce_letter_of_decision, release_letter_of_decision
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from reviews.domain.advising import fix_advice
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.domain.reviewing import Judgement, complete_review, save_review
from reviews.models import Assignment
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import CallFactory
from tests.factories.granting import lowered_to, read
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import RegionFactory

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


def ready(application: "Case | None" = None, *, at: datetime = AT, **start: Any) -> "Case":
    """A draft that is ready to submit."""
    case = written(application, at=at, **start)
    if case.is_draft:
        for partner in case.partners:
            if not partner.consents.filter(application=case).exists():
                consented(case, partner, at=at)
        case.refresh_from_db()
    return case


def submitted(
    application: "Case | None" = None, *, at: datetime = AT, signed: bool = True, **start: Any
) -> "Case":
    """A submission, its declaration signed by both by default."""
    case = ready(application, at=at, **start)
    if case.is_draft:
        review_round = round_for(at, case.call.rounds.all())
        assert review_round is not None
        submit(application_id=case.pk, for_round_id=review_round.pk, actor=case.applicant, at=at)
        case.refresh_from_db()
        if signed:
            sign(case, at=at)
    return case


def sign(case: "Case", *, at: datetime = AT) -> None:
    """Let main applicant and authorised signatory sign, one logged in and one through a link."""
    sign_by_account(application_id=case.pk, role=SigningRole.MAIN_APPLICANT, actor=case.applicant, at=at)
    role = SigningRole.AUTHORISED_SIGNATORY
    ask_signature(application_id=case.pk, role=role, actor=case.applicant, at=at)
    people = case.people
    link = mailed_link(people.signatory_email, LinkPurpose.SIGN)
    sign_by_link(link=link, name=people.signatory_name, at=at)


def several_submitted(
    count: int, *, call: Call | None = None, at: datetime = AT, **start: Any
) -> "list[Case]":
    """Submissions of as many coalitions to one call, for one round."""
    first = submitted(call=call, at=at, **start)
    return [first, *(submitted(call=first.call, at=at, **start) for _each in range(count - 1))]


def sealed(application: "Case | None" = None, **start: Any) -> "Case":
    """A submission whose round is sealed, a few minutes after its deadline, with all who are in it."""
    case = submitted(application, **start)
    if case.status == Status.SUBMITTED:
        assert case.review_round is not None
        seal_round(round_id=case.review_round.pk, at=after_deadline(case, minutes=5))
        case.refresh_from_db()
    return case


def after_deadline(case: "Case", **later: float) -> datetime:
    """Return a moment after the deadline of an application's round."""
    assert case.review_round is not None
    return case.review_round.deadline_at + timedelta(**later)


@dataclass(frozen=True)
class Committee:
    """Who judges and decides; the same people for every application of a test."""

    reviewers: list[User]
    chair: User
    deputy: User
    officer: User
    releaser: User


def committee(*, reviewers: int = 2) -> Committee:
    """Return the committee and the office, made when absent."""
    known = list(User.objects.filter(role_grants__role=Role.REVIEWER).order_by("pk"))
    known += [person(Role.REVIEWER) for _each in range(reviewers - len(known))]
    return Committee(
        reviewers=known,
        chair=_holder(Role.CHAIR),
        deputy=_holder(Role.DEPUTY),
        officer=_holder(Role.OFFICER),
        releaser=_holder(Role.RELEASER),
    )


def _holder(role: Role) -> User:
    return User.objects.filter(role_grants__role=role).order_by("pk").first() or person(role)


def open_to(case: Application, *users: User, at: datetime | None = None) -> None:
    """Let people declare that they have no interest, which opens the application to them."""
    for user in users:
        declare_interest(application_id=case.pk, has_interest=False, explanation="", actor=user, at=at or AT)


def assigned(application: "Case | None" = None, **start: Any) -> "Case":
    """A sealed application with reviewers who declared that they have no interest."""
    case = sealed(application, **start)
    if case.status == Status.SEALED:
        committee(reviewers=case.call.reviewers_per_application)
        assert case.review_round is not None
        at = after_deadline(case, minutes=10)
        assign_reviewers(round_id=case.review_round.pk, at=at)
        open_to(case, *(each.reviewer for each in case.assignments.filter(ended_at=None)), at=at)
    return case


def judgements(case: Application, value: int | None = None) -> dict[Criterion, Judgement]:
    """Return a score with a reason on every criterion."""
    call = case.call
    score = value if value is not None else call.highest_score - 1
    return {each: Judgement(score, f"Goed onderbouwd: {each.title}.") for each in call.criteria.all()}


def judged(
    assignment: Assignment, given: Mapping[Criterion, Judgement] | None = None, *, at: datetime
) -> None:
    """Let a reviewer write a review and hand it in."""
    save_review(
        assignment_id=assignment.pk,
        judgements=given or judgements(assignment.application),
        remark="",
        seen_version=0,
        actor=assignment.reviewer,
        at=at,
    )
    complete_review(assignment_id=assignment.pk, actor=assignment.reviewer, at=at)


def reviewed(application: "Case | None" = None, *, score: int | None = None, **start: Any) -> "Case":
    """An application whose reviews are all in."""
    case = assigned(application, **start)
    for assignment in case.assignments.filter(ended_at=None, review=None).order_by("pk"):
        judged(assignment, judgements(case, score), at=after_deadline(case, days=14))
    return case


def advised(
    application: "Case | None" = None,
    *,
    advice: Outcome | None = None,
    outcome: Outcome = Outcome.GRANTED,
    granted: Amount | None = None,
    **start: Any,
) -> "Case":
    """An application on which the committee's advice is fixed; it advises what will be decided."""
    case = reviewed(application, **start)
    if case.status == Status.SEALED:
        at = after_deadline(case, days=21)
        chair = committee().chair
        open_to(case, chair, at=at)
        fix_advice(
            application_id=case.pk,
            outcome=advice or outcome,
            amount=Decimal(granted) if granted is not None else case.requested_amount,
            text="Het plan past goed bij het doel.\n\nDe begroting is sober.",
            actor=chair,
            at=at,
        )
        case.refresh_from_db()
    return case


def decided(
    application: "Case | None" = None,
    *,
    outcome: Outcome = Outcome.GRANTED,
    granted: Amount | None = None,
    reasons: str = "Ik volg het advies van de commissie.",
    ground: RejectionGround | None = None,
    deviation: str = "Het plan overtuigt ons anders dan de commissie.",
    **start: Any,
) -> "Case":
    """An application on which the office decided; ``deviation`` counts where it departs from the advice."""
    case = advised(application, outcome=outcome, granted=granted, **start)
    if not hasattr(case, "decision"):
        at = after_deadline(case, days=28)
        officer = committee().officer
        open_to(case, officer, at=at)
        record_decision(
            application_id=case.pk,
            advice_id=case.advice.pk,
            outcome=outcome,
            amount=Decimal(granted) if granted is not None else case.requested_amount,
            lines=lowered_to(case, granted) if outcome == Outcome.GRANTED else (),
            reasons=reasons,
            ground=ground or (case.call.rejection_grounds.first() if outcome == Outcome.REJECTED else None),
            deviation=deviation,
            actor=officer,
            at=at,
        )
        case.refresh_from_db()
    return case


def released(application: "Case | None" = None, **start: Any) -> "Case":
    """A decided application whose letter was released by somebody else."""
    case = decided(application, **start)
    if case.decision.letter is None:
        at = after_deadline(case, days=30)
        releaser = committee().releaser
        open_to(case, releaser, at=at)
        seen = read(case.decision, at=at)
        release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=releaser, at=at)
        case.refresh_from_db()
    return case


def plain_pdf(content: Mapping[str, Any], code: str, at: datetime) -> bytes:
    """Stand in for a rendered letter where a test is about something else."""
    return b"%PDF-1.7\n" + f"{content['reference']} {code}\n".encode() + b"%%EOF\n"


def produced(
    application: "Case | None" = None,
    *,
    make_pdf: Callable[[dict[str, Any], str, datetime], bytes] = plain_pdf,
    produced_at: datetime | None = None,
    **start: Any,
) -> "Case":
    """A decided application whose letter is made and waits in the outbox; a stand-in, unless ``letter_pdf`` makes it."""
    case = released(application, **start)
    letter = case.decision.letter
    if letter.document is None:
        at = produced_at or after_deadline(case, days=30, minutes=1)
        produce_letter_of_decision(letter_id=letter.pk, make_pdf=make_pdf, at=at)
        case.refresh_from_db()
    return case
