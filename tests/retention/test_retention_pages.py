"""Pages on which two people approve that data are destroyed (rules 23 and 30)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from retention.domain.approving import approve_destruction
from retention.domain.destroying import declare_destruction, destroy_row
from retention.enums import DataKind
from retention.models import DestructionReport
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.retention import LATER, approved, approvers, period_of, report_on, sent_mail
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> DestructionReport:
    sent_mail(subject="Kanarie in een onderwerp", body="Kanarie in een tekst")
    return report_on()


def address(report: DestructionReport) -> str:
    return reverse("admin:destruction_report", args=[report.pk])


def test_two_people_approve_and_one_takes_back(client: Client, report: DestructionReport) -> None:
    officer, administrator = approvers()
    with at_moment(LATER):
        log_in(client, officer)
        assert "Vernietigingslijsten om goed te keuren" in page_text(client.get(reverse("admin:index")))
        shown = page_text(client.get(address(report)))
        assert "nog door niemand" in shown
        assert "Een bedachte grondslag" in shown
        assert "Kanarie" not in shown
        assert client.post(address(report)).url == address(report)
        again = page_text(client.get(address(report)))
        assert "Iemand anders moet dit ook nog goedkeuren." in again
        assert "Vernietiging goedkeuren" not in again
        assert "Vernietigingslijsten om goed te keuren" not in page_text(client.get(reverse("admin:index")))
        log_in(client, administrator)
        assert "Twee mensen hebben dit goedgekeurd" in page_text(client.post(address(report), follow=True))
        take_back = reverse("admin:take_back_destruction", args=[report.pk])
        refused = client.post(take_back, {"reason": "x" * 501})
        assert (refused.status_code, refused.context["form"]["reason"].value()) == (422, "x" * 501)
        assert client.post(take_back, {"reason": "Bezwaar."}).url == reverse("admin:destruction_reports")
        assert "Bezwaar." in page_text(client.get(address(report)))


def test_who_comes_too_late_is_told_and_nothing_typed_is_lost(
    client: Client, report: DestructionReport
) -> None:
    approved(report)
    log_in(client, person(Role.OFFICER))
    with at_moment(LATER + timedelta(days=8)):
        refused = client.post(
            reverse("admin:take_back_destruction", args=[report.pk]), {"reason": "Te laat."}
        )
        assert refused.context["form"]["reason"].value() == "Te laat."
        assert "De vernietiging is begonnen" in page_text(refused)
        told = page_text(client.post(address(report), follow=True))
    assert "is al goedgekeurd, uitgevoerd of teruggenomen" in told


def test_the_declaration_says_what_how_many_why_who_and_when(
    client: Client, report: DestructionReport
) -> None:
    first, second = approvers()
    for each in (first, second):
        approve_destruction(report_id=report.pk, actor=each, at=LATER)
    at = LATER + timedelta(days=7)
    destroy_row(listed_id=report.rows.get().pk, at=at)
    declare_destruction(report_id=report.pk, at=at)
    log_in(client, first)
    with at_moment(at):
        shown = page_text(client.get(address(report)))
    assert "Verklaring van vernietiging Uitgevoerd op 29 oktober 2029. Vernietigd: 1." in shown
    for told in (first.full_name, second.full_name, "Een bedachte grondslag", "tekst verwijderd"):
        assert told in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_the_same_queries_however_many_rows(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kinds = [DataKind.MAIL_TEXTS, DataKind.LINKS, DataKind.UNSUBMITTED_DRAFTS][:count]
    sent_mail()
    report = report_on()
    for number, kind in enumerate(kinds[1:], start=1):
        period_of(kind)
        rows = report.rows.all()
        copied = DestructionReport.objects.get(pk=report.pk)
        copied.pk, copied.kind = None, kind
        copied.save()
        rows.create(report=report, row_id=1000 + number, kept_since=AT)
    log_in(client, person(Role.OFFICER))
    with django_assert_num_queries(6):
        client.get(reverse("admin:destruction_reports"))
    with django_assert_num_queries(6):
        client.get(address(report))
