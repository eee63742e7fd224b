"""Rules 14 and 26: a mail that failed or came back tells nobody of a decision that is closed to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.office.domain.failed_mails import settle_mail
from reviews.domain.interests import declare_interest
from tests.factories.accounts import log_in, person
from tests.factories.scenarios import after_deadline, committee, open_to, produced

pytestmark = pytest.mark.django_db


def with_interest(case: Any, *roles: Role) -> Any:
    officer = person(Role.OFFICER, *roles)
    declare_interest(
        application_id=case.pk,
        has_interest=True,
        explanation="Mijn zus werkt daar.",
        actor=officer,
        at=after_deadline(case, days=1),
    )
    return officer


def told_to(client: Any, user: Any) -> list[Any]:
    """Return what the pages about mails, and the first page, show to somebody."""
    log_in(client, user)
    pages = [client.get(reverse(f"admin:{name}")) for name in ("mails", "mails_back")]
    figures = client.get(reverse("admin:index")).context["panels"]
    counts = [(str(each.label), each.number) for panel in figures for each in panel.figures]
    return [counts, *([mail.recipient for mail in each.context["page"]] for each in pages)]


@pytest.mark.parametrize("status", [MailStatus.FAILED, MailStatus.UNCERTAIN, MailStatus.BOUNCED])
def test_who_has_an_interest_sees_nothing_of_a_letter_whose_mail_failed_or_came_back(client, status) -> None:
    case = produced()
    users = [with_interest(case), with_interest(case, Role.ADMINISTRATOR)]
    users += [person(Role.OFFICER), person(Role.OFFICER, Role.RELEASER)]
    before = [told_to(client, each) for each in users]
    mail = OutgoingMail.objects.get(kind="letter")
    moment = mail.queued_at + timedelta(minutes=5)
    back = moment if status == MailStatus.BOUNCED else None
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=status, claimed_at=moment, bounced_at=back, attempts=1
    )
    assert [told_to(client, each) for each in users] == before
    for each in users:
        log_in(client, each)
        assert client.get(reverse("admin:mail", args=[mail.pk])).status_code == 404
        with pytest.raises(NotAllowed):
            settle_mail(mail_id=mail.pk, send_again=True, actor=each, at=moment)
    open_officer, administrator = committee().officer, person(Role.ADMINISTRATOR)
    open_to(case, open_officer)
    for each in (open_officer, administrator):
        assert mail.recipient in str(told_to(client, each)[1:])


def test_a_mail_about_no_application_that_came_back_is_told_to_the_office(client) -> None:
    """Of a code to log in nobody else hears that it came back."""
    code = OutgoingMail.objects.create(
        kind="login_code",
        recipient="weg@voorbeeld.example",
        subject="Code",
        body="123456",
        status=MailStatus.BOUNCED,
        queued_at=after_deadline(case := produced(), days=1),
        due_at=after_deadline(case, days=1),
        claimed_at=after_deadline(case, days=1),
        sent_at=after_deadline(case, days=1),
        bounced_at=after_deadline(case, days=1, minutes=1),
        attempts=1,
        problem="5.1.1 smtp; 550 No such user",
    )
    log_in(client, person(Role.OFFICER))
    shown = client.get(reverse("admin:mails_back")).content.decode()
    assert code.recipient in shown
    assert "Het adres bestaat niet, of krijgt geen e-mail meer." in shown
    assert code.body not in shown
