"""Viruses in attachments: refused at once, found later, and what could not be scanned (rule 24).

ClamAV itself answers, where it is installed.
"""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from applications import tasks
from applications.domain import attachments, scanning
from applications.domain.attachments import add_attachment, remove_attachment
from applications.domain.consents import ask_consent
from applications.domain.readiness import NotReady, what_is_missing
from applications.domain.scanning import InfectedFile, refuse_infected, scan_attachment
from applications.domain.snapshot import snapshot_of
from applications.domain.starting_again import start_again
from applications.domain.submitting import submit, withdraw
from applications.models import Attachment
from calls.domain.rounds import round_for
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import DamagedFile
from hubportal.documents.domain.scanning import Scan, ScannerAway
from hubportal.documents.enums import ScanState
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.models import OutgoingMail
from hubportal.sweeps.models import PostponedRow
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.pages import at_moment, page_text
from tests.scanner import VIRUS_NAME, infected_pdf

pytestmark = pytest.mark.django_db
NOWHERE = "127.0.0.1:1"
CLEAN, INFECTED, UNCHECKED = ScanState.CLEAN, ScanState.INFECTED, ScanState.UNCHECKED
REFUSED = (
    "Onze scanner heeft een virus gevonden in dit bestand. Daarom hebben we het niet bewaard. "
    "Laat uw apparaat nakijken, maak de pdf opnieuw op een veilig apparaat en voeg die toe."
)


def attach(case: "scenarios.Case", content: bytes) -> Attachment:
    return add_attachment(application_id=case.pk, title="Plan", content=content, actor=case.applicant, at=AT)


def unscanned(case: "scenarios.Case", content: bytes, settings: Settings) -> Attachment:
    """Attach a file while the scanner is away, and leave it where it was."""
    there, settings.CLAMAV = settings.CLAMAV, NOWHERE
    attachment = attach(case, content)
    settings.CLAMAV = there
    # As half a minute later: it is not left alone any more.
    cache.clear()
    assert (attachment.scan, attachment.scanned_at) == (UNCHECKED, None)
    return attachment


def events(act: str) -> list[tuple[Any, ...]]:
    return list(
        AuditEvent.objects.filter(act=f"applications.{act}")
        .values_list("subject_type", "subject_id", "actor_id", "facts")
        .order_by("pk")
    )


def missing(case: "scenarios.Case") -> list[tuple[str, str, str, bool]]:
    """Return what is missing of the attachments."""
    review_round = round_for(AT, case.call.rounds.all())
    found = what_is_missing(snapshot_of(case), review_round=review_round, at=AT)
    return [
        (each.page, each.anchor, str(each.sentence), each.waits)
        for each in found
        if each.page == "attachments"
    ]


def submitted(case: "scenarios.Case") -> bool:
    """Tell whether an application that lacks nothing else can be submitted."""
    review_round = round_for(AT, case.call.rounds.all())
    assert review_round
    try:
        submit(application_id=case.pk, for_round_id=review_round.pk, actor=case.applicant, at=AT)
    except NotReady:
        return False
    return True


@pytest.mark.usefixtures("clamav")
def test_a_file_with_a_virus_is_refused_at_its_field_and_nothing_of_it_is_kept(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    file = BytesIO(infected_pdf())
    file.name = "plan.pdf"
    with at_moment(AT):
        answer = client.post(
            reverse("applications:attachments", args=[case.reference]), {"file": file, "title": "Ons plan"}
        )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": [REFUSED]}
    assert answer.context["form"].data["title"] == "Ons plan"
    assert not case.attachments.exists()
    assert not default_storage.exists(f"attachments/{case.pk}")
    facts = {"virus": VIRUS_NAME}
    assert events("infected_file_refused") == [
        ("applications.application", case.pk, case.applicant.pk, facts)
    ]
    assert events("attachment_added") == []


@pytest.mark.usefixtures("clamav")
def test_a_file_without_one_is_kept_as_clean(client: Client) -> None:
    case = scenarios.written()
    attachment = attach(case, letter_pdf())
    assert (attachment.scan, attachment.scanned_at) == (CLEAN, AT)
    log_in(client, case.applicant)
    address = reverse("applications:attachment", args=[case.reference, attachment.pk])
    assert client.get(address).status_code == 200
    assert missing(case) == []
    assert not scan_attachment(attachment_id=attachment.pk, at=AT)


def test_nobody_else_has_a_refusal_recorded_and_nothing_of_a_stranger_is_scanned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, stranger = scenarios.written(), UserFactory.create()
    monkeypatch.setattr(attachments, "scanned", lambda _data: pytest.fail("scanned"))
    with pytest.raises(NotAllowed):
        add_attachment(application_id=case.pk, title="", content=letter_pdf(), actor=stranger, at=AT)
    with pytest.raises(NotAllowed):
        refuse_infected(application_id=case.pk, virus="x", actor=stranger, at=AT)
    assert events("infected_file_refused") == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_file_is_scanned(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scenarios.written()
    seen: list[bool] = []

    def watched(_data: bytes) -> Scan:
        seen.append(connection.in_atomic_block)
        return Scan() if len(seen) == 1 else Scan(CLEAN)

    monkeypatch.setattr(attachments, "scanned", watched)
    monkeypatch.setattr(scanning, "scan", watched)
    settings.CLAMAV = NOWHERE
    assert scan_attachment(attachment_id=attach(case, letter_pdf()).pk, at=AT)
    assert seen == [False, False]


@pytest.mark.usefixtures("clamav")
def test_what_could_not_be_scanned_is_sent_to_nobody_and_not_submitted_until_it_was(
    client: Client, settings: Settings
) -> None:
    case = scenarios.written()
    attachment = unscanned(case, letter_pdf(), settings)
    case = scenarios.ready(case)
    log_in(client, case.applicant)
    address = reverse("applications:attachment", args=[case.reference, attachment.pk])
    shown = client.get(address)
    assert (shown.status_code, "nog niet gecontroleerd op virussen" in page_text(shown)) == (503, True)
    sentence = (
        "“Plan” is nog niet gecontroleerd op virussen. We proberen het vanzelf opnieuw. "
        "U kunt het bestand ook verwijderen."
    )
    assert missing(case) == [("attachments", f"file-{attachment.pk}", sentence, True)]
    listed = client.get(reverse("applications:attachments", args=[case.reference]))
    assert "Plan (nog niet gecontroleerd op virussen: niemand kan dit bestand openen)" in page_text(listed)
    assert f'href="{address}"' not in listed.content.decode()
    assert not submitted(case)
    tasks.scan_attachments_task()
    attachment.refresh_from_db()
    assert attachment.scan == CLEAN
    assert attachment.scanned_at is not None
    assert events("attachment_scanned") == [
        ("applications.attachment", attachment.pk, None, {"result": "clean"})
    ]
    assert client.get(address).status_code == 200
    # Partners agreed to the file, which a scan does not change.
    assert submitted(case)


@pytest.mark.usefixtures("clamav")
def test_a_virus_that_is_found_later_is_told_and_its_file_sent_to_nobody(
    client: Client, settings: Settings
) -> None:
    case = scenarios.written()
    attachment = unscanned(case, infected_pdf(), settings)
    [partner, *_others] = case.partners
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    secret = scenarios.mailed_secret(partner.contact_email)
    assert scan_attachment(attachment_id=attachment.pk, at=AT)
    assert not scan_attachment(attachment_id=attachment.pk, at=AT)
    facts = {"result": "infected", "virus": VIRUS_NAME}
    assert events("attachment_scanned") == [("applications.attachment", attachment.pk, None, facts)]
    mail = OutgoingMail.objects.get(kind="attachment_infected")
    assert (mail.recipient, mail.subject) == (
        case.applicant.email,
        "Virus gevonden in een bijlage die u toevoegde",
    )
    assert "Verwijder daarna het bestand uit het concept." in mail.body
    with at_moment(AT):
        by_link = reverse("applications:consent_attachment", args=[secret, attachment.pk])
        assert client.get(by_link).status_code == 403
        page = page_text(client.get(reverse("applications:consent", args=[secret])))
        log_in(client, case.applicant)
        own = client.get(reverse("applications:attachment", args=[case.reference, attachment.pk]))
    assert "Plan (virus gevonden: niemand kan dit bestand openen)" in page
    assert (own.status_code, b"%PDF" in own.content) == (403, False)
    sentence = "Verwijder “Plan”: onze scanner heeft er een virus in gevonden."
    assert missing(case) == [("attachments", f"file-{attachment.pk}", sentence, False)]
    # Still sent to nobody where there is no scanner any more.
    settings.CLAMAV = ""
    assert (
        client.get(reverse("applications:attachment", args=[case.reference, attachment.pk])).status_code
        == 403
    )
    assert len(missing(case)) == 1
    remove_attachment(application_id=case.pk, attachment_id=attachment.pk, actor=case.applicant, at=AT)
    assert missing(case) == []


@pytest.mark.usefixtures("clamav")
def test_what_was_submitted_before_there_was_a_scanner_is_scanned_and_kept_as_proof(
    client: Client, settings: Settings, clamav: str
) -> None:
    settings.CLAMAV = ""
    case = scenarios.written()
    attachment = attach(case, infected_pdf())
    case = scenarios.assigned(case)
    reviewer = case.assignments.get_queryset()[0].reviewer
    address = reverse("admin:attachment", args=[case.reference, attachment.sha256])
    log_in(client, reviewer)
    assert client.get(address).status_code == 200
    settings.CLAMAV = clamav
    assert client.get(address).status_code == 503
    assert scan_attachment(attachment_id=attachment.pk, at=AT)
    assert client.get(address).status_code == 403
    mail = OutgoingMail.objects.get(kind="attachment_infected")
    assert "Wat u hebt ingediend, blijft zoals het was. Bekijk hier uw aanvraag:" in mail.body
    assert default_storage.exists(attachment.stored_as)


def test_while_the_scanner_is_away_no_file_fails_and_one_that_cannot_be_read_does(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scenarios.written()
    settings.CLAMAV = NOWHERE
    attachment = attach(case, letter_pdf())
    tasks.scan_attachments_task()
    assert not PostponedRow.objects.exists()
    with pytest.raises(ScannerAway):
        scan_attachment(attachment_id=attachment.pk, at=AT)
    monkeypatch.setattr(tasks, "answers", lambda: True)
    default_storage.delete(attachment.stored_as)
    with pytest.raises(DamagedFile):
        scan_attachment(attachment_id=attachment.pk, at=AT)
    tasks.scan_attachments_task()
    assert PostponedRow.objects.get().reason == "DamagedFile"


def test_a_file_that_is_removed_while_it_is_scanned_is_left_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scenarios.written()
    settings.CLAMAV = NOWHERE
    attachment = attach(case, letter_pdf())

    def removed(_data: bytes) -> Scan:
        remove_attachment(application_id=case.pk, attachment_id=attachment.pk, actor=case.applicant, at=AT)
        return Scan(INFECTED, "x")

    monkeypatch.setattr(scanning, "scan", removed)
    assert not scan_attachment(attachment_id=attachment.pk, at=AT)
    assert events("attachment_scanned") == []


def test_without_a_scanner_files_are_sent_and_submitted_and_nothing_waits(
    client: Client, settings: Settings
) -> None:
    settings.CLAMAV = ""
    case = scenarios.written()
    attachment = attach(case, infected_pdf())
    case = scenarios.ready(case)
    log_in(client, case.applicant)
    address = reverse("applications:attachment", args=[case.reference, attachment.pk])
    assert client.get(address).status_code == 200
    assert not scanning.attachments_to_scan().exists()
    assert submitted(case)


def test_a_file_that_is_no_longer_whole_is_not_submitted_and_can_be_added_again(settings: Settings) -> None:
    settings.CLAMAV = ""
    case, pdf = scenarios.written(), letter_pdf()
    attachment = attach(case, pdf)
    case = scenarios.ready(case)
    default_storage.delete(attachment.stored_as)
    sentence = "“Plan” is aan onze kant beschadigd. Voeg hetzelfde bestand nog een keer toe."
    assert missing(case) == [("attachments", f"file-{attachment.pk}", sentence, False)]
    assert not submitted(case)
    attach(case, pdf)
    assert submitted(case)


@pytest.mark.usefixtures("clamav")
def test_starting_again_takes_what_is_known_along_and_leaves_a_virus_behind(settings: Settings) -> None:
    case = scenarios.written()
    attach(case, letter_pdf())
    infected = unscanned(case, infected_pdf(), settings)
    scan_attachment(attachment_id=infected.pk, at=AT)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    draft = start_again(application_id=case.pk, actor=case.applicant, at=AT)
    assert [(each.scan, each.scanned_at) for each in draft.attachments.all()] == [(CLEAN, AT)]


@pytest.mark.usefixtures("clamav")
def test_an_infected_file_is_refused_too_where_it_waits_to_be_scanned(settings: Settings) -> None:
    case = scenarios.written()
    unscanned(case, infected_pdf(), settings)
    with pytest.raises(InfectedFile):
        attach(case, infected_pdf())


@pytest.mark.parametrize("address", ["", NOWHERE])
def test_the_office_reads_that_there_is_no_scanner_or_that_it_is_away(
    client: Client, settings: Settings, address: str
) -> None:
    settings.CLAMAV = address
    log_in(client, person(Role.OFFICER))
    shown = page_text(client.get(reverse("admin:background_work")))
    assert ("Er is geen virusscanner ingesteld" in shown, "De virusscanner antwoordt niet." in shown) == (
        address == "",
        address == NOWHERE,
    )


@pytest.mark.usefixtures("clamav")
def test_the_office_reads_what_the_scanner_is_and_knows(client: Client) -> None:
    log_in(client, person(Role.OFFICER))
    assert "Virusscanner: ClamAV 1." in page_text(client.get(reverse("admin:background_work")))
