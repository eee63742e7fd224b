"""Organisations of a region about their public cards: one agreed, one corrected its text, one was asked, and a visitor asks something."""

import re
from collections.abc import Sequence
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.kernel.one_time import secret_digest
from hubportal.mail.models import OutgoingMail
from mapping.agreement_queries import request_with
from mapping.cards import asked_card
from mapping.domain.answering import agree_by_link, keep_corrections
from mapping.domain.asking import ask_to_publish
from mapping.domain.correcting import ask_correction, confirm_correction
from mapping.enums import CorrectionKind
from mapping.models import PublishingRequest
from organisations.models import Organisation
from regions.models import Region

_SECRET = re.compile(r"/kaart/akkoord/([\w-]+)/")


def ask_about_cards(
    region: Region, organisations: Sequence[Organisation], kwartiermaker: User, *, at: datetime
) -> None:
    """Let the kwartiermaker ask four organisations, of which two answer, and a visitor ask a correction of the second."""
    first, second, third, fourth = organisations
    _agree(_ask(first, region, kwartiermaker, "bewoners", at=at), at=at)
    corrected = _ask(third, region, kwartiermaker, "kring", at=at)
    text = "Een bedachte kring van patiënten. Wij komen elke eerste dinsdag bij elkaar."
    keep_corrections(request_id=corrected.pk, typed={"description": text}, at=at)
    _agree(corrected, at=at)
    _ask(fourth, region, kwartiermaker, "buurt", at=at)
    asked = ask_correction(
        region=region,
        organisation_key=second.map_key,
        kind=CorrectionKind.CORRECTION,
        message="Deze bedachte raad vergadert nu in een ander gebouw.",
        name="Bea Bezoeker (fictief)",
        email="bea.bezoeker@burger.example",
        at=at,
    )
    confirm_correction(request_id=asked.pk, at=at)


def _ask(
    organisation: Organisation, region: Region, kwartiermaker: User, mailbox: str, *, at: datetime
) -> PublishingRequest:
    return ask_to_publish(
        organisation_id=organisation.pk,
        region=region,
        email=f"{mailbox}@organisatie.example",
        actor=kwartiermaker,
        at=at,
    )


def _agree(asked: PublishingRequest, *, at: datetime) -> None:
    """Follow the link as its reader does: only the mail knows the secret."""
    mail = OutgoingMail.objects.filter(about=asked.mails_about).latest("pk")
    secret = _SECRET.search(mail.body)
    assert secret is not None
    found = request_with(secret_digest(secret[1]))
    assert found is not None
    agree_by_link(request_id=found.pk, shown=asked_card(found).digest, name="Anna Akkoord (fictief)", at=at)
