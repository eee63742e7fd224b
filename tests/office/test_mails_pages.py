"""Pages of the office about mails that failed or are uncertain (rule 25)."""

import pytest
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import log_in, person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def troubled(status=MailStatus.FAILED, **values):
    """Return a mail that the office has to settle."""
    mail = queued_mail(**values)
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, claimed_at=AT, attempts=8, problem="vol")
    return mail


@pytest.mark.parametrize(("button", "status"), [("send_again", "queued"), ("settle", "settled")])
@pytest.mark.parametrize("trouble", [MailStatus.FAILED, MailStatus.UNCERTAIN])
def test_the_office_sends_again_or_leaves(client, button, status, trouble):
    mail = troubled(trouble)
    log_in(client, person(Role.OFFICER))
    address = reverse("admin:mail", args=[mail.pk])
    assert mail.recipient in client.get(reverse("admin:mails")).content.decode()
    seen = client.get(address).context["seen"]
    assert client.post(address, {button: "1", "seen": seen}).status_code == 302
    mail.refresh_from_db()
    assert mail.status == status
    assert list(client.get(reverse("admin:mails")).context["page"]) == []


def test_a_mail_is_settled_once(client):
    mail = troubled()
    log_in(client, person(Role.OFFICER))
    address = reverse("admin:mail", args=[mail.pk])
    seen = client.get(address).context["seen"]
    client.post(address, {"settle": "1", "seen": seen})
    late = client.post(address, {"send_again": "1", "seen": seen}, follow=True)
    assert late.status_code == 200
    mail.refresh_from_db()
    assert mail.status == "settled"
    assert client.get(address).status_code == 302


def test_what_surely_failed_is_not_sent_again_once_it_may_have_arrived(client):
    """Rules 25 and 30: a colleague sent it again, and of that attempt nobody knows."""
    mail = troubled(MailStatus.FAILED)
    log_in(client, person(Role.OFFICER))
    address = reverse("admin:mail", args=[mail.pk])
    seen = client.get(address).context["seen"]
    OutgoingMail.objects.filter(pk=mail.pk).update(status=MailStatus.UNCERTAIN)
    for shown in (seen, ""):
        assert client.post(address, {"send_again": "1", "seen": shown}).url == address
    mail.refresh_from_db()
    assert mail.status == MailStatus.UNCERTAIN
    assert (
        client.post(address, {"send_again": "1", "seen": client.get(address).context["seen"]}).status_code
        == 302
    )
    mail.refresh_from_db()
    assert mail.status == MailStatus.QUEUED


def test_the_text_of_a_mail_is_never_shown(client):
    mail = troubled(subject="Geheim onderwerp", body="https://portaal.example/geheime-link/")
    log_in(client, person(Role.ADMINISTRATOR))
    for address in (reverse("admin:mails"), reverse("admin:mail", args=[mail.pk])):
        shown = client.get(address).content.decode().lower()
        assert "geheim" not in shown


def test_a_mail_that_never_failed_is_not_told_by_its_number(client):
    """Rule 26: by the numbers that answer one counts what is sent about what is closed to them."""
    mail = queued_mail()
    log_in(client, person(Role.OFFICER))
    for each in (mail.pk, mail.pk + 1):
        assert client.get(reverse("admin:mail", args=[each])).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.RELEASER])
def test_mails_do_not_exist_for_other_roles(client, role):
    mail = troubled()
    log_in(client, person(role))
    assert client.get(reverse("admin:mails")).status_code == 404
    assert client.post(reverse("admin:mail", args=[mail.pk]), {"settle": "1"}).status_code == 404
    mail.refresh_from_db()
    assert mail.status == "failed"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "status"), [("mails", MailStatus.FAILED), ("mails_back", MailStatus.BOUNCED)]
)
def test_the_lists_of_mails_take_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count, name, status
):
    for _each in range(count):
        mail = troubled()
        OutgoingMail.objects.filter(pk=mail.pk).update(
            status=status, bounced_at=AT if status == MailStatus.BOUNCED else None
        )
    log_in(client, person(Role.OFFICER))
    with django_assert_num_queries(10):
        shown = client.get(reverse(f"admin:{name}"))
    assert len(shown.context["page"].object_list) == count
