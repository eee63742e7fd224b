"""The consent of partners, bound to what they read, given by themselves (rules 8 and 9)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.domain import links
from applications.domain.consent_states import ConsentState, consent_states
from applications.domain.consents import MOST_ANSWERS_A_DAY, answer_by_account, answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_people
from applications.domain.links import (
    MAX_MAILS_PER_ADDRESS,
    RESEND_COOL_DOWN,
    DeadLink,
    TooManyMails,
    check_alive,
    find_link,
)
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer, LinkPurpose
from applications.models import ApplicationPeople, Consent, OneTimeLink
from coalitions.domain.coalitions import change_contact
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from tests.applications.consenting import HOUR, answer, ask, states
from tests.factories.accounts import UserFactory
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.scenarios import (
    mailed_secret,
    people_of,
    ready,
    submitted,
    written,
)
from tests.racing import race

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)


def name_contact(case: Any, partner: Any, email: str) -> None:
    change_contact(
        participation_id=partner.pk, contact_name="Bo", contact_email=email, actor=case.applicant, at=AT
    )


@pytest.fixture
def case():
    return written(partners=2)


class TestLinks:
    def test_a_partner_consents_through_the_mailed_link(self, case) -> None:
        consent = answer(case, ask(case))
        assert (consent.participation, consent.answer, consent.given_by_name) == (
            case.partners[0],
            "given",
            "Bo",
        )
        assert states(case) == [(True, False), (False, False)]
        told = OutgoingMail.objects.get(kind="consent_answered")
        assert told.recipient == case.applicant.email

    def test_only_a_digest_of_the_secret_is_kept(self, case) -> None:
        link = ask(case)
        secret = mailed_secret(case.partners[0].contact_email)
        assert secret not in {str(value) for value in vars(link).values()}
        assert find_link(secret, LinkPurpose.CONSENT) == link
        assert find_link(secret, LinkPurpose.SIGN) is None
        assert find_link(secret[:-1] + "x", LinkPurpose.CONSENT) is None

    def test_a_link_works_once(self, case) -> None:
        link = ask(case)
        answer(case, link)
        with pytest.raises(DeadLink):
            answer(case, link, answer=ConsentAnswer.DECLINED, reason="Toch niet")
        assert Consent.objects.get().answer == ConsentAnswer.GIVEN

    def test_a_link_works_for_the_days_that_the_call_says(self, case) -> None:
        link = ask(case)
        # Through the day that the mail names.
        last = local_moment(local_date(AT + timedelta(days=case.call.link_days + 1)))
        check_alive(link, at=last - timedelta(milliseconds=1))
        with pytest.raises(DeadLink):
            answer(case, link, at=last)
        assert not Consent.objects.exists()

    def test_a_newer_link_replaces_the_older(self, case) -> None:
        older = ask(case)
        newer = ask(case, at=AT + HOUR)
        with pytest.raises(DeadLink):
            answer(case, older)
        assert answer(case, newer).link == newer

    def test_asking_is_idempotent_within_the_cool_down(self, case) -> None:
        partner = case.partners[0]
        first, second = (ask(case, at=each) for each in (AT, AT + RESEND_COOL_DOWN - TICK))
        assert first == second
        assert OutgoingMail.objects.filter(recipient=partner.contact_email).count() == 1
        assert ask(case, at=AT + RESEND_COOL_DOWN) != first

    def test_a_second_click_after_another_address_was_typed_asks_there(self, case) -> None:
        first = ask(case)
        partner = case.partners[0]
        change_contact(
            participation_id=partner.pk,
            contact_name="Bo",
            contact_email="bo@elders.example",
            actor=case.applicant,
            at=AT,
        )
        partner.refresh_from_db()
        assert ask(case, partner) != first

    @pytest.mark.parametrize("for_two", [True, False])
    def test_one_mailbox_never_answers_for_one_party_after_another(self, case, for_two) -> None:
        one, other = case.partners
        mine = one.contact_email
        answer(case, ask(case, one))
        name_contact(case, one, "directie@elders.example")
        name_contact(case, other, mine)
        assert states(case) == [(False, True), (False, False)]
        if for_two:
            other.refresh_from_db()
            answer(case, ask(case, other, at=AT + 2 * HOUR), at=AT + 3 * HOUR)
            assert states(case) == [(False, True), (True, False)]
        name_contact(case, other, "bestuur@elders.example")
        assert states(case) == [(False, True), (False, for_two)]

    def test_who_is_named_as_contact_person_later_agrees_anew(self, case) -> None:
        """Rule 8: else somebody answers, and another who was never asked is named."""
        partner = case.partners[0]
        mine = partner.contact_email
        answer(case, ask(case))
        name_contact(case, partner, "directie@elders.example")
        assert states(case)[0] == (False, True)
        partner.refresh_from_db()
        answer(case, ask(case, partner, at=AT + HOUR), at=AT + 2 * HOUR)
        assert states(case)[0] == (True, False)
        name_contact(case, partner, mine)
        assert states(case)[0] == (False, True)

    def test_a_mailbox_written_otherwise_still_answered(self, case) -> None:
        partner = case.partners[0]
        answer(case, ask(case))
        local, _at, domain = partner.contact_email.partition("@")
        name_contact(case, partner, f"{local.upper()}@{domain}")
        assert states(case)[0] == (True, False)

    def test_a_mailbox_that_the_lead_is_named_by_later_answered_for_nobody(self, case) -> None:
        mine = case.partners[0].contact_email
        answer(case, ask(case))
        name_contact(case, case.partners[0], "directie@elders.example")
        ApplicationPeople.objects.filter(application=case).update(signatory_email=mine)
        assert states(case)[0] == (False, True)

    def test_no_mailbox_is_flooded(self, case) -> None:
        moments = [AT + RESEND_COOL_DOWN * number for number in range(MAX_MAILS_PER_ADDRESS)]
        for each in moments:
            ask(case, at=each)
        with pytest.raises(TooManyMails):
            ask(case, at=moments[-1] + RESEND_COOL_DOWN)
        assert OutgoingMail.objects.filter(kind="consent_request").count() == MAX_MAILS_PER_ADDRESS
        ask(case, case.partners[1], at=moments[-1])
        ask(case, at=AT + timedelta(days=1))

    def test_other_ways_to_write_one_mailbox_are_one_mailbox(self, case, monkeypatch) -> None:
        monkeypatch.setattr(links, "MAX_MAILS_PER_ADDRESS", 2)
        partner = case.partners[0]
        for number, tag in enumerate(["", "+een"]):
            address = f"bo{tag}@elders.example"
            change_contact(
                participation_id=partner.pk,
                contact_name="Bo",
                contact_email=address,
                actor=case.applicant,
                at=AT,
            )
            partner.refresh_from_db()
            ask(case, partner, at=AT + HOUR * number)
        with pytest.raises(TooManyMails):
            ask(case, partner, at=AT + HOUR * 3)

    def test_nobody_has_more_mails_sent_in_a_day_than_anybody_needs(self, case, monkeypatch) -> None:
        monkeypatch.setattr(links, "MAX_MAILS_PER_PERSON", 2)
        for partner in case.partners:
            ask(case, partner)
        with pytest.raises(TooManyMails):
            ask(case, at=AT + HOUR)
        ask(case, at=AT + timedelta(days=1))

    def test_a_link_of_one_partner_leaves_that_of_another_alone(self, case) -> None:
        first = ask(case)
        ask(case, case.partners[1])
        assert answer(case, first)

    def test_after_submission_a_link_asks_nothing_any_more(self) -> None:
        case = ready(partners=1)
        link = ask(case)
        submitted(case)
        with pytest.raises(RuleViolation):
            answer(case, link)

    def test_no_needs_a_reason(self, case) -> None:
        link = ask(case)
        with pytest.raises(RuleViolation) as refusal:
            answer(case, link, answer=ConsentAnswer.DECLINED, reason="  ")
        assert refusal.value.field == "reason"
        link.refresh_from_db()
        assert link.used_at is None
        answer(case, link, answer=ConsentAnswer.DECLINED, reason="Geen tijd")
        [first, _second] = consent_states(snapshot_of(case))
        assert (first.is_declined, first.is_valid) == (True, False)

    @pytest.mark.django_db(transaction=True)
    def test_two_clicks_on_one_link_at_once_give_one_answer(self) -> None:
        case = written()
        link = ask(case)
        digest = reading_digest(snapshot_of(case))
        outcomes = race(
            *(lambda: answer_by_link(
                link=link, answer=ConsentAnswer.GIVEN, reason="", given_by_name="Bo",
                seen_digest=digest, signed_in_as=None, at=AT,
            ) for _each in range(2))
        )  # fmt: skip
        assert sorted(type(each).__name__ for each in outcomes) == ["Consent", "DeadLink"]
        assert Consent.objects.count() == 1


class TestWhoConsents:
    """An organisation never consents through the account or the mailbox of the applicant who asked (rule 8)."""

    def test_not_while_somebody_of_the_lead_is_logged_in(self, case) -> None:
        link = ask(case)
        for person in (case.applicant, speaker_for(case.lead)):
            with pytest.raises(NotAllowed):
                answer(case, link, signed_in_as=person)
        assert not Consent.objects.exists()

    def test_somebody_elses_account_does_not_matter(self, case) -> None:
        assert answer(case, ask(case), signed_in_as=UserFactory.create())

    @pytest.mark.parametrize("alias", ["{local}@{domain}", "{local}+partner@{domain}", "{upper}@{domain}"])
    def test_not_through_the_mailbox_of_who_asks(self, case, alias: str) -> None:
        local, _at, domain = case.applicant.email.partition("@")
        address = alias.format(local=local, upper=local.upper(), domain=domain)
        # Written past the act that refuses it, as a colleague's new address would be.
        case.partners[0].contact_email = address
        case.partners[0].mailbox = f"{local.casefold()}@{domain}"
        case.coalition.participations.filter(is_lead=True).update(mailbox="")
        case.partners[0].save()
        with pytest.raises(NotAllowed) as refusal:
            ask(case)
        assert refusal.value.field == "contact_email"
        assert not OneTimeLink.objects.exists()

    def test_not_through_the_mailbox_of_a_colleague_of_the_lead(self, case) -> None:
        speaker_for(case.lead, email=case.partners[0].contact_email)
        with pytest.raises(NotAllowed):
            ask(case)

    @pytest.mark.parametrize("field", ["main_applicant_email", "signatory_email"])
    def test_not_through_the_mailbox_that_the_application_names_for_the_lead(self, case, field: str) -> None:
        values = {**people_of(case), field: case.partners[0].contact_email.upper()}
        save_people(
            application_id=case.pk,
            values=values,
            seen_version=case.people.version,
            actor=case.applicant,
            at=AT,
        )
        with pytest.raises(NotAllowed):
            ask(case)

    def test_by_account_for_who_speaks_for_the_partner(self, case) -> None:
        user = speaker_for(case.partners[0].organisation)
        consent = by_account(case, user)
        assert (consent.user, consent.link, consent.given_by_name) == (user, None, user.full_name)

    def test_not_by_the_account_of_anybody_else(self, case) -> None:
        for user in (UserFactory.create(), speaker_for(case.partners[1].organisation)):
            with pytest.raises(NotAllowed):
                by_account(case, user)

    def test_not_by_the_applicant_who_speaks_for_both(self, case) -> None:
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=case.applicant)
        with pytest.raises(NotAllowed):
            by_account(case, case.applicant)

    def test_not_by_who_started_the_application_and_moved_to_the_partner(self, case) -> None:
        Representative.objects.filter(organisation=case.lead, user=case.applicant).delete()
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=case.applicant)
        with pytest.raises(NotAllowed):
            by_account(case, case.applicant)

    def test_only_the_lead_asks(self, case) -> None:
        outsider = speaker_for(case.partners[0].organisation)
        with pytest.raises(NotAllowed):
            ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=outsider, at=AT)


def by_account(case: Any, user: Any, **values: Any) -> Consent:
    case.refresh_from_db()
    defaults = {
        "application_id": case.pk,
        "participation_id": case.partners[0].pk,
        "answer": ConsentAnswer.GIVEN,
        "reason": "",
        "seen_digest": reading_digest(snapshot_of(case)),
        "actor": user,
        "at": AT,
    }
    return answer_by_account(**{**defaults, **values})


class TestAnsweredByAccount:
    """An answer that was given logged in counts as one that was given through the link."""

    def test_nobody_answers_for_a_partner_of_another_coalition(self, case) -> None:
        other = written().partners[0]
        with pytest.raises(NotAllowed):
            by_account(case, speaker_for(other.organisation), participation_id=other.pk)

    def test_nobody_fills_the_mailbox_of_the_applicant_by_changing_their_mind(self, case) -> None:
        speaker = speaker_for(case.partners[0].organisation)
        for number in range(MOST_ANSWERS_A_DAY):
            by_account(case, speaker, answer=ConsentAnswer.DECLINED, reason=f"Reden {number}")
        with pytest.raises(TooMuch):
            by_account(case, speaker)
        assert OutgoingMail.objects.filter(kind="consent_answered").count() == MOST_ANSWERS_A_DAY
        by_account(case, speaker, at=AT + timedelta(days=1))

    def test_a_second_click_answers_nothing_more(self, case) -> None:
        speaker = speaker_for(case.partners[0].organisation)
        first = by_account(case, speaker)
        sent = OutgoingMail.objects.count()
        assert by_account(case, speaker, at=AT + HOUR) == first
        assert (Consent.objects.count(), OutgoingMail.objects.count()) == (1, sent)
        # Another answer is one, and so is the same once somebody asked anew.
        declined = by_account(case, speaker, answer=ConsentAnswer.DECLINED, reason="Te duur.", at=AT + HOUR)
        assert declined != first
        ask(case, at=AT + HOUR)
        again = by_account(case, speaker, answer=ConsentAnswer.DECLINED, reason="Te duur.", at=AT + 2 * HOUR)
        assert again != declined

    def test_the_link_that_was_mailed_asks_nothing_any_more(self, case) -> None:
        partner = case.partners[0]
        link = ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        by_account(case, speaker_for(partner.organisation), answer=ConsentAnswer.DECLINED, reason="Te duur.")
        link.refresh_from_db()
        assert link.withdrawn_at == AT
        [state] = [each for each in consent_states(snapshot_of(case)) if each.participation == partner]
        assert (state.is_declined, state.is_asked(at=AT)) == (True, False)


def test_a_partner_whose_link_has_ended_has_to_be_asked_again(case) -> None:
    link = ask(case)
    missing = what_is_missing(snapshot_of(case), review_round=case.call.rounds.all()[0], at=link.expires_at)
    name = case.partners[0].organisation.name
    assert any(name in str(each.sentence) and "werkt niet meer" in str(each.sentence) for each in missing)


def test_the_lead_consents_by_submitting() -> None:
    case = written(partners=0, call=make_call())
    found: list[ConsentState] = consent_states(snapshot_of(case))
    assert found == []


def test_a_mailbox_that_becomes_the_leads_consents_no_more(case) -> None:
    """Rule 8, in any order of acts."""
    partner = case.partners[0]
    link = ask(case)
    save_people(
        application_id=case.pk,
        values={**people_of(case), "main_applicant_email": partner.contact_email},
        seen_version=case.people.version,
        actor=case.applicant,
        at=AT,
    )
    with pytest.raises(NotAllowed):
        answer(case, link)
    assert not Consent.objects.exists()
    case.refresh_from_db()
    said = [
        str(each.sentence)
        for each in what_is_missing(snapshot_of(case), review_round=case.call.rounds.all()[0], at=AT)
    ]
    assert any("mailbox van de penvoerder" in each for each in said)


def test_a_no_stays_a_no_when_the_text_changes_and_is_asked_anew_by_hand_alone(case) -> None:
    """Rules 9 and 26: nobody reads that who declined agreed to an earlier text."""
    answer(case, ask(case), answer=ConsentAnswer.DECLINED, reason="Wij doen niet mee.")
    type(case).objects.filter(pk=case.pk).update(title="Een andere titel")
    case.refresh_from_db()
    state = consent_states(snapshot_of(case))[0]
    assert (state.is_declined, state.has_to_be_asked(at=AT)) == (True, False)
    missing = what_is_missing(snapshot_of(case), review_round=None, at=AT)
    told = [str(each.sentence) for each in missing if each.page == "partners"]
    assert told[0] == f"{case.partners[0].stated_name} stemt niet in."
    assert ask(case).email == case.partners[0].contact_email
