"""Mails to people of a region are nobody's of the office, administrators included (rules 22 and 23)."""

import pytest
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from hubportal.office.domain.failed_mails import settle_mail
from hubportal.office.queries import mails_open_to
from people.queries import MAIL_KINDS
from tests.factories.accounts import log_in, person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("kind", sorted(MAIL_KINDS))
def test_a_mail_to_somebody_of_a_region_is_not_known_to_the_office(client, role: Role, kind: str) -> None:
    mail, other = queued_mail(kind=kind), queued_mail(kind="receipt")
    OutgoingMail.objects.update(status="failed", claimed_at=AT, attempts=8, problem="?")
    user = person(role)
    assert list(mails_open_to(user, OutgoingMail.objects.all())) == [other]
    log_in(client, user, second_factor=True)
    assert client.get(reverse("admin:mail", args=[mail.pk])).status_code == 404
    with pytest.raises(RuleViolation):
        settle_mail(mail_id=mail.pk, send_again=True, actor=user, at=AT)
