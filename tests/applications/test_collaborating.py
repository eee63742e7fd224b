"""People who were invited write or read a draft, and nothing that binds or outlives it (rule 37)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.domain import collaborating
from applications.domain.collaborating import (
    accept_invitation,
    change_right,
    decline_invitation,
    end_collaboration,
)
from applications.domain.consent_states import consent_states
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_people, save_section
from applications.domain.links import RESEND_COOL_DOWN, TooManyMails
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit, withdraw
from applications.enums import CollaborationState, CollaboratorRight, ConsentAnswer
from applications.invariants.parties import violations
from applications.models import Collaborator, Consent
from applications.permissions import may_answer_as_partner, may_manage, may_read_draft, may_write
from applications.queries.collaborators import invitations_for
from applications.queries.receipts import told_of
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from reviews.ties import Tie, ties_of
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.drafts import consented, people_of
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WRITE, READ = CollaboratorRight.WRITE, CollaboratorRight.READ


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def rights(user: User, case: Any) -> tuple[bool, bool, bool]:
    case.refresh_from_db()
    return tuple(each.allows(user, case) for each in (may_read_draft, may_write, may_manage))  # type: ignore[return-value]


class TestInviting:
    def test_whoever_accepts_at_that_mailbox_writes(self, case) -> None:
        user = UserFactory.create(email="hulp@elders.example")
        row = invited(case, "Hulp@elders.example")
        mail = OutgoingMail.objects.get(kind="collaborator_invited")
        assert (mail.recipient, str(row.key) in mail.body) == ("Hulp@elders.example", True)
        assert (list(invitations_for(user)), rights(user, case)) == ([row], (False, False, False))
        accept_invitation(key=row.key, actor=user, at=AT)
        assert rights(user, case) == (True, True, False)
        spec = case.call.sections.first()
        save_section(
            reference=case.reference, key=spec.key, text="Van mij", seen_version=1, actor=user, at=AT
        )
        assert case.sections.get(spec=spec).text == "Van mij"
        assert list(invitations_for(user)) == []

    def test_nobody_else_accepts_or_declines(self, case) -> None:
        """Nor at another spelling, which some hosts give to somebody else (rule 28)."""
        row = invited(case, "hulp+hub@elders.example")
        for other in (UserFactory.create(), UserFactory.create(email="hulp@elders.example")):
            assert list(invitations_for(other)) == []
            for act in (accept_invitation, decline_invitation):
                with pytest.raises(NotAllowed):
                    act(key=row.key, actor=other, at=AT)

    def test_who_reads_only_writes_nothing_until_it_is_changed(self, case) -> None:
        user = joined(case, right=READ)
        assert rights(user, case) == (True, False, False)
        spec = case.call.sections.first()
        with pytest.raises(NotAllowed):
            save_section(reference=case.reference, key=spec.key, text="X", seen_version=1, actor=user, at=AT)
        key = Collaborator.objects.get().key
        change_right(key=key, right=WRITE, actor=case.applicant, at=AT)
        assert rights(user, case) == (True, True, False)

    def test_a_second_click_mails_once_and_later_it_goes_again(self, case) -> None:
        first = invited(case)
        assert invited(case) == first
        assert OutgoingMail.objects.filter(kind="collaborator_invited").count() == 1
        again = invited(case, name="Hanna", right=READ, at=AT + RESEND_COOL_DOWN)
        assert (again.pk, again.name, again.right) == (first.pk, "Hanna", "read")
        assert OutgoingMail.objects.filter(kind="collaborator_invited").count() == 2

    def test_another_right_or_organisation_counts_at_once(self, case) -> None:
        first = invited(case, right=WRITE)
        assert invited(case, right=READ).pk == first.pk
        assert Collaborator.objects.get().right == READ
        assert OutgoingMail.objects.filter(kind="collaborator_invited").count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_two_who_invite_the_same_person_at_once_invite_once(self) -> None:
        case = scenarios.written()
        outcomes = race(*(lambda: invited(case) for _each in range(2)))
        assert {type(each).__name__ for each in outcomes} == {"Collaborator"}
        assert Collaborator.objects.count() == 1

    def test_only_who_speaks_for_the_lead_invites_changes_and_ends(self, case) -> None:
        helper = joined(case)
        pending = UserFactory.create()
        RepresentativeFactory.create(
            user=pending, organisation=case.lead, proof="", proved_by=None, proved_at=None
        )
        key = Collaborator.objects.get().key
        for somebody in (helper, pending, speaker_for(case.partners[0].organisation)):
            with pytest.raises(NotAllowed):
                invited(case, "nog@elders.example", actor=somebody)
            with pytest.raises(NotAllowed):
                change_right(key=key, right=READ, actor=somebody, at=AT)
        with pytest.raises(NotAllowed):
            end_collaboration(key=key, actor=pending, at=AT)

    def test_who_writes_already_and_another_members_contact_are_refused_at_the_field(self, case) -> None:
        partner = case.partners[0]
        helper = joined(case)
        for email in (
            case.applicant.email,
            speaker_for(case.lead).email,
            helper.email,
            partner.contact_email,
        ):
            with pytest.raises(RuleViolation) as refusal:
                invited(case, email)
            assert refusal.value.field == "email"
        assert invited(case, partner.contact_email, participation_id=partner.pk).participation == partner

    def test_an_organisation_outside_the_coalition_is_refused(self, case) -> None:
        elsewhere = scenarios.written(coalition_name="Elders").partners[0]
        with pytest.raises(RuleViolation) as refusal:
            invited(case, participation_id=elsewhere.pk)
        assert refusal.value.field == "participation"

    def test_there_is_an_end_to_people_and_to_mails(self, case, monkeypatch) -> None:
        monkeypatch.setattr(collaborating, "MOST_COLLABORATORS", 1)
        invited(case)
        with pytest.raises(RuleViolation) as refusal:
            invited(case, "nog@elders.example")
        assert refusal.value.field == "email"
        end_collaboration(key=Collaborator.objects.get().key, actor=case.applicant, at=AT)
        monkeypatch.setattr(collaborating, "MOST_EVER", 1)
        with pytest.raises(RuleViolation) as refusal:
            invited(case, "nog@elders.example")
        assert "maximum" in str(refusal.value)
        monkeypatch.setattr(collaborating, "MOST_EVER", 2)
        monkeypatch.setattr("applications.domain.links.MAX_MAILS_PER_PERSON", 1)
        with pytest.raises(TooManyMails):
            invited(case, at=AT + HOUR)


class TestWhatItNeverOpens:
    def test_nothing_that_binds_or_reaches_others(self, case) -> None:
        helper, partner = joined(case), case.partners[0]
        acts = (
            lambda: ask_consent(application_id=case.pk, participation_id=partner.pk, actor=helper, at=AT),
            lambda: remove_asked_partner(
                application_id=case.pk, participation_id=partner.pk, actor=helper, at=AT
            ),
            lambda: withdraw(application_id=case.pk, actor=helper, at=AT),
            lambda: submit(
                application_id=case.pk, for_round_id=case.call.rounds.first().pk, actor=helper, at=AT
            ),
            lambda: save_people(
                application_id=case.pk, values=people_of(case), seen_version=1, actor=helper, at=AT
            ),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize("helps_partner", [True, False])
    def test_who_helps_the_lead_agrees_for_no_partner(self, case, helps_partner: bool) -> None:
        """Rule 8: and somebody of the partner who writes along still answers for their own."""
        partner = case.partners[0]
        speaker = speaker_for(partner.organisation)
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        place = partner.pk if helps_partner else None
        accept_invitation(key=invited(case, speaker.email, participation_id=place).key, actor=speaker, at=AT)

        def answer() -> Any:
            return answer_by_account(
                application_id=case.pk,
                participation_id=partner.pk,
                answer=ConsentAnswer.GIVEN,
                reason="",
                seen_digest=reading_digest(snapshot_of(case)),
                actor=speaker,
                at=AT,
            )

        if helps_partner:
            assert answer().user == speaker
        else:
            with pytest.raises(NotAllowed):
                answer()

    def test_what_a_helper_answered_before_through_an_address_of_theirs_counts_no_more(self, case) -> None:
        """Rule 8, in any order."""
        partner = case.partners[0]
        helper = UserFactory.create()
        EmailAddress.objects.create(user=helper, email=partner.contact_email, verified=True)
        consented(case, partner)
        assert [each.is_valid for each in consent_states(snapshot_of(case))] == [True]
        accept_invitation(key=invited(case, helper.email).key, actor=helper, at=AT)
        [state] = consent_states(snapshot_of(case))
        assert (state.is_valid, state.is_by_other) == (False, True)

    def test_who_helped_the_lead_and_wrote_agrees_for_no_partner_afterwards_either(self, case) -> None:
        """Rule 8: but who was invited in the wrong place and wrote nothing does."""
        partner = case.partners[0]
        writer, mistaken = joined(case), joined(case)
        section = case.sections.first()
        save_section(
            reference=case.reference,
            key=section.spec.key,
            text="Door de helper (fictief)",
            seen_version=section.version,
            actor=writer,
            at=AT,
        )
        for each in (writer, mistaken):
            key = Collaborator.objects.get(application=case, user=each).key
            end_collaboration(key=key, actor=case.applicant, at=AT)
            RepresentativeFactory.create(organisation=partner.organisation, user=each)
        consented(case, partner)
        for each in (writer, mistaken):
            Consent.objects.filter(participation=partner).update(user=each, link=None)
            [state] = consent_states(snapshot_of(case))
            broken = [row for row in violations() if row.rule == 8]
            assert (may_answer_as_partner.allows(each, case), state.is_valid, len(broken)) == (
                each == mistaken,
                each == mistaken,
                int(each == writer),
            )
        type(partner).objects.filter(pk=partner.pk).update(contact_email=writer.email, mailbox=writer.email)
        with pytest.raises(NotAllowed):
            ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)

    def test_a_partner_is_not_asked_at_the_mailbox_of_a_helper(self, case) -> None:
        helper, partner = joined(case), case.partners[0]
        type(partner).objects.filter(pk=partner.pk).update(contact_email=helper.email, mailbox=helper.email)
        with pytest.raises(NotAllowed) as refusal:
            ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        assert refusal.value.field == "contact_email"

    def test_once_it_is_submitted_it_opens_nothing(self) -> None:
        case = scenarios.ready()
        helper, waiting = joined(case), invited(case, "later@elders.example")
        scenarios.submitted(case)
        assert rights(helper, case) == (False, False, False)
        late = UserFactory.create(email="later@elders.example")
        with pytest.raises(RuleViolation):
            accept_invitation(key=waiting.key, actor=late, at=AT)
        assert list(invitations_for(late)) == []

    def test_who_wrote_along_is_tied_and_who_was_only_invited_is_not(self) -> None:
        """Rule 29: else the applicant would choose who judges."""
        case = scenarios.ready()
        writer, asked = person(Role.REVIEWER), person(Role.REVIEWER)
        invited(case, asked.email)
        accept_invitation(key=invited(case, writer.email).key, actor=writer, at=AT)
        scenarios.submitted(case)
        assert ties_of(asked, case) == set()
        assert ties_of(writer, case) == {Tie(case.pk, writer.pk, case.lead.pk, "named")}


@pytest.mark.parametrize("page", ["collaborators", "coalition"])
def test_addresses_are_for_who_speaks_for_the_lead_and_ones_own(client: Client, case: Any, page: str) -> None:
    """Rule 37: names say who takes part."""
    reader, writer = joined(case, right=CollaboratorRight.READ), joined(case, name="Wim Mee (fictief)")
    address = reverse(f"applications:{page}", args=[case.reference])

    def seen(user: User) -> list[bool]:
        text = page_text(log_in(client, user).get(address))
        return [each in text for each in ("Wim Mee (fictief)", reader.email, writer.email)]

    assert [seen(reader), seen(writer), seen(case.applicant)] == [
        [True, True, False], [True, False, True], [True, True, True],
    ]  # fmt: skip


class TestEnding:
    def test_nobody_takes_what_became_of_it_from_who_took_part(self) -> None:
        """Rule 35."""
        case = scenarios.written()
        helper = joined(case)
        case = scenarios.submitted(case)
        key = case.collaborators.get().key
        with pytest.raises(RuleViolation):
            end_collaboration(key=key, actor=case.applicant, at=AT)
        assert [each.pk for each in told_of(helper)] == [case.pk]
        end_collaboration(key=key, actor=helper, at=AT)

    def test_it_ends_by_the_lead_or_by_oneself_and_can_begin_anew(self, case) -> None:
        helper = joined(case)
        key = Collaborator.objects.get().key
        end_collaboration(key=key, actor=helper, at=AT)
        assert rights(helper, case) == (False, False, False)
        assert end_collaboration(key=key, actor=case.applicant, at=AT + HOUR).ended_by == helper
        accept_invitation(key=invited(case, helper.email, at=AT + HOUR).key, actor=helper, at=AT + HOUR)
        assert rights(helper, case) == (True, True, False)

    def test_an_invitation_taken_back_or_declined_is_accepted_no_more(self, case) -> None:
        user = UserFactory.create(email="hulp@elders.example")
        for act, actor in ((decline_invitation, user), (end_collaboration, case.applicant)):
            key = invited(case).key
            act(key=key, actor=actor, at=AT)
            with pytest.raises(RuleViolation):
                accept_invitation(key=key, actor=user, at=AT)
        states = Collaborator.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [CollaborationState.DECLINED, CollaborationState.ENDED]
        with pytest.raises(RuleViolation):
            change_right(key=key, right=READ, actor=case.applicant, at=AT)

    def test_with_a_partner_that_leaves_its_people_leave(self, case) -> None:
        partner = case.partners[0]
        user = joined(case, participation_id=partner.pk)
        case.budget_lines.filter(participation=partner).delete()
        type(case.people).objects.filter(application=case).update(leader_organisation=None)
        remove_asked_partner(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        assert rights(user, case) == (False, False, False)


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "changes"),
        [
            ("collaborator_of_a_known_right", {"right": "own"}),
            ("collaborator_state_as_answered", {"state": "joined"}),
            ("collaborator_ended_by_somebody", {"state": "ended", "ended_at": AT}),
            ("collaborator_reason_of_who_declined", {"declined_because": "Geen tijd."}),
        ],
    )
    def test_a_row_that_cannot_be_is_refused(self, case, name: str, changes: dict[str, Any]) -> None:
        row = invited(case)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Collaborator.objects.filter(pk=row.pk).update(**changes)

    def test_one_mailbox_is_invited_once(self, case) -> None:
        row = invited(case)
        row.pk, row.key = None, uuid4()
        with pytest.raises(IntegrityError, match="collaborator_once_per_mailbox"), transaction.atomic():
            row.save(force_insert=True)


class TestPages:
    def page(self, name: str, case: Any, *more: Any) -> str:
        return reverse(f"applications:{name}", args=[case.reference, *more])

    def test_a_project_leader_of_a_partner_is_offered_invited_and_writes(self, client: Client, case) -> None:
        log_in(client, case.applicant)
        url = self.page("collaborators", case)
        form = client.get(url).context["form"]
        assert form["name"].value() == case.people.leader_name
        sent = {
            "name": "Lea Leider (fictief)",
            "email": "lea@elders.example",
            "participation": case.partners[0].pk,
            "right": "write",
        }
        assert client.post(url, sent).status_code == 302
        told = page_text(client.get(url))
        assert "Lea Leider (fictief)" in told
        assert f"{case.partners[0].stated_name} lea@elders.example uitgenodigd" in told
        leader = UserFactory.create(email="lea@elders.example")
        log_in(client, leader)
        [row] = client.get(reverse("applications:list")).context["invitations"]
        address = reverse("applications:invitation", args=[row.key])
        assert "u stemt nergens mee in" in page_text(client.get(address))
        assert client.post(address, {"answer": "accept"}).url == self.page("overview", case)
        assert "Controleren en indienen" not in page_text(client.get(self.page("overview", case)))
        assert client.get(self.page("read", case)).status_code == 200

    def test_somebody_of_a_partner_who_writes_finds_what_their_organisation_is_asked(
        self, client: Client, case
    ) -> None:
        partner = case.partners[0]
        speaker = speaker_for(partner.organisation)
        accept_invitation(
            key=invited(case, speaker.email, participation_id=partner.pk).key, actor=speaker, at=AT
        )
        log_in(client, speaker)
        told = page_text(client.get(self.page("overview", case)))
        # Who represents the lead is told to nobody else.
        assert ("instemmen" in told, "mag spreken" in told) == (False, False)
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        answer = self.page("consent_account", case, partner.pk)
        assert f'href="{answer}"' in client.get(self.page("overview", case)).content.decode()
        assert client.get(self.page("status", case)).url == answer

    def test_a_mistake_stands_at_its_field_and_keeps_what_was_typed(self, client: Client, case) -> None:
        log_in(client, case.applicant)
        shown = client.post(
            self.page("collaborators", case),
            {"name": "Hanna", "email": case.applicant.email, "participation": "", "right": "read"},
        )
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, ["email"])
        assert shown.context["form"]["name"].value() == "Hanna"

    @pytest.mark.parametrize("right", [WRITE, READ])
    def test_what_each_right_opens_at_every_page(
        self, client: Client, case, right: CollaboratorRight
    ) -> None:
        log_in(client, joined(case, right=right))
        key = case.call.sections.first().key
        open_to_both = ["read", "collaborators"]
        to_write = ["particulars", "budget", "attachments"]
        closed = ["people", "partners", "check", "withdraw"]
        writes = right == WRITE
        answers = {
            name: client.get(self.page(name, case)).status_code for name in open_to_both + to_write + closed
        }
        answers["section"] = client.get(self.page("section", case, key)).status_code
        assert answers == {
            **dict.fromkeys(open_to_both, 200),
            **dict.fromkeys([*to_write, "section"], 200 if writes else 404),
            **dict.fromkeys(closed, 404),
        }
        assert client.post(self.page("submit", case)).status_code == 404

    def test_a_kwartiermaker_of_the_region_reads_what_it_costs_before_answering(
        self, client: Client, case
    ) -> None:
        """Rule 26."""
        mapper, elsewhere = person(Role.KWARTIERMAKER), person(Role.KWARTIERMAKER)
        KwartiermakerAssignmentFactory.create(user=mapper, region=case.coalition.region)
        for user, told in ((mapper, True), (elsewhere, False)):
            log_in(client, user)
            page = client.get(reverse("applications:invitation", args=[invited(case, user.email).key]))
            assert ("ziet u niet meer wat coalities in de regio vragen" in page_text(page)) is told

    def test_another_person_finds_no_invitation(self, client: Client, case) -> None:
        row = invited(case)
        log_in(client, UserFactory.create())
        address = reverse("applications:invitation", args=[row.key])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_takes_the_same_queries_however_many(
        self, client: Client, django_assert_num_queries: Any, case, count: int
    ) -> None:
        for number in range(count):
            joined(case, name=f"Nummer {number}")
        log_in(client, case.applicant)
        with django_assert_num_queries(13):
            client.get(self.page("collaborators", case))


def test_who_declines_says_why_to_who_speaks_for_the_lead_alone(client: Client, case: Any) -> None:
    """Rules 26, 32 and 37."""
    helper, user = joined(case), UserFactory.create()
    page = reverse("applications:invitation", args=[invited(case, user.email).key])
    log_in(client, user)
    long = client.post(page, {"answer": "decline", "reason": "a" * 501})
    assert (long.status_code, "a" * 501 in long.content.decode()) == (422, True)
    assert client.post(page, {"answer": "decline", "reason": "Geen tijd tot juni."}).status_code == 302
    assert Collaborator.objects.get(mailbox=user.mailbox).declined_because == "Geen tijd tot juni."
    pages = [
        reverse(f"applications:{name}", args=[case.reference]) for name in ("collaborators", "coalition")
    ]
    for reader, reads in ((case.applicant, True), (helper, False)):
        log_in(client, reader)
        assert ["Geen tijd tot juni." in page_text(client.get(each)) for each in pages] == [reads, reads]
