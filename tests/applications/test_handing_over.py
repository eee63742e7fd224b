"""Who is the contact person of the lead in a draft: handed over, or taken over after a wait that others can end (rule 39)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.domain import handing_over
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.handing_over import (
    WAIT,
    answer_offer,
    complete_takeover,
    offer_contact,
    stop_handover,
    take_over_contact,
)
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import withdraw
from applications.enums import ConsentAnswer
from applications.models import ApplicationPeople, Handover
from applications.permissions import may_ask_others, may_read
from applications.queries.handovers import contact_of, mailboxes_that_ended, takeovers_to_complete
from coalitions.domain.coalitions import change_contact
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import stated
from organisations.domain.representing import end_representation, restate
from organisations.models import Representative
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


@pytest.fixture
def colleague(case: Any) -> User:
    return speaker_for(case.lead, full_name="Cor Collega (fictief)")


def offer(case: Any, to: User, **values: Any) -> Handover:
    return offer_contact(
        **{"application_id": case.pk, "to_id": to.pk, "actor": case.applicant, "at": AT, **values}
    )


def take_over(case: Any, actor: User, **values: Any) -> Handover:
    how = {"application_id": case.pk, "reason": "Vertrokken", "actor": actor, "at": AT, **values}
    return take_over_contact(**how)


def which(case: Any, actor: User, at: Any = AT) -> dict[str, Any]:
    return {"application_id": case.pk, "actor": actor, "at": at}


def contact(case: Any) -> User:
    case.refresh_from_db()
    return contact_of(case)


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


class TestOffer:
    def test_a_colleague_who_accepts_is_the_contact_person_and_all_roles_hear_of_it(
        self, case, colleague: User
    ) -> None:
        partner = case.partners[0]
        offer(case, colleague)
        assert (contact(case), mailed("contact_offered")) == (case.applicant, {colleague.email})
        answer_offer(accepts=True, **which(case, colleague))
        assert contact(case) == colleague
        told = mailed("contact_changed")
        assert {case.applicant.email, colleague.email, case.people.leader_email} <= told
        # Rule 26: a partner that was not asked yet does not know of the draft.
        assert partner.contact_email not in told
        # Nobody loses or gains a right by it.
        assert may_ask_others.allows(case.applicant, case)

    def test_what_partners_answer_goes_to_the_new_contact_person(self, case, colleague: User) -> None:
        partner = case.partners[0]
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        offer(case, colleague)
        answer_offer(accepts=True, **which(case, colleague))
        assert partner.contact_email in mailed("contact_changed")
        answer_by_account(
            application_id=case.pk,
            participation_id=partner.pk,
            answer=ConsentAnswer.GIVEN,
            reason="",
            seen_digest=reading_digest(snapshot_of(case)),
            actor=speaker_for(partner.organisation),
            at=AT,
        )
        assert mailed("consent_answered") == {colleague.email}

    def test_who_declines_or_is_asked_in_vain_changes_nothing(self, case, colleague: User) -> None:
        offer(case, colleague)
        answer_offer(accepts=False, **which(case, colleague))
        offer(case, colleague)
        stop_handover(**which(case, case.applicant))
        assert (contact(case), mailed("contact_changed")) == (case.applicant, set())
        states = Handover.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["declined", "taken_back"]

    def test_only_the_contact_person_offers_and_only_to_who_is_proved(self, case, colleague: User) -> None:
        """Rule 27."""
        pending = UserFactory.create()
        RepresentativeFactory.create(
            user=pending, organisation=case.lead, proof="", proved_by=None, proved_at=None
        )
        gone = speaker_for(case.lead)
        gone.is_active = False
        gone.save()
        for to in (pending, gone, joined(case), case.applicant, speaker_for(case.partners[0].organisation)):
            with pytest.raises(RuleViolation) as refusal:
                offer(case, to)
            assert refusal.value.field == "to"
        for actor in (colleague, pending, joined(case)):
            with pytest.raises(NotAllowed):
                offer(case, colleague, actor=actor)

    def test_nobody_else_answers_and_a_second_click_changes_nothing(self, case, colleague: User) -> None:
        first = offer(case, colleague)
        assert offer(case, colleague) == first
        for actor in (case.applicant, speaker_for(case.lead)):
            with pytest.raises(NotAllowed):
                answer_offer(accepts=True, **which(case, actor))
        with pytest.raises(NotAllowed):
            stop_handover(**which(case, speaker_for(case.lead)))
        answer_offer(accepts=True, **which(case, colleague))
        assert answer_offer(accepts=True, **which(case, colleague)) is None
        assert OutgoingMail.objects.filter(kind="contact_changed", recipient=colleague.email).count() == 1


class TestTakeover:
    def test_of_whom_it_is_disputed_that_they_speak_for_the_lead_becomes_nothing(
        self, case, colleague: User
    ) -> None:
        """Rule 27."""
        handover = take_over(case, colleague)
        Representative.objects.filter(user=colleague).update(
            contested_at=AT, contested_by=case.applicant, contest_reason="Die ken ik niet."
        )
        assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is False
        assert (contact(case), Handover.objects.get().state) == (case.applicant, "lapsed")

    def test_it_takes_effect_after_three_days_and_not_before(self, case, colleague: User) -> None:
        handover = take_over(case, colleague)
        assert {case.applicant.email, colleague.email, case.people.leader_email} <= mailed(
            "contact_taken_over"
        )
        mails = OutgoingMail.objects.filter(kind="contact_taken_over")
        words = {each.recipient: each.body for each in mails}
        assert f"U neemt het van {case.applicant.full_name} over als contactpersoon" in words[colleague.email]
        assert "neemt het van u over als contactpersoon" in words[case.applicant.email]
        assert f"neemt het over van {case.applicant.full_name}" in words[case.people.leader_email]
        early = AT + WAIT - SECOND
        assert list(takeovers_to_complete(at=early)) == []
        assert complete_takeover(handover_id=handover.pk, at=early) is False
        assert contact(case) == case.applicant
        assert list(takeovers_to_complete(at=AT + WAIT)) == [handover]
        assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is True
        assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is False
        assert (contact(case), Handover.objects.get().settled_by) == (colleague, None)
        assert case.applicant.email in mailed("contact_changed")

    def test_the_old_contact_person_and_every_colleague_can_stop_it(self, case, colleague: User) -> None:
        for number, actor in enumerate((case.applicant, speaker_for(case.lead))):
            handover = take_over(case, colleague, at=AT + number * SECOND)
            settled = stop_handover(**which(case, actor, AT + WAIT - SECOND))
            assert settled is not None
            assert (settled.state, settled.settled_by) == ("stopped", actor)
            assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is False
        assert (contact(case), case.applicant.email in mailed("contact_stays")) == (case.applicant, True)

    def test_nobody_outside_the_lead_takes_over_or_stops(self, case, colleague: User) -> None:
        helper, partner = joined(case), speaker_for(case.partners[0].organisation)
        for actor in (helper, partner, UserFactory.create()):
            with pytest.raises(NotAllowed):
                take_over(case, actor)
        take_over(case, colleague)
        for actor in (helper, partner):
            with pytest.raises(NotAllowed):
                stop_handover(**which(case, actor))

    def test_who_no_longer_speaks_for_the_lead_does_not_get_it(self, case, colleague: User) -> None:
        handover = take_over(case, colleague)
        Representative.objects.filter(user=colleague).update(ended_at=AT, ended_by=case.applicant)
        assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is False
        assert (contact(case), Handover.objects.get().state) == (case.applicant, "lapsed")

    def test_what_is_no_draft_any_more_is_left_as_it_is(self, case, colleague: User) -> None:
        handover = take_over(case, colleague)
        withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen="draft")
        assert complete_takeover(handover_id=handover.pk, at=AT + WAIT) is False
        assert Handover.objects.get().state == "lapsed"

    def test_an_offer_to_somebody_who_never_answers_does_not_keep_it_locked(
        self, case, colleague: User
    ) -> None:
        offer(case, speaker_for(case.lead))
        take_over(case, colleague)
        assert sorted(Handover.objects.values_list("kind", "state")) == [
            ("offer", "lapsed"),
            ("takeover", "open"),
        ]
        with pytest.raises(RuleViolation):
            take_over(case, speaker_for(case.lead))

    def test_a_reason_is_needed_and_nobody_tries_without_end(self, case, colleague: User) -> None:
        with pytest.raises(RuleViolation) as refusal:
            take_over(case, colleague, reason="  ")
        assert refusal.value.field == "reason"
        with pytest.raises(RuleViolation):
            take_over(case, case.applicant)
        for _each in range(handing_over.MOST_TAKEOVERS):
            first = take_over(case, colleague)
            assert take_over(case, colleague) == first
            stop_handover(**which(case, case.applicant))
        with pytest.raises(RuleViolation, match="maand"):
            take_over(case, colleague)

    def test_it_opens_nothing(self, case, colleague: User) -> None:
        """Rules 14 and 38: neither for assessment nor anything else."""
        handover = take_over(case, colleague)
        before = may_ask_others.allows(colleague, case)
        complete_takeover(handover_id=handover.pk, at=AT + WAIT)
        assert (before, may_ask_others.allows(colleague, case)) == (True, True)
        assert not may_read.allows(colleague, case)

    @pytest.mark.django_db(transaction=True)
    def test_stopping_at_the_last_moment_and_taking_effect_are_never_both(self) -> None:
        case = scenarios.written()
        colleague = speaker_for(case.lead)
        handover = take_over(case, colleague)
        race(
            lambda: complete_takeover(handover_id=handover.pk, at=AT + WAIT),
            lambda: stop_handover(**which(case, case.applicant, AT + WAIT)),
        )
        state = Handover.objects.get().state
        assert (state, contact(case)) in {("done", colleague), ("stopped", case.applicant)}
        assert bool(mailed("contact_changed")) != bool(mailed("contact_stays"))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("handover_taken_over_after_a_wait_and_with_a_reason", {"takes_effect_at": AT + WAIT - SECOND}),
        ("handover_taken_over_after_a_wait_and_with_a_reason", {"reason": ""}),
        ("handover_settled_at_a_moment", {"state": "done"}),
    ],
)
def test_the_database_keeps_it(case, colleague: User, name: str, values: dict[str, Any]) -> None:
    handover = take_over(case, colleague)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(**values)


def test_one_is_open_and_to_somebody_else(case, colleague: User) -> None:
    """``handover_one_open_per_application`` and ``handover_to_somebody_else``."""
    handover = take_over(case, colleague)
    with pytest.raises(IntegrityError, match="handover_to_somebody_else"), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(holder=colleague)
    handover.pk = None
    with pytest.raises(IntegrityError, match="handover_one_open_per_application"), transaction.atomic():
        handover.save(force_insert=True)


class TestPage:
    def page(self, case: Any) -> str:
        return reverse("applications:contact", args=[case.reference])

    def test_a_colleague_takes_over_and_the_holder_stops_it_with_one_button(
        self, client: Client, case, colleague: User
    ) -> None:
        log_in(client, colleague)
        assert "Overnemen van wie vertrok" in page_text(client.get(self.page(case)))
        empty = client.post(self.page(case), {"button": "take_over", "reason": ""})
        assert (empty.status_code, Handover.objects.exists()) == (422, False)
        typed = {"button": "take_over", "reason": "Vertrokken"}
        assert "Iedereen met een rol is gewaarschuwd" in page_text(
            client.post(self.page(case), typed, follow=True)
        )
        log_in(client, case.applicant)
        assert "Cor Collega (fictief) neemt het over" in page_text(client.get(self.page(case)))
        room = reverse("applications:coalition", args=[case.reference])
        assert "Er wordt iemand anders contactpersoon" in page_text(client.get(room))
        said = page_text(client.post(self.page(case), {"button": "stop"}, follow=True))
        assert "Het gaat niet door" in said
        assert "Dit was al afgehandeld" in page_text(
            client.post(self.page(case), {"button": "stop"}, follow=True)
        )

    def test_the_holder_hands_over_and_the_colleague_says_yes(
        self, client: Client, case, colleague: User
    ) -> None:
        log_in(client, case.applicant)
        client.post(self.page(case), {"button": "offer", "to": str(colleague.pk)})
        assert client.post(self.page(case), {"button": "accept"}).status_code == 404
        log_in(client, colleague)
        assert "U bent nu contactpersoon" in page_text(
            client.post(self.page(case), {"button": "accept"}, follow=True)
        )
        assert contact(case) == colleague

    @pytest.mark.parametrize("to", ["", "x", "999999"])
    def test_bad_input_is_said_at_its_field(self, client: Client, case, colleague: User, to: str) -> None:
        log_in(client, case.applicant)
        shown = client.post(self.page(case), {"button": "offer", "to": to})
        assert (shown.status_code, list(shown.context["offer"].errors)) == (422, ["to"])

    def test_enter_and_an_unknown_button_do_nothing(self, client: Client, case, colleague: User) -> None:
        """Rule 30."""
        log_in(client, colleague)
        assert client.post(self.page(case), {"reason": "Vertrokken"}).status_code == 200
        assert not Handover.objects.exists()

    def test_who_writes_along_finds_no_such_page(self, client: Client, case) -> None:
        """Rule 26."""
        log_in(client, joined(case))
        assert client.get(self.page(case)).status_code == 404
        shown = page_text(client.get(reverse("applications:coalition", args=[case.reference])))
        assert "Overdragen of overnemen" not in shown


class TestMails:
    """What reaches people of whom somebody only typed the address, and who was ended (rules 27, 33 and 39)."""

    def test_handing_to_and_fro_has_an_end(self, case, colleague: User) -> None:
        both = [case.applicant, colleague]
        for number in range(handing_over.MOST_A_DAY):
            holder, to = both[number % 2], both[(number + 1) % 2]
            offer(case, to, actor=holder)
            answer_offer(accepts=True, **which(case, to))
        with pytest.raises(TooMuch) as refused:
            offer(case, colleague)
        assert (refused.value.field, len(mailed("contact_changed"))) == ("to", 4)
        kind = OutgoingMail.objects.filter(kind="contact_changed", recipient=case.people.leader_email)
        assert kind.count() == handing_over.MOST_A_DAY
        assert offer(case, colleague, at=AT + timedelta(days=1)).pk

    def test_who_was_ended_hears_no_more(self, case, colleague: User) -> None:
        Representative.objects.filter(user=case.applicant).update(ended_at=AT, ended_by=colleague)
        # Nor by saying so anew.
        Representative.objects.create(organisation=case.lead, user=case.applicant, since_at=AT)
        # Also where they stand in it as main applicant, as whoever began it does.
        ApplicationPeople.objects.filter(application=case.pk).update(
            main_applicant_email=case.applicant.email
        )
        taken = take_over(case, colleague)
        complete_takeover(handover_id=taken.pk, at=AT + WAIT)
        assert case.applicant.email not in mailed("contact_taken_over") | mailed("contact_changed")
        assert colleague.email in mailed("contact_changed")

    def test_a_reason_makes_no_link_in_a_mail(self, case, colleague: User) -> None:
        take_over(case, colleague, reason="Zie http://elders.example/x")
        bodies = OutgoingMail.objects.filter(kind="contact_taken_over", recipient=case.applicant.email)
        assert [("http://elders" in each.body, "elders" in each.body) for each in bodies] == [(False, True)]

    def test_a_partner_whose_new_contact_person_was_not_asked_hears_nothing(
        self, case, colleague: User
    ) -> None:
        partner = case.partners[0]
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        take_over(case, colleague)
        assert partner.contact_email in mailed("contact_taken_over")
        change_contact(
            participation_id=partner.pk,
            contact_name="Nieuw",
            contact_email="nieuw@partner.example",
            actor=case.applicant,
            at=AT,
        )
        stop_handover(**which(case, case.applicant))
        assert mailed("contact_stays") & {partner.contact_email, "nieuw@partner.example"} == set()

    def test_what_is_offered_stands_on_the_start_page_of_who_answers(
        self, client: Client, case, colleague: User
    ) -> None:
        offer(case, colleague)
        for user, is_there in ((colleague, True), (case.applicant, False)):
            log_in(client, user)
            shown = page_text(client.get(reverse("website:start")))
            assert ("Wordt u de contactpersoon?" in shown) is is_there

    def test_taking_over_and_being_stopped_has_an_end_in_all_drafts_together(
        self, case, colleague: User
    ) -> None:
        drafts = [
            case,
            *(
                scenarios.written(
                    coalition_name=f"Coalitie {number} (fictief)",
                    applicant=case.applicant,
                    lead=case.lead,
                    call=case.call,
                    region=case.coalition.region,
                )
                for number in range(handing_over.MOST_A_DAY)
            ),
        ]
        for each in drafts[:-1]:
            take_over(each, colleague)
            stop_handover(**which(each, case.applicant))
        with pytest.raises(TooMuch):
            take_over(drafts[-1], colleague)


def test_who_names_the_lead_otherwise_is_not_taken_for_who_left() -> None:
    """They are pending under that name, and warned of a takeover as before (rule 39)."""
    case = scenarios.written()
    row = case.applicant.representations.get()
    restate(row, stated(scenarios.facts_of(case.lead)), actor=case.applicant, at=AT)
    assert mailboxes_that_ended(case) == frozenset()
    gone = speaker_for(case.lead)
    end_representation(representative_id=gone.representations.get().pk, reason="", actor=gone, at=AT)
    assert mailboxes_that_ended(case) == {gone.mailbox}
