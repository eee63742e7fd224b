"""One small world, with somebody in every position towards the same applications."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from django.test import Client

from applications.domain.attachments import add_attachment
from applications.domain.consents import ask_consent
from applications.enums import LinkPurpose, SigningRole
from applications.models import Attachment
from call_questions.models import CallQuestion
from calls.domain.empty_forms import make_empty_form
from calls.domain.setup import moment
from coalitions.domain.coalitions import start_coalition
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.office.domain.failed_mails import settle_mail
from hubportal.sweeps.models import PostponedRow
from imports.models import MapImport
from mapping.domain.engagements import write_engagement
from mapping.domain.involvement import Part
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import QuestionFacts, save_question
from mapping.models import (
    CorrectionRequest,
    KwartiermakerAssignment,
    ParticipationQuestion,
    PublishingRequest,
)
from matching.domain.helping import ask_for_help, propose_partners
from matching.models import PartnerProposal
from organisations.domain.organisations import OrganisationFacts
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Representative
from people.enums import LinkUse
from people.models import MappedPerson, PersonTalk
from pictures.domain.regional_pictures import MadePdf, make_regional_picture, publish_regional_picture
from pictures.enums import Readers
from pictures.models import RegionalPicture
from regions.models import Region
from residents.models import ResidentMessage
from retention.models import DestructionReport
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.enums import AffiliationKind
from reviews.models import Assignment, InterestDeclaration, WithdrawalRequest
from tests.access.agreed import agree_and_copy
from tests.access.commented import INVITED, comment_on
from tests.access.completed import await_completion, complete
from tests.access.overwritten import overwrite
from tests.access.questioned import ask_about
from tests.access.reading import Reads
from tests.access.taken_over import ask_for_draft
from tests.access.talked import talk_about
from tests.access.written_down import CANARY, people_of, receipt_code
from tests.applications.collaborating import invited
from tests.applications.leading import offered
from tests.applications.test_tasks import added
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.agreeing import agreed, asked, asked_correction_of, mailed_secret
from tests.factories.following import followed, mailed_follow_secret
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, organisation_in, pending_for
from tests.factories.paying import give
from tests.factories.people import secret_for
from tests.factories.posting import printed as printed_for_post
from tests.factories.regions import RegionFactory
from tests.factories.remembering import remembered
from tests.factories.residents import confirmed_message, secret_in_mail, written_message
from tests.factories.retention import report_on, sent_mail
from tests.factories.sweeps import PostponedRowFactory
from tests.imports.spreadsheets import checked, taken, text_file
from tests.pictures.regional import asked as asked_picture
from tests.pictures.regional import written
from website.domain.following import ask_to_follow
from website.models import RegionFollower

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

# When the pages are asked for: in the gap before the third round, when the letter is there.
PRESENT = moment("2024-06-20T10:00")

# What somebody asked of a public card.
CORRECTION = "Kanarieverzoek"
# In whose name the account of a grant stands.
HOLDER = "Kanarie op de rekening (fictief)"

# In the order of the columns of the matrix.
PERSONAS = (
    "visitor",
    "owner",
    "partner",
    "colleague",
    "outsider",
    "kwartiermaker",
    "kwartiermaker_elsewhere",
    "reviewer",
    "reviewer_with_interest",
    "chair",
    "deputy",
    "officer",
    "releaser",
    "administrator",
)


@dataclass
class World:
    """The applications, and a logged-in client for everybody."""

    draft: "Case"
    sealed: "Case"
    advised: "Case"
    decided: "Case"
    produced: "Case"
    # Waits for its completion.
    awaiting: "Case"
    # Its letter goes on paper, and was made for the post of a day.
    printed: "Case"
    # Its letter was sent, and the account to which it is paid waits to be checked.
    paid: "Case"
    people: dict[str, User]
    attachment: Attachment
    mapped: Organisation
    # Somebody who only says to speak for the lead organisation.
    claimed: Representative
    # The same, for an organisation of the region with which nobody began anything.
    newcomer: Representative
    question: ParticipationQuestion
    interest: InterestDeclaration
    # Of a reviewer, to take the own review of the sealed application back.
    asked: WithdrawalRequest
    # About the call, by a partner's person: what the office answers is not public yet.
    call_question: CallQuestion
    mail: OutgoingMail
    postponed: PostponedRow
    report: DestructionReport
    secrets: dict[str, str]
    # Of the region: asked and not answered yet; agreed; agreed long ago, and told that it ends.
    asked_person: MappedPerson
    agreed_person: MappedPerson
    reminded_person: MappedPerson
    person_talk: PersonTalk
    # Of the region: waits for its maker; and on the map.
    open_import: MapImport
    taken_import: MapImport
    # What is mapped was asked; another one agreed to something that it corrected, which waits for the kwartiermaker.
    asked_card: PublishingRequest
    corrected_card: PublishingRequest
    # Of a public card of the region: confirmed, and not answered.
    asked_correction: CorrectionRequest
    # Written to the region and confirmed.
    resident_message: ResidentMessage
    follower: RegionFollower
    # To a coalition of the region that asked for help.
    proposal: PartnerProposal
    # Of the region: made for everybody, and public.
    regional_picture: RegionalPicture
    clients: dict[str, Client] = field(default_factory=dict)
    # What each address answered each person before any act, with the tables that were read for it.
    answers: dict[tuple[str, str], tuple[Reads, tuple[int, str, str]]] = field(default_factory=dict)


@remembered
def build(*, advised_on_paper: bool = False) -> World:
    """Build the world by the portal's own acts."""
    committee = scenarios.committee(reviewers=2)
    first = scenarios.submitted(coalition_name="Coalitie met brief (fictief)")
    same = {
        "call": first.call,
        "applicant": first.applicant,
        "lead": first.lead,
        "region": first.coalition.region,
    }
    second, third, fourth = (
        scenarios.submitted(
            coalition_name=f"Coalitie {number} (fictief)",
            on_paper=advised_on_paper and number == 3,
            **same,
        )
        for number in (2, 3, 4)
    )
    on_paper = scenarios.submitted(coalition_name="Coalitie op papier (fictief)", on_paper=True, **same)
    # Its title is public once the letter was sent; the other titles are not.
    to_pay = scenarios.submitted(
        scenarios.written(coalition_name="Coalitie met rekening (fictief)", title="Gehoord en gezien", **same)
    )
    to_complete = scenarios.submitted(coalition_name="Coalitie die aanvult (fictief)", **same)
    produced, decided = scenarios.produced(first), scenarios.decided(second)
    printed = printed_for_post(on_paper)
    paid = _paid(to_pay)
    advised, sealed = scenarios.advised(third), scenarios.assigned(fourth)
    awaiting = scenarios.assigned(to_complete)
    draft = scenarios.written(coalition_name="Coalitie die schrijft (fictief)", **same)
    overwrite(draft)
    comment_on(draft)
    added(draft)
    invited(draft, "mee@schrijver.example", name=INVITED, at=PRESENT)
    attachment = add_attachment(
        application_id=draft.pk, title="Bijlage", content=_a_pdf(), actor=draft.applicant, at=AT
    )
    ask_consent(
        application_id=draft.pk, participation_id=draft.partners[0].pk, actor=draft.applicant, at=PRESENT
    )
    agree_and_copy(draft, produced, at=PRESENT)
    ask_for_draft(draft, at=PRESENT)
    for form in draft.call.empty_forms.all():
        make_empty_form(form_id=form.pk, make=lambda *_given: b"Leeg", at=PRESENT)
    cases = (draft, sealed, advised, decided, produced, printed, paid, awaiting)
    people = _people(cases, committee)
    offered(draft, at=PRESENT)
    kwartiermaker = people["kwartiermaker"]
    region = draft.coalition.region
    mapped = add_to_map(
        facts=OrganisationFacts("Buurtkring (fictief)", LegalForm.INITIATIVE, draft.lead.municipality),
        region=region,
        actor=kwartiermaker,
        at=AT,
    )
    question = save_question(
        region=region,
        title="Een vraagstuk (fictief)",
        description="",
        municipality=None,
        forms={mapped: ["inform"]},
        # Visitors see its own facts, and nothing else of it.
        more=QuestionFacts(
            asked_by=f"Gevraagd door {CANARY}",
            target_groups=f"Over {CANARY}",
            is_public=True,
            how_to_join="Kom langs.",
        ),
        actor=kwartiermaker,
        at=AT,
    )
    write_engagement(
        question_id=question.pk,
        organisation_id=mapped.pk,
        region=region,
        parts={"inform": Part(how_it_went=f"Ging {CANARY}")},
        seen_version=question.version,
        actor=kwartiermaker,
        at=AT,
    )
    talk_about(advised, committee.officer, at=PRESENT)
    complete(sealed, at=scenarios.after_deadline(sealed, days=1))
    await_completion(awaiting, at=PRESENT)
    interested = people["reviewer_with_interest"]
    for case in (sealed, advised, decided, produced, printed, paid, awaiting):
        Assignment.objects.create(application=case, reviewer=interested, assigned_at=AT)
        declare_interest(application_id=case.pk, has_interest=False, explanation="", actor=interested, at=AT)
    mail = _settled_mail(committee.officer)
    of_region = people_of(region, kwartiermaker, at=PRESENT)
    asked_card = asked(mapped, region, kwartiermaker, email="info@kanarie.example", at=PRESENT)
    corrected_card = _corrected_card(region, kwartiermaker)
    asked_correction = _asked_correction(region, kwartiermaker)
    resident_message, waiting_message = _of_residents(region)
    follower, follow_secret = _of_followers(region)
    public = asked_correction.organisation
    RepresentativeFactory.create(
        organisation=public,
        user=draft.applicant,
        stated_legal_form=LegalForm.ASSOCIATION,
        stated_municipality=draft.lead.municipality,
    )
    world = World(
        draft=draft,
        sealed=sealed,
        advised=advised,
        awaiting=awaiting,
        decided=decided,
        produced=produced,
        printed=printed,
        paid=paid,
        people=people,
        attachment=attachment,
        mapped=mapped,
        claimed=Representative.objects.get(user=pending_for(draft.lead)),
        newcomer=Representative.objects.get(user=pending_for(organisation_in(region))),
        question=question,
        interest=InterestDeclaration.objects.get(application=sealed, user=interested),
        asked=_asked(sealed, committee.reviewers[1]),
        call_question=ask_about(draft.call, people["partner"], committee.officer, at=PRESENT),
        mail=mail,
        postponed=PostponedRowFactory.create(),
        report=_report(),
        secrets={
            "consent": scenarios.mailed_secret(draft.partners[0].contact_email),
            "sign": _signing_secret(sealed),
            "card_answer": mailed_secret(asked_card),
            "card_given": mailed_secret(corrected_card, "gegeven"),
            "correction": mailed_secret(asked_correction, "verzoek"),
            "follow_confirm": follow_secret,
            "resident_confirm": secret_in_mail(waiting_message, "bevestigen"),
            "resident_kept": secret_in_mail(resident_message, "inzien"),
            "person_answer": secret_for(of_region[0], LinkUse.ANSWER),
            "person_kept": secret_for(of_region[1], LinkUse.LASTING),
            "person_prolong": secret_for(of_region[2], LinkUse.PROLONG),
            "person_receipt": receipt_code(region, kwartiermaker, at=PRESENT),
        },
        asked_person=of_region[0],
        agreed_person=of_region[1],
        reminded_person=of_region[2],
        person_talk=of_region[1].talks.get(),
        open_import=checked(region, kwartiermaker, text_file([["Naam"], ["Plan (fictief)"]]), at=PRESENT),
        taken_import=taken(region, kwartiermaker, text_file([["Naam"], ["Blad (fictief)"]]), at=PRESENT),
        asked_card=asked_card,
        corrected_card=corrected_card,
        asked_correction=asked_correction,
        resident_message=resident_message,
        follower=follower,
        proposal=_proposal(draft, asked_correction.organisation, kwartiermaker),
        regional_picture=_regional_picture(region, kwartiermaker),
    )
    world.clients = {name: _client(people.get(name)) for name in PERSONAS}
    return world


def _of_residents(region: Region) -> tuple[ResidentMessage, ResidentMessage]:
    """Let somebody write to the region who confirms it, and somebody who does not yet."""
    of_one = {"name": f"Ria {CANARY}", "email": "ria@kanarie.example", "at": PRESENT}
    message = confirmed_message(region, title=f"Vraag {CANARY}", text=f"Schreef {CANARY}", **of_one)
    return message, written_message(region, text=f"Nog niet {CANARY}", **of_one)


def _of_followers(region: Region) -> tuple[RegionFollower, str]:
    """Let somebody follow the region, and somebody else ask it; return the secret of the second."""
    first = followed(region, email="vera@kanarie.example", at=PRESENT)
    second = ask_to_follow(region=region, email="victor@kanarie.example", at=PRESENT)
    assert second is not None
    return first, mailed_follow_secret(second)


def _regional_picture(region: Region, kwartiermaker: User) -> RegionalPicture:
    written(region, kwartiermaker, "Eerder.", at=PRESENT - timedelta(days=400))
    written(region, kwartiermaker, "Wat deze regio zegt.")
    waiting = asked_picture(region, kwartiermaker, Readers.EVERYBODY)
    make_regional_picture(
        picture_id=waiting.pk, make=lambda *_given: MadePdf(b"%PDF-1.7 regiobeeld"), at=PRESENT
    )
    waiting.refresh_from_db()
    return publish_regional_picture(
        picture_id=waiting.pk, region=region, seen=waiting.sha256, actor=kwartiermaker, at=PRESENT
    )


def _asked_correction(region: Region, kwartiermaker: User) -> CorrectionRequest:
    public = add_to_map(
        facts=OrganisationFacts("Openbare kring (fictief)", LegalForm.ASSOCIATION, kvk_number="91234567"),
        region=region,
        actor=kwartiermaker,
        at=AT,
    )
    publish_organisation(organisation_id=public.pk, actor=kwartiermaker, at=AT)
    return asked_correction_of(public, region, message=f"Klopt niet: {CORRECTION}", at=PRESENT)


def _proposal(draft: "Case", organisation: Organisation, kwartiermaker: User) -> PartnerProposal:
    # Another one than that of the draft, of which a kwartiermaker learns nothing.
    asking = start_coalition(
        name="Coalitie die hulp vraagt (fictief)",
        region=draft.coalition.region,
        lead_organisation=draft.lead,
        actor=draft.applicant,
        at=PRESENT,
    )
    help_request = ask_for_help(coalition_id=asking.pk, wish="", actor=draft.applicant, at=PRESENT)
    (proposal,) = propose_partners(
        help_request_id=help_request.pk,
        region=draft.coalition.region,
        organisation_keys=[organisation.map_key],
        reason="Past goed.",
        actor=kwartiermaker,
        at=PRESENT,
    )
    return proposal


def _settled_mail(officer: User) -> OutgoingMail:
    """Return a mail that failed, and that the office left as it is."""
    mail = OutgoingMail.objects.latest("pk")
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=MailStatus.FAILED, claimed_at=AT, attempts=8, problem="vol"
    )
    return settle_mail(mail_id=mail.pk, send_again=False, actor=officer, at=PRESENT)


def _corrected_card(region: Region, kwartiermaker: User) -> PublishingRequest:
    corrects = add_to_map(
        facts=OrganisationFacts("Kring die verbetert (fictief)"), region=region, actor=kwartiermaker, at=AT
    )
    text = f"Verbeterd {CANARY}"
    return agreed(
        corrects, region, kwartiermaker, email="kring@kanarie.example", at=PRESENT, description=text
    )


def _paid(case: "Case") -> "Case":
    granted = scenarios.produced(case)
    send(granted.decision.letter)
    give(granted, holder=HOLDER)
    return granted


def _people(cases: "tuple[Case, ...]", committee: scenarios.Committee) -> dict[str, User]:
    lead = cases[0].lead
    colleague = UserFactory.create()
    RepresentativeFactory.create(organisation=lead, user=colleague)
    partner = UserFactory.create()
    for case in cases:
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    here, elsewhere = person(Role.KWARTIERMAKER), person(Role.KWARTIERMAKER)
    for user, region in ((here, cases[0].coalition.region), (elsewhere, RegionFactory.create())):
        KwartiermakerAssignment.objects.create(user=user, region=region, since_on=date(2024, 4, 1))
    interested = person(Role.REVIEWER)
    note_affiliation(user=interested, organisation=lead, kind=AffiliationKind.BOARD, actor=interested, at=AT)
    for case in cases[1:]:
        scenarios.open_to(case, committee.chair, committee.officer, committee.releaser, *committee.reviewers)
    return {
        "owner": cases[0].applicant,
        "partner": partner,
        "colleague": colleague,
        "outsider": UserFactory.create(),
        "kwartiermaker": here,
        "kwartiermaker_elsewhere": elsewhere,
        "reviewer": committee.reviewers[0],
        "reviewer_with_interest": interested,
        "chair": committee.chair,
        # Has a role in assessment, and declared nothing.
        "deputy": committee.deputy,
        "officer": committee.officer,
        "releaser": committee.releaser,
        "administrator": person(Role.ADMINISTRATOR),
    }


def _report() -> DestructionReport:
    sent_mail()
    return report_on(at=PRESENT)


def _asked(case: "Case", reviewer: User) -> WithdrawalRequest:
    assignment = case.assignments.get(reviewer=reviewer)
    scenarios.judged(assignment, at=scenarios.after_deadline(case, days=3))
    # As a row: asking needs another review to read, which would change what the reviewer of this world sees.
    return WithdrawalRequest.objects.create(
        review=assignment.review, reason="Een vergissing.", asked_at=scenarios.after_deadline(case, days=4)
    )


def _signing_secret(case: "Case") -> str:
    assert case.links.filter(purpose=LinkPurpose.SIGN, signing_role=SigningRole.AUTHORISED_SIGNATORY).exists()
    return scenarios.mailed_secret(case.people.signatory_email, "signature_request")


def _client(user: User | None) -> Client:
    client = Client(raise_request_exception=True)
    return log_in(client, user, second_factor=bool(user.roles)) if user is not None else client


def _a_pdf() -> bytes:
    pdf, buffer = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(buffer)
    return buffer.getvalue()
