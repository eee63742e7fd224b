"""One mailbox never holds roles by two accounts: where two people must differ, they would be one (rules 14, 19 and 28)."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from hubportal.accounts.domain.roles import change_roles, grant_role
from hubportal.accounts.enums import Role
from hubportal.accounts.models import KnownAddress, RoleGrant
from hubportal.accounts.queries import is_one_person
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from tests.breaking import force
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db

OTHER_SPELLINGS = ["bo+twee@voorbeeld.example", '"bo"@voorbeeld.example', "BO+x@VOORBEELD.example"]


@pytest.mark.parametrize("address", OTHER_SPELLINGS)
def test_a_second_account_of_a_mailbox_gets_no_role(address: str) -> None:
    """So nobody reviews one application twice, or takes a measure on themselves by another account."""
    person(Role.REVIEWER, email="bo@voorbeeld.example")
    second, administrator = UserFactory.create(email=address), person(Role.ADMINISTRATOR)
    with pytest.raises(RuleViolation) as refused:
        grant_role(user=second, role=Role.CHAIR, actor=administrator, at=AT)
    assert refused.value.field == "roles"
    with pytest.raises(RuleViolation):
        change_roles(user=second, roles=[Role.REVIEWER], actor=administrator, at=AT)
    assert not RoleGrant.objects.filter(user=second).exists()


@pytest.mark.parametrize("how", ["confirmed beside it", "had before"])
def test_nor_does_the_account_of_a_mailbox_that_somebody_in_office_has_or_had_beside_their_own(
    how: str,
) -> None:
    """Else who records a decision takes a second address off, registers with it, and releases the letter."""
    colleague = person(Role.OFFICER)
    if how == "had before":
        KnownAddress.objects.create(
            user=colleague, email="coen2@elders.example", mailbox="coen2@elders.example", is_confirmed=True
        )
    else:
        EmailAddress.objects.create(user=colleague, email="coen2@elders.example", verified=True)
    second = UserFactory.create(email="coen2+x@elders.example")
    with pytest.raises(RuleViolation, match="mailbox"):
        grant_role(user=second, role=Role.RELEASER, actor=person(Role.ADMINISTRATOR), at=AT)
    assert (is_one_person(second, colleague), is_one_person(second, UserFactory.create())) == (True, False)


def test_the_page_of_roles_says_whose_mailbox_it_is(client) -> None:
    person(Role.REVIEWER, email="bo@voorbeeld.example", full_name="Bo Oordeel")
    second = UserFactory.create(email="bo+twee@voorbeeld.example")
    log_in(client, person(Role.ADMINISTRATOR))
    refused = client.post(reverse("admin:person", args=[second.pk]), {"roles": ["reviewer"], "seen": ""})
    assert refused.status_code == 422
    assert "Bo Oordeel (bo@voorbeeld.example)" in refused.content.decode()


def test_roles_of_before_can_still_be_taken_away_and_the_invariants_name_them() -> None:
    first = person(Role.REVIEWER, email="bo@voorbeeld.example")
    second = person(Role.CHAIR, email="bo+twee@voorbeeld.example")
    administrator = person(Role.ADMINISTRATOR)
    named = [(each.rule, each.row) for each in every_violation()]
    assert named == [(28, first.pk), (28, second.pk)]
    change_roles(user=second, roles=[], actor=administrator, at=AT)
    assert list(every_violation()) == []


def test_who_has_a_role_takes_no_mailbox_of_a_colleague_as_their_own(client) -> None:
    person(Role.REVIEWER, email="bo@voorbeeld.example")
    for user, refused in ((person(Role.KWARTIERMAKER), True), (UserFactory.create(), False)):
        log_in(client, user)
        answer = client.post(
            reverse("account_email"), {"action_add": "", "email": "bo+twee@voorbeeld.example"}
        )
        assert (answer.status_code == 200) is refused
        told = "Dit is de mailbox van een collega die een rol heeft." in answer.content.decode()
        assert told is refused


def test_the_mailbox_goes_along_with_the_address() -> None:
    user = UserFactory.create(email="bo@voorbeeld.example")
    user.email = "AN+x@VOORBEELD.example"
    user.save(update_fields=["email"])
    user.refresh_from_db()
    assert (user.email, user.mailbox) == ("AN+x@VOORBEELD.example", "an@voorbeeld.example")


def test_a_mailbox_that_is_not_that_of_the_address_is_named() -> None:
    user = UserFactory.create(email="bo@voorbeeld.example")
    force(user, mailbox="elders@voorbeeld.example")
    assert [(each.rule, each.row) for each in every_violation()] == [(28, user.pk)]
    known = user.known_addresses.get()
    force(user, mailbox="bo@voorbeeld.example")
    force(known, mailbox="elders@voorbeeld.example")
    assert [(each.rule, each.row) for each in every_violation()] == [(28, known.pk)]
