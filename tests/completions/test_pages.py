"""The pages on which who speaks for the lead completes an application (rules 30, 32 and 42)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from completions.domain.answering import digest_of
from completions.models import CompletionFile, CompletionRequest
from completions.queries import asked_about, request_about
from hubportal.kernel.clock import local_moment
from tests.factories.accounts import log_in, person
from tests.factories.completing import (
    ANSWERED_AT,
    ANSWERS,
    EXPLANATION,
    LAST_DAY,
    POINTS,
    asked,
    completed,
    drafted,
    open_to_officer,
    waiting,
    with_file,
    written,
)
from tests.factories.documents import letter_pdf
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def page_of(case: Any, *which: Any, name: str = "completion") -> str:
    return reverse(f"completions:{name}", args=[case.reference, *which])


def typed(seen: int = 0, **values: str) -> dict[str, Any]:
    answers = {f"answer_{number}": text for number, text in ANSWERS.items()}
    return {"seen_version": seen, **answers, **values}


def test_an_applicant_reads_writes_checks_and_sends(client: Client) -> None:
    case = waiting()
    log_in(client, case.applicant)
    status = reverse("applications:status", args=[case.reference])
    with at_moment(ANSWERED_AT):
        assert "Wij beoordelen uw aanvraag pas als u het hebt verstuurd" in page_text(client.get(status))
        shown = page_text(client.get(page_of(case)))
        assert [each in shown for each in (EXPLANATION, POINTS[0][1], POINTS[1][1], "Punt 1: Begroting")] == [
            True
        ] * 4
        # Enter presses the first button: it saves, and sends nothing (rule 30).
        saved = client.post(page_of(case), {**typed(), "save": "1"}, follow=True)
        assert "Opgeslagen. Er is nog niets verstuurd." in page_text(saved)
        checked = client.post(page_of(case), {**typed(1), "check": "1"}, follow=True)
        assert checked.redirect_chain == [(page_of(case, name="check"), 302)]
        assert [text in page_text(checked) for text in ANSWERS.values()] == [True, True]
        assert CompletionRequest.objects.get().sent_at is None
        seen = checked.context["form"].initial["seen"]
        done = client.post(page_of(case, name="check"), {"seen": seen}, follow=True)
        assert "Verstuurd." in page_text(done)
        assert "Het blijft zoals het is." in page_text(done)
        again = client.get(page_of(case, name="check"))
        assert (again.status_code, again["Location"]) == (302, page_of(case))
        assert "Uw aanvulling op deze aanvraag" in page_text(client.get(status))


def test_a_newer_version_is_met_beside_what_was_typed(client: Client) -> None:
    """Rules 12 and 32."""
    case = waiting()
    written(case, {1: "Van een collega."}, actor=speaker_for(case.coalition.lead_organisation))
    log_in(client, case.applicant)
    with at_moment(ANSWERED_AT):
        met = client.post(page_of(case), typed())
    assert met.status_code == 409
    assert met.context["newer"].kept.content == {"answer_1": "Van een collega.", "answer_2": ""}
    assert ANSWERS[1] in page_text(met)
    assert CompletionRequest.objects.get().answers_version == 1


def test_the_script_is_answered_as_from_every_form(client: Client) -> None:
    case = waiting()
    log_in(client, case.applicant)
    with at_moment(ANSWERED_AT):
        answer = client.post(page_of(case), typed(), headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_what_is_missing_is_said_before_it_is_sent(client: Client) -> None:
    case = waiting()
    written(case, {1: "Alleen dit."})
    log_in(client, case.applicant)
    with at_moment(ANSWERED_AT):
        shown = client.get(page_of(case, name="check"))
        assert "Dit ontbreekt nog: punt 2." in page_text(shown)
        assert 'name="seen"' not in shown.content.decode()
        refused = client.post(page_of(case, name="check"), {"seen": shown.context["form"].initial["seen"]})
    assert (refused.status_code, "Dit ontbreekt nog: punt 2." in page_text(refused)) == (422, True)
    assert CompletionRequest.objects.get().sent_at is None


def test_what_changed_since_it_was_shown_is_shown_anew(client: Client) -> None:
    """Rule 30: the next attempt has seen it."""
    case = waiting()
    written(case)
    log_in(client, case.applicant)
    with at_moment(ANSWERED_AT):
        seen = client.get(page_of(case, name="check")).context["form"].initial["seen"]
        written(case, {1: "Intussen anders."}, seen=1)
        refused = client.post(page_of(case, name="check"), {"seen": seen})
        assert (refused.status_code, "Intussen anders." in page_text(refused)) == (422, True)
        fresh = refused.context["form"]["seen"].value()
        assert client.post(page_of(case, name="check"), {"seen": fresh}).status_code == 302


def test_after_the_last_day_it_stays_readable_and_nothing_typed_is_lost(client: Client) -> None:
    """Rule 32."""
    case = waiting()
    written(case)
    log_in(client, case.applicant)
    with at_moment(local_moment(LAST_DAY + timedelta(days=1), 0, 1)):
        shown = client.get(page_of(case))
        assert ["U kunt dit niet meer versturen." in page_text(shown), ANSWERS[1] in page_text(shown)] == [
            True,
            True,
        ]
        late = client.post(page_of(case), typed(1, answer_1="Te laat getypt."))
        assert (late.status_code, "Te laat getypt." in page_text(late)) == (422, True)
        assert "voorbij" in page_text(late)
        assert client.get(page_of(case, name="check"))["Location"] == page_of(case)


def test_what_is_sent_in_the_last_second_counts_from_its_receipt(client: Client, settings: Settings) -> None:
    """Rule 2: however long the portal takes."""
    settings.TRUST_PROXY = True
    case = waiting()
    written(case)
    log_in(client, case.applicant)
    seen = digest_of(asked_about(case))  # type: ignore[arg-type]
    with at_moment(local_moment(LAST_DAY + timedelta(days=1)) + timedelta(seconds=2)):
        late = client.post(page_of(case, name="check"), {"seen": seen})
        arrived = f"t={(datetime.now(UTC) - timedelta(seconds=10)).timestamp():.3f}"
        done = client.post(page_of(case, name="check"), {"seen": seen}, headers={"x-request-start": arrived})
    assert (late.status_code, done.status_code, CompletionRequest.objects.get().state) == (422, 302, "sent")


def test_a_file_is_added_read_and_taken_away(client: Client) -> None:
    """Rule 24."""
    case = waiting()
    log_in(client, case.applicant)
    page = page_of(case, 1, name="files")
    with at_moment(ANSWERED_AT):
        added = client.post(page, {"file": SimpleUploadedFile("Offerte.pdf", letter_pdf())}, follow=True)
        assert "Het bestand is toegevoegd. Er is nog niets verstuurd." in page_text(added)
        file = CompletionFile.objects.get()
        read = client.get(page_of(case, 1, file.sha256, name="file"))
        name = f"{case.reference}-aanvulling-1-{file.sha256[:8]}.pdf"
        assert read["Content-Disposition"] == f'attachment; filename="{name}"'
        assert client.get(page_of(case, 2, file.sha256, name="file")).status_code == 404
        assert client.get(page_of(case, 9, name="files")).status_code == 404
        away = page_of(case, 1, file.sha256, name="remove_file")
        assert "Het bestand is weggehaald." in page_text(client.post(away, follow=True))
        assert client.post(away).status_code == 302
        no_pdf = client.post(page, {"file": SimpleUploadedFile("plan.docx", b"PK")})
        assert no_pdf.status_code == 422
        nothing = client.post(page, {})
        assert (nothing.status_code, "Kies een pdf-bestand." in page_text(nothing)) == (422, True)
    assert CompletionFile.objects.count() == 0


def test_what_was_sent_can_be_read_and_not_changed(client: Client) -> None:
    case = completed()
    log_in(client, case.applicant)
    file = CompletionFile.objects.get()
    shown = client.get(page_of(case))
    assert [ANSWERS[1] in page_text(shown), "Offerte.pdf" in page_text(shown)] == [True, True]
    assert "<textarea" not in shown.content.decode()
    kept = client.post(page_of(case, 1, file.sha256, name="remove_file"), follow=True)
    assert "kan niet meer worden gewijzigd" in page_text(kept)
    refused = client.post(page_of(case, 1, name="files"), {"file": SimpleUploadedFile("x.pdf", letter_pdf())})
    assert (refused.status_code, CompletionFile.objects.count()) == (422, 1)


def test_nobody_else_of_the_coalition_reads_it(client: Client) -> None:
    """Rules 26 and 42: nor does the lead read what the office still writes."""
    case = waiting()
    partner = case.coalition.participations.filter(is_lead=False).first()
    assert partner is not None
    for other in (speaker_for(partner.organisation), person()):
        log_in(client, other)
        assert client.get(page_of(case)).status_code == 404
        assert client.post(page_of(case), typed()).status_code == 404
    other = open_to_officer()
    drafted(other)
    log_in(client, other.applicant)
    assert client.get(page_of(other)).status_code == 404
    status = page_text(client.get(reverse("applications:status", args=[other.reference])))
    assert "vraagt u om iets aan te vullen" not in status


def test_a_partner_sees_that_it_waits_and_not_for_what(client: Client) -> None:
    case = waiting()
    partner = case.coalition.participations.filter(is_lead=False).first()
    assert partner is not None
    log_in(client, speaker_for(partner.organisation))
    with at_moment(ANSWERED_AT):
        shown = page_text(client.get(reverse("applications:status", args=[case.reference])))
    assert "heeft de penvoerder gevraagd om uiterlijk" in shown
    assert [each for each in (EXPLANATION, POINTS[0][1]) if each in shown] == []


@pytest.mark.parametrize("points", [1, 3])
def test_the_page_costs_so_many_queries(client: Client, points: int, django_assert_num_queries: Any) -> None:
    case = open_to_officer()
    asked(case, points=[("", f"Vraag {number}?") for number in range(1, points + 1)])
    for number in range(1, points + 1):
        with_file(case, number)
    log_in(client, case.applicant)
    client.get(page_of(case))
    assert request_about(case) is not None
    with at_moment(ANSWERED_AT), django_assert_num_queries(11):
        client.get(page_of(case))


def test_it_stands_first_on_the_start_page_of_who_can_send_it(client: Client) -> None:
    case = waiting()
    log_in(client, case.applicant)
    start = reverse("website:start")
    with at_moment(ANSWERED_AT):
        first = client.get(start).context["waiting"][0]
        assert (first["url"], "Vul de aanvraag aan" in str(first["title"])) == (page_of(case), True)
        partner = case.coalition.participations.filter(is_lead=False).first()
        assert partner is not None
        log_in(client, speaker_for(partner.organisation))
        assert page_of(case) not in client.get(start).content.decode()
