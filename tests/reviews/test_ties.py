"""Ties follow from every address that an application holds: nobody judges what they have a part in (rules 28 and 29)."""

from typing import Any

import pytest

from applications.models import Application
from applications.queries import readable_by
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.sweeps.domain.sweeping import run
from organisations.models import Representative
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.enums import InterestOrigin, TieKind
from reviews.interest_queries import interests_to_settle
from reviews.tasks import CONFLICTS
from reviews.ties import Tie, assessors, ties, ties_of
from tests.breaking import named
from tests.factories.accounts import person
from tests.factories.moments import AT, SEALED_AT
from tests.factories.scenarios import assigned, join, sealed

pytestmark = pytest.mark.django_db

HELD = {
    "the contact of a partner": lambda case: (case.partners[0].contact_email, case.partners[0].organisation),
    "the main applicant": lambda case: (case.people.main_applicant_email, case.lead),
    "the signatory": lambda case: (case.people.signatory_email, case.lead),
    "the project leader": lambda case: (case.people.leader_email, case.people.leader_organisation),
    "who consented": lambda case: (
        case.consents.get().link.email,
        case.partners[0].organisation,
    ),
    "who answered while logged in": lambda case: (_reader(case).email, case.partners[0].organisation),
    "who signed": lambda case: (case.signatures.get(link__isnull=False).link.email, case.lead),
    "who wrote it": lambda case: (case.created_by.email, case.lead),
    "who speaks for a partner": lambda case: (_speaker(case).email, case.partners[0].organisation),
}


def _reader(case: Any) -> User:
    reader = person()
    case.consents.update(reader=reader)
    return reader


def _speaker(case: Any) -> User:
    speaker = person()
    Representative.objects.create(organisation=case.partners[0].organisation, user=speaker, since_at=AT)
    return speaker


def who_has(address: str, role: Role = Role.REVIEWER) -> User:
    """Somebody whose own address is another spelling of a mailbox."""
    local, _at, domain = address.partition("@")
    return person(role, email=f"{local.upper()}+werk@{domain}")


@pytest.mark.parametrize("held", HELD)
def test_a_mailbox_that_the_application_holds_ties_its_owner(held: str) -> None:
    case = sealed()
    address, organisation = HELD[held](case)
    tied = who_has(address)
    kind = TieKind.SPEAKS if held == "who speaks for a partner" else TieKind.NAMED
    assert Tie(case.pk, tied.pk, organisation.pk, kind) in ties(Application.objects.all(), assessors())
    assert organisation.pk in {each.organisation for each in ties_of(tied, case)}


@pytest.mark.parametrize("held", HELD)
def test_who_has_such_a_mailbox_is_never_assigned(held: str) -> None:
    case = sealed()
    tied = who_has(HELD[held](case)[0])
    others = {person(Role.REVIEWER).pk, person(Role.REVIEWER).pk}
    assert assign_reviewers(round_id=case.review_round_id, at=SEALED_AT) == 2
    assert set(case.assignments.values_list("reviewer", flat=True)) == others
    assert tied.pk not in others


def test_the_project_leader_is_not_let_in_whatever_they_declare() -> None:
    case = sealed()
    officer = who_has(case.people.leader_email, Role.OFFICER)
    declared = declare_interest(
        application_id=case.pk, has_interest=False, explanation="", actor=officer, at=SEALED_AT
    )
    assert (declared.has_interest, declared.origin) == (True, InterestOrigin.DATA)
    assert declared.explanation == case.people.leader_organisation.name
    assert not readable_by(officer).exists()


def test_who_comes_to_have_such_a_mailbox_reads_no_more_and_is_named_until_then() -> None:
    case = assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    assert list(every_violation()) == []
    address = case.partners[0].contact_email.upper()
    reviewer.email = address
    reviewer.save()
    access, assignment = case.reading_access.get(user=reviewer), case.assignments.get(reviewer=reviewer)
    assert list(every_violation()) == [
        *named(29, "opens an application to somebody tied to it", access),
        *named(29, "is of a reviewer who is tied to the application", assignment),
    ]
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 1
    assert not readable_by(reviewer).exists()
    assert case.assignments.get(reviewer=reviewer).ended_at == SEALED_AT
    assert list(every_violation()) == []


def test_a_chair_who_is_tied_by_a_mailbox_settles_nothing_there() -> None:
    case = assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buren.", actor=reviewer, at=SEALED_AT
    )
    assert interests_to_settle(person(Role.CHAIR)).exists()
    assert not interests_to_settle(who_has(case.people.leader_email, Role.CHAIR)).exists()


def test_the_contact_of_a_partner_that_joins_after_submission_is_not_tied() -> None:
    """Nobody chooses their reviewers by naming one as a contact."""
    case = sealed()
    late = join(case.coalition_id, case.coalition.region, actor=case.applicant, at=SEALED_AT)
    assert ties_of(who_has(late.contact_email), case) == set()
