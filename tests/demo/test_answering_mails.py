"""The mailbox of the demo answers a notice through the real door (rule 43)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hubportal.mail.management.lmtp import TAKEN, Answer
from hubportal.mail.models import OutgoingMail
from tests.factories.answering import answers_by_mail, told
from tests.mail.lmtp_server import listening
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _answers() -> Iterator[None]:
    with answers_by_mail:
        yield


def answered(client: Client, notice: OutgoingMail, **typed: Any) -> str:
    address = reverse("demo:mail", args=[notice.pk])
    return page_text(client.post(address, {"text": "Dank u wel.", **typed}, follow=True))


def test_an_answer_is_handed_over_with_its_file_and_what_it_quotes(
    client: Client, settings: Settings
) -> None:
    _question, notice = told()
    seen: list[tuple[bytes, str, str]] = []

    def receive(*given: Any) -> Answer:
        seen.append(given)
        return TAKEN

    with listening(receive) as port:
        settings.ANSWERS_BY_MAIL_LISTENS = f"127.0.0.1:{port}"
        said = answered(client, notice, file=SimpleUploadedFile("plan.pdf", b"%PDF-"))
    assert "Het antwoord staat in het gesprek." in said
    [(data, sender, recipient)] = seen
    assert (sender, recipient) == (notice.recipient, notice.reply_to)
    for words in (f"From: {notice.recipient}", "Dank u wel.", "> Beste", 'filename="plan.pdf"'):
        assert words.encode() in data


def test_a_refusal_is_shown_as_its_sender_would_read_it(client: Client, settings: Settings) -> None:
    _question, notice = told()
    with listening(lambda *_given: Answer(550, "5.7.1", "Nee.")) as port:
        settings.ANSWERS_BY_MAIL_LISTENS = f"127.0.0.1:{port}"
        assert "De afzender zou lezen: 550 5.7.1 Nee." in answered(client, notice)
    assert "komen nu geen antwoorden per e-mail binnen" in answered(client, notice)


def test_a_mail_that_nobody_answers_has_no_form(client: Client, settings: Settings) -> None:
    _question, notice = told()
    address = reverse("demo:mail", args=[notice.pk])
    assert "Beantwoord deze e-mail" in page_text(client.get(address))
    empty = client.post(address, {"text": "\u200b"})
    assert (empty.status_code, "Beantwoord deze e-mail" in page_text(empty)) == (422, True)
    settings.ANSWERS_BY_MAIL_ADDRESS = ""
    assert "Beantwoord deze e-mail" not in page_text(client.get(address))
    assert client.post(address, {"text": "Dank."}).status_code == 404
