"""What no page of ours sends: answered plainly, never with a fault."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory
from django.urls import reverse

from applications.models import Attachment
from hubportal.accounts.enums import Role
from hubportal.kernel.canonical import digest
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.models import OutgoingMail
from hubportal.next_page import asked_next
from organisations.models import Organisation
from reviews.models import Review
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/regio/a%00b/", "/aanvragen/%00/"])
def test_a_null_byte_in_an_address_is_not_found(client: Client, path: str) -> None:
    log_in(client, scenarios.started().applicant)
    assert client.get(path).status_code == 404


def test_a_null_byte_in_what_is_asked_is_dropped(client: Client) -> None:
    """Rule 33."""
    case = scenarios.started()
    log_in(client, case.applicant)
    region = case.coalition.region
    asked = f"?region={region.slug}%00&%00where=a%00b"
    assert client.get(reverse("coalitions:start") + asked).context["region"] == region
    log_in(client, person(Role.ADMINISTRATOR), second_factor=True)
    assert client.get(reverse("admin:events") + "?handeling=%00a").status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("charset", ["latin-1", "utf-7", "zip", "nonsense"])
def test_a_form_in_another_charset_is_refused_in_words(kind: str, charset: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.generic("POST", "/account/login/", b"a=b", content_type=f"{kind}; charset={charset}")
    assert answer.status_code == 400
    assert "We kunnen dit verzoek niet lezen" in page_text(answer)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("letter", ["ß", "ﬃ", "İ"])
def test_a_name_whose_letters_become_more_of_them_in_order_is_kept(client: Client, letter: str) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    sent = {
        "kvk_number": "12345678",
        "name": letter * 150,
        "legal_form": "foundation",
        "municipality": case.lead.municipality_id,
    }
    assert client.post(reverse("organisations:claim"), sent).status_code == 302
    assert Organisation.objects.get(kvk_number="12345678").name == letter * 150


def test_a_number_that_is_too_long_for_a_row_is_passed_over(client: Client) -> None:
    log_in(client, person(Role.REVIEWER))
    assert client.post(reverse("admin:to_declare"), {"none": "9" * 5000}).status_code == 302


def test_a_null_byte_for_a_call_is_not_found(client: Client) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    url = reverse("applications:start", args=[case.coalition_id])
    assert client.post(url, {"call": "\x00"}).status_code == 404


def test_an_address_too_long_for_a_mailbox_is_refused_not_mailed(client: Client) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "a" * 60 + "@" + "b." * 120 + "nl"})
    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert not OutgoingMail.objects.exists()


def test_a_file_named_with_signs_only_can_be_downloaded_by_a_reviewer(client: Client) -> None:
    case = scenarios.assigned()
    reviewer = case.assignments.first().reviewer
    scenarios.open_to(case, reviewer)
    content = b"%PDF-1.7 (fictief)"
    key = default_storage.save("attachments/odd.pdf", ContentFile(content))
    sha256 = digest(content)
    Attachment.objects.create(
        application=case,
        title="???",
        stored_as=key,
        sha256=sha256,
        size=len(content),
        added_at=AT,
        added_by=case.applicant,
    )
    log_in(client, reviewer, second_factor=True)
    response = client.get(reverse("admin:attachment", args=[case.reference, sha256]))
    assert (response.status_code, response.content) == (200, content)
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-bijlage.pdf"'
    assert response["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize("wanted", ["999", "website:home", "//elders.example/", "https://elders.example/"])
def test_going_back_leads_to_a_path_of_ours_only(wanted: str) -> None:
    assert asked_next(RequestFactory().get("/", {"next": wanted})) == ""
    assert asked_next(RequestFactory().get("/", {"next": "/start/?a=b"})) == "/start/?a=b"


def test_a_review_with_a_version_that_never_was_is_refused_not_a_fault(client: Client) -> None:
    case = scenarios.assigned()
    reviewer = case.assignments.first().reviewer
    log_in(client, reviewer, second_factor=True)
    scenarios.open_to(case, reviewer)
    url = reverse("admin:review", args=[case.reference])
    typed = {"seen_version": "7", "remark": "x"}
    for criterion in case.call.criteria.all():
        typed |= {f"score-{criterion.key}": "3", f"reason-{criterion.key}": "x"}
    assert client.post(url, typed).status_code == 422
    assert not Review.objects.exists()


def test_a_mailbox_is_never_longer_than_an_address_may_be() -> None:
    assert len(mailbox("a@" + "\u0130" * 240 + ".nl")) == 254


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/", "/account/logout/"])
def test_a_page_to_go_on_to_that_is_no_address_leads_nowhere(client: Client, page: str, method: str) -> None:
    answer = getattr(client, method)(page, {"next": "http://[::1"})
    assert answer.status_code in {200, 302}
    assert "[::1" not in answer.get("Location", "")
