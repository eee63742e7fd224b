"""Who takes part in a call judges and handles none of its other applications (rules 14 and 29)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.enums import Status
from applications.queries import readable_by
from hubportal.accounts.domain.roles import change_roles, grant_role
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.sweeps.domain.sweeping import run
from organisations.domain.organisations import stated
from organisations.domain.representing import restate
from organisations.models import Representative
from organisations.permissions import may_end, may_settle, may_vouch_as_office
from reviews.barred import barred_from_reviewing
from reviews.domain.interests import declare_interest
from reviews.domain.measuring import record_measure
from reviews.enums import InterestOrigin, TieKind
from reviews.interest_queries import interests_to_settle
from reviews.models import Affiliation, InterestDeclaration
from reviews.permissions import may_end_position, may_note_positions
from reviews.tasks import CONFLICTS, TIED_REVIEWERS
from reviews.ties import Tie, ties_in_short, ties_of, ties_shown
from tests.breaking import force, named
from tests.factories.accounts import log_in, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT, SEALED_AT
from tests.factories.scenarios import (
    assigned,
    committee,
    facts_of,
    open_to,
    sealed,
    started,
    submitted,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

TOLD = "doet mee aan een andere aanvraag van deze oproep, waarover nog niet is besloten"


def has(address: str, *roles: Role) -> User:
    """Somebody whose own address is another spelling of a mailbox."""
    local, _at, domain = address.partition("@")
    return person(*roles, email=f"{local.upper()}+werk@{domain}")


def proved(case: Any, organisation: Any) -> User:
    """Somebody who was vouched for at an organisation, and did nothing in its application."""
    speaker = person()
    Representative.objects.create(
        organisation=organisation,
        user=speaker,
        since_at=AT,
        proof="office",
        proved_at=AT,
        proved_by=case.applicant,
    )
    return speaker


def _colleague_of_who_agreed(case: Any) -> User:
    partner = case.partners[0].organisation
    case.consents.update(user=proved(case, partner), link=None)
    return proved(case, partner)


def _who_named_the_lead_otherwise(case: Any) -> User:
    """They are pending under the name that they typed, and no less of the lead."""
    user = proved(case, case.lead)
    row = user.representations.get()
    force(row, since_at=AT - 2 * DAY)
    restate(Representative.objects.get(pk=row.pk), stated(facts_of(case.lead)), actor=user, at=AT - DAY)
    return user


def _colleague_of_who_agreed_after_another_name(case: Any) -> User:
    partner = case.partners[0].organisation
    agreed = proved(case, partner)
    force(agreed.representations.get(), since_at=AT - 2 * DAY)
    row = Representative.objects.get(user=agreed)
    restate(row, stated(facts_of(partner)), actor=agreed, at=AT - DAY)
    case.consents.update(user=agreed, link=None)
    return proved(case, partner)


def _colleague_of_who_agreed_in_another_mailbox(case: Any) -> User:
    """By a link, logged in or with an account of that address then, which is another one by now."""
    partner = case.partners[0].organisation
    case.consents.update(reader=proved(case, partner))
    return proved(case, partner)


TAKE_PART = {
    "who began it": lambda case: case.created_by.email,
    "who consented": lambda case: case.consents.get().link.email,
    "who signed": lambda case: case.signatures.get(link__isnull=False).link.email,
    "who speaks for the lead": lambda case: proved(case, case.lead).email,
    "who named the lead otherwise since": lambda case: _who_named_the_lead_otherwise(case).email,
    "who speaks for a partner, as somebody who agreed under another name": lambda case: (
        _colleague_of_who_agreed_after_another_name(case).email
    ),
    "who speaks for a partner, as somebody who agreed in another mailbox": lambda case: (
        _colleague_of_who_agreed_in_another_mailbox(case).email
    ),
    "who speaks for a partner, as somebody who agreed": lambda case: _colleague_of_who_agreed(case).email,
}


@pytest.mark.parametrize("how", TAKE_PART)
def test_who_takes_part_in_a_call_is_tied_to_its_other_applications(how: str) -> None:
    own, case = submitted(), sealed()
    rival = has(TAKE_PART[how](own), Role.REVIEWER)
    assert ties_of(rival, case) == {Tie(case.pk, rival.pk, own.lead.pk, TieKind.RIVAL, own.pk)}
    assert TieKind.RIVAL not in {each.kind for each in ties_of(rival, own)}
    assert (case.pk, rival.pk) in barred_from_reviewing([case.pk])


def test_who_is_only_named_by_others_is_not_shut_out_of_a_call() -> None:
    """Nobody chooses who judges their rivals by filling in an address, or by saying to speak for an organisation."""
    own, case = submitted(), sealed()
    force(own.people, leader_email="alleen-genoemd@example.org")
    force(own.consents.get().link, email="elders@example.org")
    for address in ("alleen-genoemd@example.org", own.partners[0].contact_email):
        assert ties_of(has(address, Role.REVIEWER), case) == set()
    says_so = person(Role.OFFICER)
    Representative.objects.create(organisation=own.lead, user=says_so, since_at=AT)
    assert ties_of(says_so, case) == set()
    # Nor by whoever agrees for the organisation in the mailbox that an applicant named.
    assert own.consents.get().link is not None
    assert ties_of(proved(own, own.partners[0].organisation), case) == set()


def test_who_began_a_coalition_with_which_others_go_on_is_not_shut_out() -> None:
    own, case = submitted(), sealed()
    beginner = person(Role.REVIEWER)
    force(own.coalition, created_by=beginner)
    assert ties_of(beginner, case) == set()


def test_what_is_decided_or_of_another_call_ties_to_no_rival_but_what_was_withdrawn_does() -> None:
    """Else one withdraws, decides on the others, and puts the own one back."""
    own, case = submitted(), sealed()
    elsewhere = sealed(call=CallFactory.create(reference_prefix="ANDERS"))
    rival = own.applicant
    assert [each.application for each in ties_of(rival, case)] == [case.pk]
    assert ties_of(rival, elsewhere) == set()
    force(own, status=Status.WITHDRAWN)
    assert [each.application for each in ties_of(rival, case)] == [case.pk]
    force(own, status=Status.GRANTED)
    assert ties_of(rival, case) == set()


def test_who_begins_an_application_of_their_own_reads_the_others_no_more() -> None:
    case = assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    assert readable_by(reviewer).filter(pk=case.pk).exists()
    started(call=case.call).writers.create(user=reviewer)
    access, assignment = case.reading_access.get(user=reviewer), case.assignments.get(reviewer=reviewer)
    assert {*every_violation()} >= {
        *named(29, "opens an application to somebody tied to it", access),
        *named(29, "is of a reviewer who is tied to the application", assignment),
    }
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 1
    assert not readable_by(reviewer).exists()
    assert case.assignments.get(reviewer=reviewer).ended_at == SEALED_AT
    counting = InterestDeclaration.objects.get(application=case, user=reviewer, replaced_at=None)
    assert (counting.has_interest, counting.origin, counting.explanation) == (
        True,
        InterestOrigin.DATA,
        TOLD,
    )
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 0


def test_a_measure_of_the_chair_opens_it_and_names_no_application_of_theirs() -> None:
    own, case, people = submitted(), sealed(), committee()
    officer = has(own.applicant.email, Role.OFFICER)
    declared = declare_interest(
        application_id=case.pk, has_interest=False, explanation="", actor=officer, at=SEALED_AT
    )
    assert (declared.has_interest, declared.explanation) == (True, TOLD)
    assert ties_shown(ties_of(officer, case)) == [("", TOLD)]
    record_measure(declaration_id=declared.pk, measure="Alleen de post.", actor=people.chair, at=SEALED_AT)
    assert readable_by(officer).filter(pk=case.pk).exists()
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 0


@pytest.mark.parametrize("same_lead", [False, True])
def test_a_measure_on_one_rival_does_not_cover_the_next(same_lead: bool) -> None:
    own, case, people = submitted(), sealed(), committee()
    officer = has(own.applicant.email, Role.OFFICER)
    declared = declare_interest(
        application_id=case.pk, has_interest=False, explanation="", actor=officer, at=SEALED_AT
    )
    record_measure(declaration_id=declared.pk, measure="Alleen de post.", actor=people.chair, at=SEALED_AT)
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 0
    following = started(call=case.call)
    following.writers.create(user=officer)
    if same_lead:
        force(following.coalition, lead_organisation=own.lead)
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 1
    assert not readable_by(officer).filter(pk=case.pk).exists()
    # The page of the chair tells nothing by which one could find out in which draft.
    assert str(own.lead.pk) not in ties_in_short(ties_of(officer, case)).split(":")


def test_a_chair_who_takes_part_settles_no_interests_in_the_call() -> None:
    own, case = submitted(), assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buren.", actor=reviewer, at=SEALED_AT
    )
    assert interests_to_settle(person(Role.CHAIR)).exists()
    assert not interests_to_settle(has(own.applicant.email, Role.CHAIR)).exists()


def test_an_officer_to_whom_it_was_open_handles_no_rival_once_they_take_part() -> None:
    own, case, people = submitted(), sealed(), committee()
    open_to(case, people.officer, at=SEALED_AT)
    own.writers.create(user=people.officer)
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 1
    assert not readable_by(people.officer).exists()


def test_an_officer_who_takes_part_settles_nobody_who_speaks_for_an_organisation() -> None:
    """Not even where no rival is: which are missing would tell who drafts (rule 26)."""
    own, rival = submitted(), started()
    officer, colleague = person(Role.OFFICER), person(Role.OFFICER)
    speaker = proved(rival, rival.lead).representations.get()
    claim = Representative.objects.create(organisation=rival.lead, user=person(), since_at=AT)
    for may, row in ((may_end, speaker), (may_settle, speaker), (may_vouch_as_office, claim)):
        assert may.allows(officer, row)
    own.writers.create(user=officer)
    for may, row in ((may_end, speaker), (may_settle, speaker), (may_vouch_as_office, claim)):
        assert (may.allows(officer, row), may.allows(colleague, row)) == (False, True)
    # Once that call is over they do again.
    force(own, status=Status.GRANTED)
    assert may_end.allows(officer, speaker)


def test_who_gives_a_role_reads_first_for_whom_somebody_speaks_and_where_they_take_part(
    client: Client,
) -> None:
    """Of a draft nothing is told (rule 26)."""
    own = submitted()
    log_in(client, person(Role.ADMINISTRATOR))
    address = reverse("admin:person", args=[own.applicant.pk])
    speaks = ("Spreekt voor", own.lead.name)
    how = "Doet of deed mee aan een aanvraag van"
    assert client.get(address).context["known"] == [speaks, (how, own.call.title)]
    # Nor what became of it.
    force(own, status=Status.WITHDRAWN)
    assert client.get(address).context["known"] == [speaks, (how, own.call.title)]
    drafting = started(call=own.call)
    address = reverse("admin:person", args=[drafting.applicant.pk])
    assert client.get(address).context["known"] == [("Spreekt voor", drafting.lead.name)]
    # Also of who holds a role and did not set up the second step yet.
    RoleGrant.objects.create(user=drafting.applicant, role=Role.OFFICER, granted_at=AT)
    shown = client.get(address)
    assert shown.context["known"] == [("Spreekt voor", drafting.lead.name)]
    assert "nog geen extra inlogcode" in page_text(shown)


def test_who_begins_an_application_before_they_declared_anything_gives_the_work_back() -> None:
    case = assigned()
    assignment = case.assignments.order_by("pk")[0]
    reviewer = assignment.reviewer
    force(assignment, completed_at=None)
    case.interest_declarations.filter(user=reviewer).delete()
    case.reading_access.filter(user=reviewer).delete()
    assert run(TIED_REVIEWERS, now=lambda: SEALED_AT) == 0
    started(call=case.call).writers.create(user=reviewer)
    assert run(TIED_REVIEWERS, now=lambda: SEALED_AT) == 1
    assignment.refresh_from_db()
    assert (assignment.ended_at, assignment.ended_because) == (SEALED_AT, "interest")
    assert InterestDeclaration.objects.get(application=case, user=reviewer).origin == InterestOrigin.DATA
    assert run(TIED_REVIEWERS, now=lambda: SEALED_AT) == 0


def test_who_stops_speaking_after_it_was_submitted_judges_no_rival_of_it() -> None:
    own, case = submitted(), sealed()
    rival = has(proved(own, own.lead).email, Role.REVIEWER)
    spoke = Representative.objects.filter(user__mailbox=rival.mailbox, organisation=own.lead)
    ended = {"ended_by": person(Role.OFFICER), "end_reason": "Weg."}
    assert own.submitted_at is not None
    spoke.update(ended_at=own.submitted_at + timedelta(seconds=1), **ended)
    assert TieKind.RIVAL in {each.kind for each in ties_of(rival, case)}
    spoke.update(ended_at=own.submitted_at)
    assert ties_of(rival, case) == set()


def test_who_agreed_for_a_partner_frees_no_colleague_by_stopping_afterwards() -> None:
    own, case = submitted(), sealed()
    partner = own.partners[0].organisation
    agreed_by = proved(own, partner)
    own.consents.update(user=agreed_by, link=None)
    colleague = proved(own, partner)
    spoke = Representative.objects.filter(user=agreed_by)
    ended = {"ended_by": agreed_by, "end_reason": "Weg."}
    answered_at = own.consents.get().answered_at
    spoke.update(ended_at=answered_at + timedelta(seconds=1), **ended)
    assert TieKind.RIVAL in {each.kind for each in ties_of(colleague, case)}
    # Who had stopped before agreed for the place alone.
    spoke.update(ended_at=answered_at)
    assert ties_of(colleague, case) == set()


def test_who_speaks_for_a_partner_and_agrees_by_the_mailed_link_agrees_for_it() -> None:
    own, case = submitted(), sealed()
    place = own.partners[0]
    colleague = proved(own, place.organisation)
    assert ties_of(colleague, case) == set()
    # Of another place that only has the same contact, nobody agreed.
    other = proved(own, own.lead)
    force(place, mailbox=other.mailbox)
    assert ties_of(colleague, case) == set()
    force(place, mailbox=proved(own, place.organisation).mailbox)
    assert TieKind.RIVAL in {each.kind for each in ties_of(colleague, case)}


def test_an_administrator_who_takes_part_notes_positions_of_nobody_else() -> None:
    own = submitted()
    administrator, reviewer = person(Role.ADMINISTRATOR), person(Role.REVIEWER)
    position = Affiliation.objects.create(user=reviewer, organisation=own.lead, kind="board", noted_at=AT)
    assert may_note_positions.allows(administrator, reviewer)
    assert may_end_position.allows(administrator, position)
    own.writers.create(user=administrator)
    assert not may_note_positions.allows(administrator, reviewer)
    assert not may_end_position.allows(administrator, position)
    assert may_note_positions.allows(administrator, administrator)


def test_an_administrator_who_takes_part_gives_and_takes_no_roles() -> None:
    """Else they choose who judges their rivals: whose role ends gives their work back."""
    own = submitted()
    administrator, reviewer, friend = person(Role.ADMINISTRATOR), person(Role.REVIEWER), person()
    own.writers.create(user=administrator)
    for change in (
        partial(change_roles, user=reviewer, roles=[]),
        partial(change_roles, user=friend, roles=[Role.REVIEWER]),
        partial(grant_role, user=friend, role=Role.OFFICER),
    ):
        with pytest.raises(RuleViolation, match="U doet zelf mee") as refusal:
            change(actor=administrator, at=AT)
        assert refusal.value.field == "roles"
    assert (reviewer.roles, friend.roles) == ({Role.REVIEWER}, frozenset())
    # What changes nothing is refused to nobody.
    change_roles(user=reviewer, roles=[Role.REVIEWER], actor=administrator, at=AT)
