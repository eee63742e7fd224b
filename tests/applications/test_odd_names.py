"""What a file is called, how long a link works, and what is no conflict."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from applications.domain.links import is_alive
from applications.models import Attachment
from hubportal.kernel.canonical import digest
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def _attach(case: "scenarios.Case", title: str) -> Attachment:
    content = f"%PDF-1.7 {title}".encode()
    return Attachment.objects.create(
        application=case,
        title=title,
        stored_as=default_storage.save(f"attachments/{digest(content)}.pdf", ContentFile(content)),
        sha256=digest(content),
        size=len(content),
        added_at=AT,
        added_by=case.applicant,
    )


def test_downloads_get_names_that_differ(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    titles = [
        "\u62a5\u544a.pdf",
        "\u043e\u0442\u0447\u0451\u0442.pdf",
        "Begroting 2024.PDF",
        "begroting-2024",
        "Plan",
    ]
    files = [_attach(case, each) for each in titles]
    found = [
        client.get(reverse("applications:attachment", args=[case.reference, each.pk]))["Content-Disposition"]
        for each in files
    ]
    names = ["bijlage-1", "bijlage-2", "begroting-2024-1", "begroting-2024-2", "plan"]
    assert found == [f'attachment; filename="{case.reference}-{each}.pdf"' for each in names]


def test_a_link_works_through_the_day_that_the_mail_names() -> None:
    case = scenarios.written()
    partner = case.coalition.participations.get(is_lead=False)
    at = datetime(2024, 11, 26, 11, 28, tzinfo=UTC)
    link = ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)
    assert "tot en met 10 december 2024" in OutgoingMail.objects.get(kind="consent_request").body
    midnight = datetime(2024, 12, 10, 23, tzinfo=UTC)
    assert is_alive(link, at=midnight - timedelta(milliseconds=1))
    assert not is_alive(link, at=midnight)


def test_saving_other_people_is_no_conflict_for_the_title(client: Client) -> None:
    """Rule 12."""
    case = scenarios.written()
    log_in(client, case.applicant)
    particulars = reverse("applications:particulars", args=[case.reference])
    people = reverse("applications:people", args=[case.reference])
    tab_a = {name: value or "" for name, value in client.get(particulars).context["form"].initial.items()}
    tab_b = {name: value or "" for name, value in client.get(people).context["form"].initial.items()}
    assert client.post(people, {**tab_b, "leader_name": "Iemand Anders"}).status_code == 302
    assert client.post(particulars, {**tab_a, "title": "Een andere titel"}).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.people.leader_name) == ("Een andere titel", "Iemand Anders")
