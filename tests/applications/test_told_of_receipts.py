"""Everybody of a coalition is told once that it submitted, with nothing of what is in it (rules 13, 26, 35 and 37)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.collaborating import end_collaboration
from applications.domain.receipts import produce_receipt
from applications.domain.submitting import withdraw
from applications.enums import CollaboratorRight
from applications.models import ApplicationPeople, Collaborator, Consent
from applications.queries.receipts import told_of
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def made(case: Any) -> None:
    assert produce_receipt(receipt_id=case.receipt.pk, make_pdf=lambda *_given: b"%PDF-1.7", at=AT)


def told_by_mail() -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind="received").values_list("recipient", flat=True))


def with_helpers(case: Any) -> tuple[User, User]:
    return joined(case), joined(case, right=CollaboratorRight.READ)


def receipt_page(client: Client, case: Any, user: User) -> Any:
    log_in(client, user)
    return client.get(reverse("applications:receipt", args=[case.reference]))


def test_each_role_has_one_mail_and_who_has_another_with_it_none() -> None:
    case = scenarios.written()
    writes, reads = with_helpers(case)
    made(scenarios.submitted(case))
    partners = [each.contact_email for each in case.partners]
    assert told_by_mail() == sorted([writes.email, reads.email, case.people.signatory_email, *partners])
    # The leader reads it in the mail that says why they are named; who submitted has the confirmation itself.
    leader = OutgoingMail.objects.get(kind="named_leader")
    page = reverse("applications:receipt", args=[case.reference])
    assert (page in leader.body, "Wij ontvingen de aanvraag op" in leader.body) == (True, True)
    assert OutgoingMail.objects.get(kind="receipt").recipient == case.applicant.email


def test_the_mail_tells_who_when_and_where_and_nothing_of_what_was_written() -> None:
    case = scenarios.submitted()
    made(case)
    mails = OutgoingMail.objects.filter(kind="received")
    for mail in mails:
        assert mail.subject == f"Ingediend: aanvraag {case.reference} van {case.lead.name}"
        assert mail.attachments.count() == 0
        for secret in (
            case.title,
            "48.000",
            case.people.leader_name,
            *(each.text for each in case.sections.all()),
        ):
            assert secret not in mail.body
    assert mails.count() > 0


def test_two_spellings_of_one_mailbox_are_told_once() -> None:
    """Rule 28."""
    case = scenarios.written()
    partner = case.partners[0]
    helper = UserFactory.create(email=f"mee+hub@{partner.contact_email.split('@')[1]}")
    Collaborator.objects.create(
        application=case,
        mailbox=f"mee@{partner.contact_email.split('@')[1]}",
        name="Mee",
        email=helper.email,
        right="read",
        participation=partner,
        state="joined",
        user=helper,
        invited_by=case.applicant,
        invited_at=AT,
        answered_at=AT,
    )
    ApplicationPeople.objects.filter(application=case).update(
        leader_email=f"MEE@{partner.contact_email.split('@')[1]}"
    )
    scenarios.ready(case)
    made(scenarios.submitted(case))
    assert helper.email not in told_by_mail()
    assert OutgoingMail.objects.filter(kind="named_leader").count() == 1


def test_who_left_was_ended_or_never_answered_is_told_nothing(client: Client) -> None:
    case = scenarios.written()
    left, stays = with_helpers(case)
    invitee = UserFactory.create()
    invited(case, invitee.email)
    end_collaboration(key=case.collaborators.get(user=left).key, actor=left, at=AT)
    made(scenarios.submitted(case))
    assert {left.email, invitee.email}.isdisjoint(told_by_mail())
    answers = [receipt_page(client, case, each).status_code for each in (left, invitee, stays)]
    assert answers == [404, 404, 200]


def test_what_was_withdrawn_before_it_was_confirmed_is_told_to_nobody_else() -> None:
    case = scenarios.submitted()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    made(case)
    assert told_by_mail() == []


def test_the_receipt_is_read_in_the_own_account_and_tells_nothing_of_what_is_in_it(client: Client) -> None:
    case = scenarios.written()
    helper, _reader = with_helpers(case)
    leader = UserFactory.create(email=case.people.leader_email)
    assert receipt_page(client, case, leader).status_code == 404
    made(scenarios.submitted(case))
    for somebody in (helper, leader):
        page = receipt_page(client, case, somebody)
        said = page_text(page)
        assert (page.status_code, case.reference in said, case.frozen.sha256 in said) == (200, True, True)
        assert (case.title in said, "48.000" in said) == (False, False)
        listed = client.get(reverse("applications:list")).content.decode()
        assert reverse("applications:receipt", args=[case.reference]) in listed
        # The confirmation holds all that was entered, and an address of the status all that comes after.
        for name in ("receipt_pdf", "status"):
            assert client.get(reverse(f"applications:{name}", args=[case.reference])).status_code == 404


def test_who_reads_all_of_it_gets_its_status(client: Client) -> None:
    case = scenarios.submitted()
    for somebody in (case.applicant, speaker_for(case.partners[0].organisation)):
        assert receipt_page(client, case, somebody).url == reverse(
            "applications:status", args=[case.reference]
        )


def test_nobody_else_knows_of_it(client: Client) -> None:
    case = scenarios.submitted()
    other = scenarios.submitted(coalition_name="Andere coalitie")
    # Another spelling of an address opens nothing (rule 28).
    name, _at, host = case.people.leader_email.partition("@")
    spelled = UserFactory.create(email=f"{name}+hub@{host}")
    for somebody in (person(), person(Role.OFFICER), person(Role.REVIEWER), other.applicant, spelled):
        assert receipt_page(client, case, somebody).status_code == 404
        assert not told_of(somebody).filter(pk=case.pk).exists()


def test_it_says_that_it_was_withdrawn_and_never_how_far_it_is(client: Client) -> None:
    case = scenarios.written()
    helper, _reader = with_helpers(case)
    other = scenarios.written(coalition_name="Andere coalitie")
    helper_there, _reader = with_helpers(other)
    scenarios.submitted(other)
    withdraw(application_id=other.pk, actor=other.applicant, at=AT)
    assert "Ingetrokken" in page_text(receipt_page(client, other, helper_there))
    shown = []
    for step in (scenarios.submitted, scenarios.advised):
        step(case)
        shown.append(page_text(receipt_page(client, case, helper)))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_one_is_told_of(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    user = UserFactory.create()
    first = scenarios.started()
    for number in range(count):
        case = scenarios.written(
            call=first.call, lead=first.lead, region=first.coalition.region, applicant=first.applicant,
            coalition_name=f"Coalitie {number}",
        )  # fmt: skip
        ApplicationPeople.objects.filter(application=case).update(leader_email=user.email)
        scenarios.submitted(case)
    log_in(client, user)
    with django_assert_num_queries(8):
        client.get(reverse("applications:list"))


def test_a_contact_person_who_was_never_asked_is_not_told() -> None:
    """Rules 8 and 26: one who is named once it was withdrawn was not there."""
    case = scenarios.submitted()
    partner, new = case.partners[0], UserFactory.create()
    asked = UserFactory.create(email=partner.contact_email)
    assert [each.pk for each in told_of(asked)] == [case.pk]
    type(partner).objects.filter(pk=partner.pk).update(contact_email=new.email, mailbox=new.mailbox)
    assert [list(told_of(each)) for each in (asked, new)] == [[], []]


def test_a_contact_person_who_answered_and_was_replaced_is_told_nothing() -> None:
    """Rule 35."""
    case, old = scenarios.submitted(), UserFactory.create()
    Consent.objects.update(user=old, link=None)
    made(case)
    assert (old.email in told_by_mail(), len(told_by_mail()) > 0) == (False, True)
