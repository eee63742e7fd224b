"""Where two people are named to sign, one reader of both mailboxes does not sign for both (rules 10 and 28)."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from applications.domain.signing import ask_signature, sign_by_account, sign_by_link
from applications.domain.submitting import submit
from applications.enums import LinkPurpose, SigningRole
from hubportal.kernel.errors import RuleViolation
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.scenarios import mailed_link

pytestmark = pytest.mark.django_db
MAIN, OTHER = SigningRole


def second_address(case: Any) -> None:
    """Let the main applicant confirm the signatory's address as one of their account."""
    EmailAddress.objects.create(user=case.applicant, email=case.people.signatory_email, verified=True)


def by_account(case: Any) -> None:
    sign_by_account(application_id=case.pk, role=MAIN, actor=case.applicant, at=AT)


def by_link(case: Any, **who: Any) -> None:
    ask_signature(application_id=case.pk, role=OTHER, actor=case.applicant, at=AT)
    link = mailed_link(case.people.signatory_email, LinkPurpose.SIGN)
    sign_by_link(link=link, name=case.people.signatory_name, at=AT, **who)


def test_with_addresses_of_one_account_it_is_not_submitted() -> None:
    case = scenarios.ready()
    second_address(case)
    with pytest.raises(RuleViolation, match="horen bij één account"):
        submit(
            application_id=case.pk,
            for_round_id=case.call.rounds.get(number=1).pk,
            actor=case.applicant,
            at=AT,
        )


@pytest.mark.parametrize("is_first", [True, False])
def test_who_signed_for_the_one_signs_not_for_the_other_in_either_order(is_first: bool) -> None:
    case = scenarios.submitted(signed=False)
    second_address(case)
    first, second = (by_account, by_link) if is_first else (by_link, by_account)
    first(case)
    with pytest.raises(RuleViolation, match="U ondertekende al als"):
        second(case)
    assert case.signatures.count() == 1


def test_nor_while_logged_in_through_the_mailbox_of_the_other() -> None:
    case = scenarios.submitted(signed=False)
    by_account(case)
    with pytest.raises(RuleViolation, match="Log dan eerst uit"):
        by_link(case, signed_in_as=case.applicant)
    by_link(case, signed_in_as=UserFactory.create())
    assert case.signatures.count() == 2


def test_one_person_in_both_roles_signs_twice() -> None:
    case = scenarios.ready()
    people = case.people
    people.signatory_name, people.signatory_email = people.main_applicant_name, people.main_applicant_email
    people.save()
    scenarios.submitted(case, signed=False)
    by_account(case)
    sign_by_account(application_id=case.pk, role=OTHER, actor=case.applicant, at=AT)
    assert case.signatures.count() == 2
