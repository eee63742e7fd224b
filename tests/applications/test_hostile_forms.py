"""A file that is no form of the call is refused with a sentence at its field, and nothing of it is kept (rule 24)."""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from applications.domain import attachments
from hubportal.documents.domain import bounded
from tests.applications.filled import filled, page_of, upload
from tests.documents.test_word import BODY, OLE, archive, changed
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=1)
    log_in(client, case.applicant)
    return case


def bomb() -> bytes:
    """Return a document of which one part unpacks to more than it may, whatever it says."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("[Content_Types].xml", b"<Types/>")
        with opened.open(BODY, "w", force_zip64=True) as part:
            for _piece in range(120):
                part.write(bytes(2**20))
    return made.getvalue()


def endless() -> bytes:
    """Return a document with far more paragraphs than a form has, which is packed small."""
    wide = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = b"<w:p/>" * 2_000_000
    return changed(BODY, b"<w:document " + wide + b"><w:body>" + body + b"</w:body></w:document>")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"", "Dit bestand is leeg."),
        (lambda: b"x" * (10 * 2**20 + 1), "Dit bestand is te groot. Een bestand mag hoogstens 10"),
        (lambda: b"Gewoon tekst", "Dit is geen Word-document"),
        (lambda: b"%PDF-1.7", "Dit is een PDF."),
        (lambda: OLE, "in de oude vorm van Word (.doc)"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "beveiligd met een wachtwoord"),
        (lambda: archive({"mimetype": b"x", "content.xml": b"<x/>"}), "Dit is een OpenDocument-bestand"),
        (lambda: changed("word/vbaProject.bin", b"x"), "In dit bestand zitten macro's."),
        (lambda: changed(BODY, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "beschadigd of niet volledig"),
        (bomb, "In dit bestand zit te veel."),
        (endless, "In dit bestand zit te veel."),
        (lambda: changed("docProps/x.xml", b"<x/>"), "geen enkel onderdeel van deze oproep"),
    ],
)
def test_a_file_that_is_no_form_is_refused_at_its_field(
    client: Client, case: "scenarios.Case", content: Callable[[], bytes], sentence: str
) -> None:
    logging.disable(logging.WARNING)
    answer = client.post(page_of(case), upload(content()))
    logging.disable(logging.NOTSET)
    assert answer.status_code == 422
    assert sentence in page_text(answer)
    assert list(answer.context["form"].errors) == ["file"]
    assert not case.sections.exists()
    assert not case.attachments.exists()


def test_no_file_is_asked_for(client: Client, case: "scenarios.Case") -> None:
    answer = client.post(page_of(case), {"file": "geen bestand"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_one_file_at_a_time_and_so_many_an_hour(
    client: Client, case: "scenarios.Case", monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    content = filled(case.call, {"opgave": "Een."})
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0)
    with bounded.one_file_at_a_time(case.applicant.pk):
        busy = client.post(page_of(case), upload(content))
    assert busy.status_code == 422
    assert "Probeer het over een minuut opnieuw" in page_text(busy)
    monkeypatch.setattr(attachments, "MAX_INSPECTED_AN_HOUR", 2)
    assert client.post(page_of(case), upload(content)).status_code == 200
    enough = client.post(page_of(case), upload(content))
    assert enough.status_code == 422
    assert "in één uur" in page_text(enough)
    cache.clear()
    cache.set(f"inspecting:{case.applicant.pk}", bounded.MAX_SECONDS_AN_HOUR * 1000)
    long: Any = client.post(page_of(case), upload(content))
    assert (long.status_code, list(long.context["form"].errors)) == (422, ["file"])
