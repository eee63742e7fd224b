"""Undoing that somebody was given a draft: until when, who may, and who goes with them (rule 41)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.domain.drafting import save_section
from applications.permissions import may_read_draft, may_submit
from coalitions.domain.correcting import rename_coalition
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import confirm_colleague, dispute_colleague, end_representation
from organisations.enums import Standing
from organisations.models import Representative
from takeovers.domain.deciding import undo_takeover
from takeovers.invariants import violations
from takeovers.models import Takeover
from takeovers.queries import ended_before
from takeovers.undoing import came_in_by, has_acted
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import (
    RepresentativeFactory,
    office,
    pending_for,
    speaker_for,
)
from tests.factories.taking_over import DECIDE_AT, claim_by, claimant, granted, warned
from tests.racing import held_open
from tests.takeovers.test_deciding import contact, mailed, rename

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class TestUndo:
    def undo(self, takeover: Takeover, actor: User, **values: Any) -> Takeover:
        how = {"reason": "Ik ben er weer", "at": DECIDE_AT + SECOND, **values}
        return undo_takeover(takeover_id=takeover.pk, actor=actor, **how)

    @pytest.mark.parametrize("who", ["holder", "office"])
    def test_it_is_undone_until_the_new_holder_acts(self, case, newcomer: User, takeover, who: str) -> None:
        granted(takeover)
        actor = case.applicant if who == "holder" else office()
        first = self.undo(takeover, actor)
        assert self.undo(takeover, actor) == first
        assert (may_read_draft.allows(newcomer, case), contact(case)) == (False, case.applicant)
        assert {newcomer.email, case.people.leader_email} <= mailed("takeover_undone")
        takeover.refresh_from_db()
        assert list(ended_before(takeover).values_list("end_reason", flat=True)) == ["Ik ben er weer"]

    def test_not_once_they_wrote_or_asked_something(self, case, newcomer: User, takeover: Takeover) -> None:
        takeover = granted(takeover)
        assert has_acted(takeover) is False
        section = case.sections.first()
        save_section(
            reference=case.reference,
            key=section.spec.key,
            text="Ander woord",
            seen_version=section.version,
            actor=newcomer,
            at=DECIDE_AT + SECOND,
        )
        assert has_acted(takeover) is True
        for actor in (case.applicant, office()):
            with pytest.raises(RuleViolation):
                self.undo(takeover, actor, at=DECIDE_AT + 2 * SECOND)
        assert may_submit.allows(newcomer, case)

    def test_not_once_they_wrote_in_something_else_that_the_organisation_leads(
        self, case, newcomer: User, takeover
    ) -> None:
        """That opened with it."""
        other = scenarios.written(
            lead=case.lead,
            applicant=case.applicant,
            region=case.coalition.region,
            coalition_name="Andere (fictief)",
        )
        takeover = granted(takeover)
        section = other.sections.first()
        save_section(
            reference=other.reference,
            key=section.spec.key,
            text="Ander woord",
            seen_version=section.version,
            actor=newcomer,
            at=DECIDE_AT + SECOND,
        )
        assert has_acted(takeover) is True

    def test_not_by_who_was_given_it_nor_by_who_came_after(self, case, newcomer: User, takeover) -> None:
        granted(takeover)
        late = RepresentativeFactory.create(organisation=case.lead, proved_at=DECIDE_AT + SECOND).user
        for actor in (newcomer, late, joined(case), UserFactory.create()):
            with pytest.raises(NotAllowed):
                self.undo(takeover, actor)

    def test_whom_they_confirmed_goes_with_them_one_after_another(
        self, case, newcomer: User, takeover
    ) -> None:
        """Who came in by them could confirm them anew."""
        takeover = granted(takeover)
        friend, friend_of_friend, own = (pending_for(case.lead) for _each in range(3))
        for later, (who, by) in enumerate(((friend, newcomer), (friend_of_friend, friend)), start=1):
            confirm_colleague(
                representative_id=claim_by(who).pk, actor=by, at=DECIDE_AT + later * timedelta(milliseconds=1)
            )
        confirm_colleague(representative_id=claim_by(own).pk, actor=case.applicant, at=DECIDE_AT + SECOND)
        assert [each.user for each in came_in_by(takeover)] == [newcomer, friend, friend_of_friend]
        rename(newcomer, case.lead)
        self.undo(takeover, case.applicant, at=DECIDE_AT + 2 * SECOND)
        left = [each for each in (newcomer, friend, friend_of_friend, own) if may_submit.allows(each, case)]
        assert left == [own]
        assert list(violations()) == []

    def test_not_once_who_they_confirmed_did_something(self, case, newcomer: User, takeover) -> None:
        takeover = granted(takeover)
        friend = pending_for(case.lead)
        confirm_colleague(
            representative_id=claim_by(friend).pk, actor=newcomer, at=DECIDE_AT + timedelta(milliseconds=1)
        )
        assert has_acted(takeover) is False
        rename_coalition(
            coalition_id=case.coalition_id,
            name="Anders (fictief)",
            seen=case.coalition.name,
            actor=friend,
            at=DECIDE_AT + SECOND,
        )
        assert has_acted(takeover) is True
        # Nor by stopping afterwards.
        [row] = Representative.objects.filter(user=friend, organisation=case.lead)
        end_representation(representative_id=row.pk, reason="", actor=friend, at=DECIDE_AT + 2 * SECOND)
        assert has_acted(takeover) is True

    def test_of_whom_they_said_that_they_are_nobody_is_so_no_more(
        self, case, newcomer: User, takeover
    ) -> None:
        """Else the account holder could vouch for nobody."""
        takeover = granted(takeover)
        [holder] = Representative.objects.filter(user=case.applicant, organisation=case.lead)
        dispute_colleague(
            representative_id=holder.pk,
            reason="Nooit gezien (fictief).",
            actor=newcomer,
            at=DECIDE_AT + SECOND,
        )
        self.undo(takeover, case.applicant, at=DECIDE_AT + 2 * SECOND)
        holder.refresh_from_db()
        assert (holder.standing, holder.contest_reason) == (Standing.PROVED, "")

    @pytest.mark.django_db(transaction=True)
    def test_what_waited_while_it_was_undone_is_not_done_any_more(self) -> None:
        """Rule 22: who may is asked once the lock is there, not before."""
        case = scenarios.written()
        newcomer = claimant(case)
        takeover = granted(warned(case, newcomer))
        section = case.sections.first()
        with held_open(lambda: self.undo(takeover, case.applicant)) as meanwhile:
            late = meanwhile(
                lambda: save_section(
                    reference=case.reference,
                    key=section.spec.key,
                    text="Gekaapt (fictief)",
                    seen_version=section.version,
                    actor=newcomer,
                    at=DECIDE_AT + 2 * SECOND,
                )
            )
            assert late.waits()
        with pytest.raises(NotAllowed):
            late.result()
        section.refresh_from_db()
        assert "Gekaapt" not in section.text

    def test_who_left_meanwhile_does_not_become_the_contact_person_again(self, case, takeover) -> None:
        colleague = speaker_for(case.lead)
        granted(takeover)
        [holder] = Representative.objects.filter(user=case.applicant, organisation=case.lead)
        end_representation(representative_id=holder.pk, reason="Vertrokken", actor=office(), at=DECIDE_AT)
        self.undo(takeover, office())
        assert contact(case) == colleague
        [mail] = OutgoingMail.objects.filter(kind="takeover_undone", recipient=colleague.email)
        assert f"De contactpersoon is {colleague.full_name}." in mail.body

    def test_who_undoes_it_becomes_the_contact_person_before_others(self, case, takeover) -> None:
        _first, colleague = (speaker_for(case.lead, full_name=f"{each} (fictief)") for each in ("Aad", "Zus"))
        granted(takeover)
        [holder] = Representative.objects.filter(user=case.applicant, organisation=case.lead)
        end_representation(representative_id=holder.pk, reason="Vertrokken", actor=office(), at=DECIDE_AT)
        self.undo(takeover, colleague)
        assert contact(case) == colleague

    def test_a_reason_is_needed(self, case, takeover: Takeover) -> None:
        granted(takeover)
        with pytest.raises(RuleViolation) as refusal:
            self.undo(takeover, case.applicant, reason="\u200b")
        assert refusal.value.field == "reason"

    def test_who_is_proved_otherwise_keeps_that(self, case, newcomer: User, takeover: Takeover) -> None:
        confirm_colleague(representative_id=claim_by(newcomer).pk, actor=case.applicant, at=AT)
        granted(takeover)
        self.undo(takeover, case.applicant)
        assert (may_submit.allows(newcomer, case), contact(case)) == (True, case.applicant)
