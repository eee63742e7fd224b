"""Who answers for a partner: nobody for two, nobody who wrote for another, and nobody whom the office ended there (rules 8, 27 and 28)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from applications.domain.consent_states import consent_states
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.lead_mails import concerned
from applications.domain.links import DeadLink, check_contact_stands
from applications.domain.nudging import remind_the_silent
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer, ReminderKind
from applications.models import Consent
from applications.queries.deadlines import DueReminder, requests_to_remind_of
from applications.queries.parties import asked_contacts
from applications.queries.receipts import everybody_of, told_of
from applications.queries.roles import with_a_role
from coalitions.domain.coalitions import change_contact
from coalitions.models import Participation
from coalitions.queries import spoken_for_by
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import stated
from organisations.domain.representing import dispute_colleague, end_representation, restate
from organisations.models import Representative
from tests.applications.collaborating import joined
from tests.applications.consenting import HOUR, answer, ask
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.scenarios import mailed_secret
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    return scenarios.written(partners=2)


def by_account(case: Any, place: Any, user: User, answer: Any = ConsentAnswer.GIVEN) -> Consent:
    case.refresh_from_db()
    return answer_by_account(
        application_id=case.pk,
        participation_id=place.pk,
        answer=answer,
        reason="" if answer == ConsentAnswer.GIVEN else "Liever niet.",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=user,
        at=AT,
    )


def states_of(case: Any, place: Any) -> tuple[bool, bool]:
    """Tell whether the answer of a partner counts, and whether it came by somebody who does not answer for it."""
    case.refresh_from_db()
    [state] = [each for each in consent_states(snapshot_of(case)) if each.participation.pk == place.pk]
    return state.is_valid, state.is_by_other


def second_address(user: User, email: str) -> None:
    EmailAddress.objects.create(user=user, email=email, verified=True)


class TestOneForTwo:
    def test_not_by_a_second_address_of_who_answered_for_another_partner(self, case) -> None:
        one, other = case.partners
        speaker = speaker_for(one.organisation)
        second_address(speaker, other.contact_email)
        by_account(case, one, speaker)
        with pytest.raises(NotAllowed, match="stemde al in voor"):
            answer(case, ask(case, other))

    def test_nor_the_other_way_round(self, case) -> None:
        one, other = case.partners
        speaker = speaker_for(one.organisation)
        second_address(speaker, other.contact_email)
        answer(case, ask(case, other))
        with pytest.raises(NotAllowed, match="stemde al in voor"):
            by_account(case, one, speaker)

    def test_nor_who_was_logged_in_while_they_used_the_link_of_another_partner(self, case) -> None:
        one, other = case.partners
        speaker = speaker_for(one.organisation)
        answer(case, ask(case, other), signed_in_as=speaker)
        with pytest.raises(NotAllowed, match="stemde al in voor"):
            by_account(case, one, speaker)

    def test_nor_by_being_named_again_after_another_contact_person(self, case) -> None:
        """What somebody answered before another was named is not theirs again."""
        first, second = case.partners
        one = speaker_for(second.organisation, email="een@beide.example")
        self._name(case, first, one.email, at=AT)
        answer(case, ask(case, first))
        self._name(case, first, "ander@elders.example", at=AT + 2 * HOUR)
        ask(case, second)
        assert by_account(case, second, one).answer == ConsentAnswer.GIVEN
        self._name(case, first, one.email, at=AT + 3 * HOUR)
        case.refresh_from_db()
        states = {each.participation.pk: each for each in consent_states(snapshot_of(case))}
        assert (states[first.pk].is_valid, states[second.pk].is_valid) == (False, True)
        # They read nothing by what was asked of them before.
        assert not asked_contacts(case).filter(pk=first.pk).exists()
        assert not spoken_for_by(one).filter(pk=first.pk).exists()
        # Nor is the old link.
        with pytest.raises(DeadLink):
            answer(case, case.links.filter(participation=first, email=one.email).earliest("asked_at"))

    def test_who_is_named_once_more_is_reminded_of_no_request_of_before(self, case) -> None:
        place = case.partners[0]
        ask(case, place)
        due = DueReminder(case.call.rounds.get(number=1), ReminderKind.FIRST, AT + 9 * HOUR)
        assert [each.participation for each in requests_to_remind_of(due)] == [place]
        before = place.contact_email
        self._name(case, place, "ander@elders.example", at=AT + HOUR)
        self._name(case, place, before, at=AT + 2 * HOUR)
        assert list(requests_to_remind_of(due)) == []

    def _name(self, case, place: Any, email: str, *, at: Any) -> None:
        change_contact(
            participation_id=place.pk, contact_name="Een", contact_email=email, actor=case.applicant, at=at
        )
        place.refresh_from_db()

    def test_nor_by_links_to_two_addresses_of_one_account(self, case) -> None:
        one, other = case.partners
        second_address(UserFactory.create(email=one.contact_email), other.contact_email)
        answer(case, ask(case, one))
        with pytest.raises(NotAllowed, match="stemde al in voor"):
            answer(case, ask(case, other))

    def test_who_wrote_for_the_lead_answers_for_no_partner_of_which_they_do_not_speak(self, case) -> None:
        """Also once somebody else leads, or their word for the lead was ended."""
        place = case.partners[0]
        writer = UserFactory.create(email=place.contact_email)
        case.writers.create(user=writer)
        with pytest.raises(NotAllowed, match="schreef mee"):
            answer(case, ask(case, place))
        along = joined(case, participation_id=case.partners[1].pk)
        case.writers.create(user=along)
        scenarios_speaker = Representative.objects.create(
            organisation=place.organisation,
            user=writer,
            since_at=AT,
            proof="office",
            proved_at=AT,
            proved_by=case.applicant,
        )
        assert by_account(case, place, scenarios_speaker.user).user == writer


class TestNoOfWhoSpeaks:
    """Rules 8 and 27: who was only named as contact undoes it no more often than they are asked."""

    @pytest.fixture
    def said_no(self, case) -> User:
        place = case.partners[0]
        speaker = speaker_for(place.organisation)
        by_account(case, place, speaker, answer=ConsentAnswer.DECLINED)
        return speaker

    def test_the_contact_who_was_only_named_says_yes_after_it_no_more(
        self, case, said_no: User, client: Client
    ) -> None:
        place = case.partners[0]
        client.force_login(case.applicant)
        shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
        assert "is bevestigd als vertegenwoordiger en stemt niet in" in shown
        link = ask(case, place)
        with pytest.raises(RuleViolation, match="Alleen iemand die bevestigd is") as refusal:
            answer(case, link)
        assert refusal.value.field == "answer"
        # Nor in two steps.
        answer(case, link, answer=ConsentAnswer.DECLINED, reason="Nee dan.")
        with pytest.raises(RuleViolation, match="Alleen iemand die bevestigd is"):
            answer(case, ask(case, place, at=AT + timedelta(days=2)), at=AT + timedelta(days=2))

    def test_nor_once_the_partner_is_removed_and_added_again(self, case, said_no: User) -> None:
        place, organisation = case.partners[0], case.partners[0].organisation
        contact = place.contact_email
        case.people.leader_organisation = case.lead
        case.people.save()
        case.budget_lines.all().delete()
        remove_asked_partner(
            application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=AT + HOUR
        )
        again = scenarios.join(
            case.coalition_id, case.coalition.region, actor=case.applicant, organisation=organisation
        )
        Participation.objects.filter(pk=again.pk).update(contact_email=contact, mailbox=contact)
        again.refresh_from_db()
        link = ask(case, again, at=AT + 2 * HOUR)
        with pytest.raises(RuleViolation, match="Alleen iemand die bevestigd is"):
            answer(case, link, at=AT + 3 * HOUR)
        assert by_account(case, again, said_no).answer == ConsentAnswer.GIVEN

    def test_nor_where_they_name_the_organisation_otherwise_or_have_another_address(
        self, case, said_no: User
    ) -> None:
        place = case.partners[0]
        row = Representative.objects.get(user=said_no, organisation=place.organisation)
        restate(row, stated(scenarios.facts_of(place.organisation)), actor=said_no, at=AT + HOUR)
        said_no.email = "nieuw@kring.example"
        said_no.save()
        with pytest.raises(RuleViolation, match="Alleen iemand die bevestigd is"):
            answer(case, ask(case, place))

    def test_they_and_their_colleagues_say_yes(self, case, said_no: User) -> None:
        place = case.partners[0]
        for each in (said_no, speaker_for(place.organisation)):
            by_account(case, place, said_no, answer=ConsentAnswer.DECLINED)
            assert by_account(case, place, each).answer == ConsentAnswer.GIVEN

    def test_so_does_a_colleague_through_the_link_in_their_own_mailbox(self, case, said_no: User) -> None:
        place = case.partners[0]
        speaker_for(place.organisation, email=place.contact_email)
        assert answer(case, ask(case, place)).answer == ConsentAnswer.GIVEN

    def test_the_no_of_who_was_ended_or_left_holds_nobody(self, case, said_no: User) -> None:
        place = case.partners[0]
        row = Representative.objects.get(user=said_no, organisation=place.organisation)
        end_representation(representative_id=row.pk, reason="", actor=said_no, at=AT + HOUR)
        assert answer(case, ask(case, place)).answer == ConsentAnswer.GIVEN


@pytest.mark.parametrize("leaves", ["names it otherwise", "stops"])
def test_who_leaves_the_lead_for_a_moment_answers_for_no_partner(case, leaves: str) -> None:
    """Rule 8: they stood on both sides while it was written."""
    place = case.partners[0]
    both = speaker_for(place.organisation)
    row = RepresentativeFactory.create(user=both, organisation=case.lead, since_at=AT)
    if leaves == "stops":
        end_representation(representative_id=row.pk, reason="", actor=both, at=AT + HOUR)
    else:
        restate(row, stated(scenarios.facts_of(case.lead)), actor=both, at=AT + HOUR)
    with pytest.raises(NotAllowed):
        by_account(case, place, both)


class TestEndedByTheOffice:
    @pytest.fixture
    def ended(self, case) -> User:
        """The contact person of a partner, who spoke for it until the office said otherwise."""
        place = case.partners[0]
        contact = UserFactory.create(email=place.contact_email)
        row = Representative.objects.create(
            organisation=place.organisation,
            user=contact,
            since_at=AT,
            proof="office",
            proved_at=AT,
            proved_by=case.applicant,
        )
        ask(case, place)
        assert spoken_for_by(contact).filter(pk=place.pk).exists()
        end_representation(
            representative_id=row.pk, reason="Werkt daar niet.", actor=person(Role.OFFICER), at=AT
        )
        return contact

    def test_they_read_and_answer_no_more_by_account_or_link(self, case, ended: User, client: Client) -> None:
        place = case.partners[0]
        assert not spoken_for_by(ended).filter(pk=place.pk).exists()
        with pytest.raises(NotAllowed):
            by_account(case, place, ended)
        link = case.links.get(participation=place)
        with pytest.raises(DeadLink, match="niet spreekt voor deze organisatie"):
            answer(case, link)
        with pytest.raises(DeadLink):
            check_contact_stands(link, None)
        shown = client.get(reverse("applications:consent", args=[mailed_secret(place.contact_email)]))
        assert (shown.status_code, "Deze link werkt niet meer" in page_text(shown)) == (410, True)

    @pytest.mark.parametrize("by_link", [True, False])
    def test_what_they_agreed_to_before_counts_no_more_in_a_draft(
        self, case, by_link: bool, client: Client
    ) -> None:
        place = case.partners[0]
        speaker = speaker_for(place.organisation, email=place.contact_email)
        if by_link:
            answer(case, ask(case, place))
        else:
            by_account(case, place, speaker)
        assert states_of(case, place) == (True, False)
        row = Representative.objects.get(user=speaker, organisation=place.organisation)
        end_representation(
            representative_id=row.pk, reason="Een oplichter.", actor=person(Role.OFFICER), at=AT + HOUR
        )
        assert states_of(case, place) == (False, True)
        client.force_login(case.applicant)
        shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
        assert "noteerde later dat deze persoon niet voor deze partner spreekt" in shown
        # Who is proved anew, spoke.
        RepresentativeFactory.create(user=speaker, organisation=place.organisation, since_at=AT + 2 * HOUR)
        assert states_of(case, place) == (True, False)

    def test_who_answered_before_is_not_taken_for_the_ended_contact_of_now(
        self, case, client: Client
    ) -> None:
        place = case.partners[0]
        answer(case, ask(case, place))
        ended = UserFactory.create()
        RepresentativeFactory.create(
            organisation=place.organisation,
            user=ended,
            ended_at=AT,
            ended_by=case.applicant,
            end_reason="Weg.",
        )
        change_contact(
            participation_id=place.pk,
            contact_name="Quin",
            contact_email=ended.email,
            actor=case.applicant,
            at=AT,
        )
        client.force_login(case.applicant)
        shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
        assert ("is geen contactpersoon meer" in shown, "noteerde later" in shown) == (True, False)

    def test_what_somebody_agreed_to_who_left_by_themselves_goes_on_counting(self, case) -> None:
        place = case.partners[0]
        speaker = speaker_for(place.organisation)
        by_account(case, place, speaker)
        row = Representative.objects.get(user=speaker, organisation=place.organisation)
        end_representation(representative_id=row.pk, reason="", actor=speaker, at=AT + HOUR)
        assert states_of(case, place) == (True, False)

    def test_another_address_on_their_account_makes_them_nobody_else(
        self, case, ended: User, client: Client
    ) -> None:
        """Rule 28: whom others ended, by every address that they have or had."""
        place, link = case.partners[0], case.links.get(participation=case.partners[0])
        before, ended.email = ended.email, "prive@elders.example"
        ended.save()
        assert ended.mailbox != place.mailbox
        with pytest.raises(DeadLink):
            check_contact_stands(link, None)
        assert client.get(reverse("applications:consent", args=[mailed_secret(before)])).status_code == 410
        # A new account of the old address neither.
        EmailAddress.objects.filter(user=ended).delete()
        assert not spoken_for_by(UserFactory.create(email=before)).filter(pk=place.pk).exists()
        # What they confirm later beside it may be the mailbox of the organisation, with another reader.
        EmailAddress.objects.create(user=ended, email="info@kring.example", verified=True)
        change_contact(
            participation_id=place.pk,
            contact_name="Els",
            contact_email="info@kring.example",
            actor=case.applicant,
            at=AT,
        )
        which = {"application_id": case.pk, "participation_id": place.pk, "actor": case.applicant}
        assert ask_consent(at=AT + HOUR, **which).email == "info@kring.example"

    def test_who_ends_it_themselves_while_it_is_disputed_is_not_rid_of_that(self, case) -> None:
        place, contact = case.partners[0], UserFactory.create(email=case.partners[0].contact_email)
        row = RepresentativeFactory.create(organisation=place.organisation, user=contact, since_at=AT)
        link = ask(case, place)
        colleague = speaker_for(place.organisation)
        dispute_colleague(representative_id=row.pk, reason="Weg sinds maart.", actor=colleague, at=AT)
        end_representation(representative_id=row.pk, reason="", actor=contact, at=AT)
        with pytest.raises(DeadLink):
            answer(case, link)
        assert not spoken_for_by(contact).filter(pk=place.pk).exists()

    def test_the_word_of_who_does_not_speak_for_it_bars_nobody_who_stops_or_corrects_the_name(
        self, case
    ) -> None:
        """Rule 27: a kwartiermaker settles nothing, and who only said to represent it is not told."""
        place, contact = case.partners[0], UserFactory.create(email=case.partners[0].contact_email)
        link = ask(case, place)
        RepresentativeFactory.create(
            organisation=place.organisation,
            user=contact,
            since_at=AT,
            proof="",
            proved_at=None,
            proved_by=None,
            contested_at=AT,
            contested_by=UserFactory.create(),
            contest_reason="Ken ik niet.",
            ended_at=AT,
            ended_by=contact,
        )
        assert spoken_for_by(contact).filter(pk=place.pk).exists()
        assert answer(case, link).answer == ConsentAnswer.GIVEN

    def test_who_speaks_for_it_now_by_an_address_of_who_was_ended_is_asked_like_anybody(
        self, case, ended: User
    ) -> None:
        """It may be the mailbox of the organisation, with another reader."""
        place, shared = case.partners[0], ended.email
        ended.email = "prive@elders.example"
        ended.save()
        EmailAddress.objects.filter(user=ended).delete()
        successor = speaker_for(place.organisation, email=shared)
        assert spoken_for_by(successor).filter(pk=place.pk).exists()
        assert asked_contacts(case).filter(pk=place.pk).exists()
        asked = ask_consent(
            application_id=case.pk,
            participation_id=place.pk,
            actor=case.applicant,
            at=AT + timedelta(days=2),
        )
        check_contact_stands(asked, None)

    def test_they_hear_nothing_of_it_any_more(self, case, ended: User) -> None:
        place = case.partners[0]
        assert not asked_contacts(case).filter(pk=place.pk).exists()
        assert ended.email not in with_a_role(case, case.applicant)
        assert ended.email not in concerned(place, [case.applicant], [case])
        due = DueReminder(case.call.rounds.get(number=1), ReminderKind.FIRST, AT + HOUR)
        assert not requests_to_remind_of(due).filter(participation=place).exists()
        before = OutgoingMail.objects.filter(recipient=place.contact_email).count()
        remind_the_silent(application_id=case.pk, actor=case.applicant, at=AT + timedelta(days=3))
        case.people.leader_organisation = case.lead
        case.people.save()
        case.budget_lines.all().delete()
        remove_asked_partner(
            application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=AT + HOUR
        )
        assert OutgoingMail.objects.filter(recipient=place.contact_email).count() == before

    def test_nor_that_it_was_received(self) -> None:
        case = scenarios.submitted()
        place = case.partners[0]
        contact = UserFactory.create(email=place.contact_email)
        assert told_of(contact).filter(pk=case.pk).exists()
        assert place.contact_email in everybody_of(case)["partner"]
        RepresentativeFactory.create(
            organisation=place.organisation,
            user=contact,
            ended_at=AT,
            ended_by=case.applicant,
            end_reason="Weg.",
        )
        assert not told_of(contact).filter(pk=case.pk).exists()
        assert place.contact_email not in everybody_of(case)["partner"]

    def test_they_are_asked_no_more_until_another_contact_is_named(self, case, ended: User) -> None:
        place = case.partners[0]
        which = {"application_id": case.pk, "participation_id": place.pk, "actor": case.applicant}
        with pytest.raises(RuleViolation, match="Noem eerst een andere contactpersoon") as refusal:
            ask_consent(at=AT + HOUR, **which)
        assert refusal.value.field == "contact_email"
        change_contact(
            participation_id=place.pk,
            contact_name="Cor",
            contact_email="cor@elders.example",
            actor=case.applicant,
            at=AT,
        )
        assert ask_consent(at=AT + HOUR, **which).email == "cor@elders.example"

    def test_who_stopped_themselves_or_was_confirmed_anew_is_asked_like_anybody(
        self, case, ended: User
    ) -> None:
        place = case.partners[0]
        row = Representative.objects.get(user=ended)
        Representative.objects.filter(pk=row.pk).update(ended_by=ended)
        assert spoken_for_by(ended).filter(pk=place.pk).exists()
        Representative.objects.filter(pk=row.pk).update(ended_by=case.applicant)
        assert not spoken_for_by(ended).filter(pk=place.pk).exists()
        Representative.objects.create(
            organisation=place.organisation,
            user=ended,
            since_at=AT,
            proof="office",
            proved_at=AT,
            proved_by=case.applicant,
        )
        assert spoken_for_by(ended).filter(pk=place.pk).exists()
