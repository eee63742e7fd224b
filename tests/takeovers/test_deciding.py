"""Stopping, granting and refusing a request for a draft, and undoing it: who may, when, and what is lost by a lie (rule 41)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from applications.domain.collaborating import accept_invitation
from applications.domain.handing_over import offer_contact
from applications.domain.submitting import submit
from applications.models import Application, Consent, Handover
from applications.permissions import may_read_draft, may_submit
from applications.queries.handovers import contact_of
from calls.domain.rounds import round_for
from coalitions.domain.correcting import correct_own_organisation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from hubportal.office.queries import mails_open_to
from organisations.domain.claiming import claim_organisation
from organisations.domain.representing import confirm_colleague, dispute_colleague, end_representation
from organisations.enums import Standing
from organisations.models import Organisation, Representative
from organisations.permissions import may_vouch_as_office
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.enums import AffiliationKind
from takeovers.domain.deciding import TooEarly, state_of, stop_takeover
from takeovers.domain.waiting import tell_of_the_end
from takeovers.invariants import violations
from takeovers.models import Takeover
from takeovers.permissions import may_decide_takeover
from takeovers.queries import (
    MOST_WARNED_A_DAY,
    asked_before,
    shown_in_draft,
    takeovers_to_tell,
    takeovers_to_warn_of,
    to_decide,
)
from tests.applications.collaborating import invited, joined
from tests.applications.leading import taken
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.drafts import consented, facts_of
from tests.factories.moments import AT
from tests.factories.organisations import (
    OrganisationFactory,
    RepresentativeFactory,
    office,
    pending_for,
    speaker_for,
)
from tests.factories.taking_over import (
    DECIDE_AT,
    TELL_AT,
    asked,
    claim_by,
    claimant,
    granted,
    refused,
    warned,
)
from tests.racing import race

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def rename(who: User, organisation: Organisation) -> None:
    """Let somebody name the organisation for which they say to speak otherwise."""
    correct_own_organisation(
        representative_id=Representative.objects.get(user=who, ended_at=None).pk,
        facts=replace(facts_of(organisation), name="Ministerie van Verzinsels (fictief)"),
        actor=who,
        at=AT,
    )


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


def contact(case: Any) -> User:
    case.refresh_from_db()
    return contact_of(case)


def told(takeover: Takeover) -> tuple[str, Any]:
    takeover.refresh_from_db()
    return takeover.state, takeover.told_at


class TestGrant:
    def test_who_is_given_it_speaks_for_the_lead_and_nobody_loses_a_right(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        assert not may_read_draft.allows(newcomer, case)
        first = granted(takeover)
        assert granted(takeover) == first
        assert (may_submit.allows(newcomer, case), may_submit.allows(case.applicant, case)) == (True, True)
        assert (contact(case), told(takeover)) == (newcomer, ("granted", DECIDE_AT))
        assert {case.applicant.email, case.people.leader_email} <= mailed("takeover_granted")
        assert mailed("takeover_yours") == {newcomer.email}
        acts = AuditEvent.objects.filter(act__startswith="takeovers.").order_by("pk")
        assert list(acts.values_list("act", "actor_id")) == [
            ("takeovers.asked", newcomer.pk),
            ("takeovers.warned", None),
            ("takeovers.settled", office().pk),
        ]

    def test_not_a_second_before_the_wait_is_over(self, case, takeover: Takeover) -> None:
        for act in (granted, refused):
            with pytest.raises(TooEarly):
                act(takeover, at=DECIDE_AT - SECOND)
        assert list(to_decide(office(), at=DECIDE_AT - SECOND)) == []
        assert list(to_decide(office(), at=DECIDE_AT)) == [takeover]

    def test_a_reason_is_needed(self, takeover: Takeover) -> None:
        for act in (granted, refused):
            with pytest.raises(RuleViolation) as refusal:
                act(takeover, reason=" \u200b")
            assert refusal.value.field == "reason"

    def test_nobody_else_decides(self, case, newcomer: User, takeover: Takeover) -> None:
        for actor in (newcomer, case.applicant, person(Role.CHAIR), person(Role.ADMINISTRATOR)):
            with pytest.raises(NotAllowed):
                granted(takeover, actor=actor)

    def test_what_came_in_since_the_page_was_shown_is_read_first(
        self, case, newcomer: User, takeover
    ) -> None:
        seen = state_of(takeover)
        dispute_colleague(
            representative_id=claim_by(newcomer).pk, reason="Ken ik niet", actor=case.applicant, at=AT
        )
        with pytest.raises(NewerVersion):
            granted(takeover, seen=seen)
        seen = state_of(takeover)
        warned(case, claimant(case))
        with pytest.raises(NewerVersion):
            granted(takeover, seen=seen)

    def test_a_name_that_the_office_did_not_read_is_read_first(self, case, newcomer: User, takeover) -> None:
        """Rule 27: that name would stand on what they begin."""
        seen = state_of(takeover)
        rename(newcomer, case.lead)
        with pytest.raises(NewerVersion):
            granted(takeover, seen=seen)
        assert granted(takeover).state == "granted"

    def test_of_two_who_ask_each_is_decided_apart(self, case, newcomer: User, takeover: Takeover) -> None:
        other = warned(case, claimant(case))
        granted(takeover)
        refused(other)
        assert (told(takeover)[0], told(other)[0], contact(case)) == ("granted", "refused", newcomer)

    def test_who_stands_for_a_partner_is_not_given_the_lead_s_place(self, case) -> None:
        """Rule 8: by the address of its contact person, or by speaking for it."""
        named, speaking = claimant(case), claimant(case)
        case.partners[0].contact_email = case.partners[0].mailbox = named.email
        case.partners[0].save()
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=speaking)
        for each in (named, speaking):
            with pytest.raises(RuleViolation, match="partner"):
                granted(warned(case, each))
        assert contact(case) == case.applicant

    @pytest.mark.parametrize(
        "how", ["writes along", "agreed", "agreed through a link", "agreed while logged in"]
    )
    def test_nor_is_who_writes_or_agreed_for_one(self, case, newcomer: User, takeover, how: str) -> None:
        partner = case.partners[0]
        if how == "writes along":
            row = invited(case, newcomer.email, participation_id=partner.pk)
            accept_invitation(key=row.key, actor=newcomer, at=AT)
        else:
            consented(case, partner)
            answer = Consent.objects.get(participation=partner)
            if how == "agreed":
                Consent.objects.filter(pk=answer.pk).update(user=newcomer, link=None)
            elif how == "agreed while logged in":
                Consent.objects.filter(pk=answer.pk).update(reader=newcomer)
            else:
                force(answer.link, email=newcomer.email)
        with pytest.raises(RuleViolation, match="partner"):
            granted(takeover)

    def test_what_was_offered_to_somebody_meanwhile_lapses(self, case, newcomer: User, takeover) -> None:
        colleague = speaker_for(case.lead)
        offer_contact(application_id=case.pk, to_id=colleague.pk, actor=case.applicant, at=AT)
        granted(takeover)
        assert (contact(case), Handover.objects.get().state) == (newcomer, "lapsed")

    def test_who_was_confirmed_by_a_colleague_meanwhile_stays_so(
        self, case, newcomer: User, takeover
    ) -> None:
        confirm_colleague(representative_id=claim_by(newcomer).pk, actor=case.applicant, at=AT)
        granted(takeover)
        assert Representative.objects.get(user=newcomer).proof == "colleague"

    def test_who_no_longer_says_so_or_cannot_log_in_is_not_given_it(self, case, takeover: Takeover) -> None:
        Representative.objects.filter(user=takeover.asked_by).update(ended_at=AT, ended_by=takeover.asked_by)
        with pytest.raises(RuleViolation):
            granted(takeover)
        Representative.objects.filter(user=takeover.asked_by).update(ended_at=None, ended_by=None)
        User.objects.filter(pk=takeover.asked_by_id).update(is_active=False)
        with pytest.raises(RuleViolation):
            granted(takeover)


class TestOfficersWithAnInterest:
    """Rules 14, 27 and 28: of an organisation of the coalition, of the draft, or of who asks."""

    def allowed(self, officer: User, takeover: Takeover) -> bool:
        return may_decide_takeover.allows(officer, takeover)

    def test_who_ever_said_to_speak_for_a_member_or_works_there_does_not_decide(self, case, takeover) -> None:
        free, board, speaking, by_mailbox = (person(Role.OFFICER) for _each in range(4))
        note_affiliation(
            user=board,
            actor=board,
            organisation=case.partners[0].organisation,
            kind=AffiliationKind.BOARD,
            at=AT,
        )
        RepresentativeFactory.create(organisation=case.lead, user=speaking, ended_at=AT, ended_by=speaking)
        other = UserFactory.create(email=by_mailbox.email.replace("@", "+elders@"))
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=other)
        assert [self.allowed(each, takeover) for each in (free, board, speaking, by_mailbox)] == [
            True,
            False,
            False,
            False,
        ]
        with pytest.raises(NotAllowed):
            granted(takeover, actor=board)
        with pytest.raises(NotAllowed):
            refused(takeover, actor=speaking)

    @pytest.mark.parametrize("how", ["organisation", "number", "by name"])
    def test_who_works_there_reads_no_request_of_which_no_draft_was_found(self, how: str) -> None:
        """Nor its mails."""
        organisation = OrganisationFactory.create()
        takeover = warned(None, pending_for(organisation), region=organisation.municipality.region)
        free, board = (person(Role.OFFICER) for _each in range(2))
        named = {
            "organisation": {"organisation": organisation},
            "number": {"kvk_number": organisation.kvk_number, "name": "Anders geschreven"},
            "by name": {"name": organisation.name, "country": "België"},
        }
        assert self.allowed(board, takeover)
        note_affiliation(user=board, actor=board, kind=AffiliationKind.EMPLOYER, at=AT, **named[how])
        assert (self.allowed(free, takeover), self.allowed(board, takeover)) == (True, False)

    def test_who_does_not_decide_reads_none_of_the_mails_about_the_draft(self, case, takeover) -> None:
        free, board = (person(Role.OFFICER) for _each in range(2))
        mails = OutgoingMail.objects.filter(kind="takeover_asked")
        note_affiliation(user=board, actor=board, organisation=case.lead, kind=AffiliationKind.BOARD, at=AT)
        assert mails.exists()
        assert list(mails_open_to(free, mails)) == list(mails)
        assert list(mails_open_to(board, mails)) == []

    def test_who_declared_an_interest_in_another_application_of_the_lead_does_not_decide(self) -> None:
        sealed = scenarios.sealed()
        officer = person(Role.OFFICER)
        declare_interest(
            application_id=sealed.pk, has_interest=True, explanation="Buur.", actor=officer, at=DECIDE_AT
        )
        draft = scenarios.written(
            coalition_name="Nog een (fictief)",
            call=sealed.call,
            applicant=sealed.applicant,
            lead=sealed.lead,
            region=sealed.coalition.region,
        )
        takeover = warned(draft, claimant(draft))
        assert (self.allowed(officer, takeover), self.allowed(office(), takeover)) == (False, True)

    def test_who_is_named_in_the_draft_or_asks_does_not_decide(self, case) -> None:
        named, asking = person(Role.OFFICER), person(Role.OFFICER)
        case.people.leader_email = named.email
        case.people.save()
        RepresentativeFactory.create(
            organisation=case.lead, user=asking, proof="", proved_by=None, proved_at=None
        )
        takeover = warned(case, asking)
        assert [self.allowed(each, takeover) for each in (named, asking, office())] == [False, False, True]


class TestStop:
    def test_who_speaks_for_the_lead_stops_it_and_who_asked_hears_it_when_the_wait_is_over(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        stopped = stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=AT)
        assert stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=AT) == stopped
        assert (told(takeover), case.people.leader_email in mailed("takeover_stopped")) == (
            ("stopped", None),
            True,
        )
        # Rule 26: that somebody said no tells that there is a draft.
        assert (
            newcomer.email in mailed("takeover_stopped"),
            list(takeovers_to_tell(at=TELL_AT - SECOND)),
        ) == (
            False,
            [],
        )
        assert tell_of_the_end(takeover_id=takeover.pk, at=TELL_AT - SECOND) is False
        assert tell_of_the_end(takeover_id=takeover.pk, at=TELL_AT) is True
        assert tell_of_the_end(takeover_id=takeover.pk, at=TELL_AT) is False
        assert (told(takeover), mailed("takeover_closed")) == (("stopped", TELL_AT), {newcomer.email})
        with pytest.raises(RuleViolation):
            granted(takeover)

    def test_a_no_long_after_the_wait_is_told_at_no_moment_of_its_own_either(self, case, takeover) -> None:
        """Rule 26."""
        late = TELL_AT + timedelta(days=20)
        stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=late)
        takeover.refresh_from_db()
        assert takeover.tell_from_at is not None
        assert takeover.tell_from_at.date() > late.date()
        assert tell_of_the_end(takeover_id=takeover.pk, at=late + timedelta(hours=1)) is False
        assert tell_of_the_end(takeover_id=takeover.pk, at=takeover.tell_from_at) is True

    def test_the_no_stands_beside_the_word_of_who_asked(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        """The office reads it where it would confirm the same person elsewhere."""
        stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=AT)
        claim = claim_by(newcomer)
        assert (claim.contested_by, claim.contest_reason) == (
            case.applicant,
            "Zei nee toen deze persoon om een aanvraag van de organisatie vroeg.",
        )
        assert may_vouch_as_office.allows(office(), claim)
        assert OutgoingMail.objects.filter(kind="representation_disputed").count() == 0

    def test_who_ends_their_word_before_the_no_is_not_rid_of_it_and_waits_for_nobody(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        end_representation(representative_id=claim_by(newcomer).pk, reason="", actor=newcomer, at=AT)
        stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=AT + SECOND)
        again = claim_organisation(facts=facts_of(case.lead), actor=newcomer, at=AT + 2 * SECOND)
        assert (again.standing, again.contested_by, again.held_at) == (
            Standing.CONTESTED,
            case.applicant,
            None,
        )
        tell_of_the_end(takeover_id=takeover.pk, at=TELL_AT)
        assert list(asked_before(warned(case, newcomer, at=TELL_AT))) == [takeover]

    def test_whose_word_is_ended_and_said_again_while_it_waits_is_free_once_it_is_settled(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        end_representation(representative_id=claim_by(newcomer).pk, reason="", actor=newcomer, at=AT)
        again = claim_organisation(facts=facts_of(case.lead), actor=newcomer, at=AT + SECOND)
        assert may_vouch_as_office.allows(office(), again) is False
        refused(takeover)
        again.refresh_from_db()
        assert may_vouch_as_office.allows(office(), again) is True

    def test_nobody_else_stops_it(self, case, newcomer: User, takeover: Takeover) -> None:
        """Rule 27: a word alone blocks nothing."""
        strangers = [newcomer, claimant(case), joined(case), speaker_for(case.partners[0].organisation)]
        for actor in [*strangers, office()]:
            with pytest.raises(NotAllowed):
                stop_takeover(takeover_id=takeover.pk, actor=actor, at=AT)

    @pytest.mark.django_db(transaction=True)
    def test_stopping_and_granting_at_one_moment_are_never_both(self) -> None:
        case = scenarios.written()
        takeover = warned(case, claimant(case))
        officer = office()
        race(
            lambda: granted(takeover, actor=officer),
            lambda: stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=DECIDE_AT),
        )
        state = told(takeover)[0]
        assert (state, contact(case)) in {("granted", takeover.asked_by), ("stopped", case.applicant)}


class TestRefuse:
    def test_what_nobody_was_warned_of_is_refused_at_once_and_others_come_to_their_turn(self, case) -> None:
        """Made-up requests would stand in front of an honest one for days."""
        made_up = [asked(case, claimant(case)) for _each in range(MOST_WARNED_A_DAY)]
        honest = asked(case, claimant(case))
        for each in made_up:
            with pytest.raises(TooEarly):
                granted(each, at=AT)
            refused(each, at=AT)
        assert list(takeovers_to_warn_of(at=AT)) == [honest]
        assert (told(made_up[0]), mailed("takeover_stopped")) == (("refused", AT), set())
        warned_of = warned(case, claimant(case))
        with pytest.raises(TooEarly):
            refused(warned_of, at=AT)

    def test_who_asked_reads_the_same_whatever_the_reason(
        self, case, newcomer: User, takeover: Takeover
    ) -> None:
        """Rule 26: as where there is no draft, and where somebody said no."""
        nobody, stopped = (
            claimant(case, full_name=newcomer.full_name),
            claimant(case, full_name=newcomer.full_name),
        )
        case.lead.refresh_from_db()
        other = warned(case, nobody)
        Takeover.objects.filter(pk=other.pk).update(application=None, holder=None)
        other.refresh_from_db()
        third = warned(case, stopped)
        stop_takeover(takeover_id=third.pk, actor=case.applicant, at=AT)
        refused(takeover)
        refused(other)
        tell_of_the_end(takeover_id=third.pk, at=TELL_AT)
        bodies = set(OutgoingMail.objects.filter(kind="takeover_closed").values_list("subject", "body"))
        assert len(bodies) == 1
        assert case.reference not in str(bodies)

    def test_what_the_office_adds_stands_in_the_mail_and_its_reason_does_not(
        self, takeover: Takeover
    ) -> None:
        refused(takeover, reason="Intern (fictief)", answer="Stuur een brief van uw bestuur.")
        body = OutgoingMail.objects.get(kind="takeover_closed").body
        assert ("Stuur een brief van uw bestuur." in body, "Intern" in body) == (True, False)

    def test_there_is_nothing_to_give_without_a_draft(self, case, takeover: Takeover) -> None:
        Takeover.objects.filter(pk=takeover.pk).update(application=None)
        takeover.refresh_from_db()
        with pytest.raises(RuleViolation, match="geen concept"):
            granted(takeover)


def test_a_submission_during_the_wait_ends_it_and_who_asked_is_told_as_of_any_no() -> None:
    case = scenarios.ready()
    takeover = warned(case, claimant(case))
    review_round = round_for(AT, case.call.rounds.all())
    assert review_round is not None
    submit(application_id=case.pk, for_round_id=review_round.pk, actor=case.applicant, at=AT)
    with pytest.raises(RuleViolation):
        granted(takeover)
    with pytest.raises(NotAllowed):
        stop_takeover(takeover_id=takeover.pk, actor=case.applicant, at=AT)
    # It ends at once, and who asked hears it when any other would.
    assert tell_of_the_end(takeover_id=takeover.pk, at=AT) is True
    assert (told(takeover), list(takeovers_to_tell(at=TELL_AT - SECOND))) == (("lapsed", None), [])
    assert tell_of_the_end(takeover_id=takeover.pk, at=TELL_AT) is True
    assert (told(takeover), contact(case)) == (("lapsed", TELL_AT), case.applicant)
    assert mailed("takeover_closed") == {takeover.asked_by.email}


def test_a_submission_long_after_the_wait_is_told_at_no_moment_of_its_own() -> None:
    """Rule 26: seconds after it, that would tell that there is an application."""
    case = scenarios.ready()
    takeover = warned(case, claimant(case))
    review_round = round_for(AT, case.call.rounds.all())
    assert review_round is not None
    submit(application_id=case.pk, for_round_id=review_round.pk, actor=case.applicant, at=AT)
    late = TELL_AT + timedelta(hours=1)
    assert tell_of_the_end(takeover_id=takeover.pk, at=late) is True
    takeover.refresh_from_db()
    assert takeover.tell_from_at is not None
    assert (takeover.told_at, takeover.tell_from_at.date() > late.date()) == (None, True)


def test_a_request_for_what_another_organisation_leads_now_lapses(
    case, newcomer: User, takeover: Takeover
) -> None:
    """Rule 44: who leads now is told nothing of it, and nobody can give what the organisation leads no more."""
    taker = taken(case)
    case = Application.objects.get(pk=case.pk)
    assert not shown_in_draft(taker, case).exists()
    with pytest.raises(NotAllowed):
        stop_takeover(takeover_id=takeover.pk, actor=taker, at=AT)
    assert not to_decide(office(), at=DECIDE_AT).exists()
    with pytest.raises(RuleViolation):
        granted(takeover)
    assert takeover in takeovers_to_tell(at=AT)
    assert tell_of_the_end(takeover_id=takeover.pk, at=AT) is True
    assert told(takeover)[0] == "lapsed"
    assert taker.email not in mailed("takeover_stopped")
    assert list(violations()) == []
