"""Organisations that are asked about their public card, by the portal's own acts."""

import re
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.kernel.one_time import secret_digest
from hubportal.mail.models import OutgoingMail
from mapping.agreement_queries import agreement_with, request_with
from mapping.cards import asked_card
from mapping.domain.answering import agree_by_link, keep_corrections
from mapping.domain.asking import ask_to_publish
from mapping.domain.correcting import ask_correction, confirm_correction
from mapping.enums import CorrectionKind
from mapping.models import CorrectionRequest, PublishingRequest
from organisations.models import Organisation
from regions.models import Region
from tests.factories.moments import AT

ADDRESS = "info@buurtkring.example"


def asked(
    organisation: Organisation, region: Region, actor: User, *, email: str = ADDRESS, at: datetime = AT
) -> PublishingRequest:
    """Let a kwartiermaker ask an organisation to agree to its public card."""
    return ask_to_publish(organisation_id=organisation.pk, region=region, email=email, actor=actor, at=at)


def mailed_secret(request: PublishingRequest | CorrectionRequest, part: str = "akkoord") -> str:
    """Return the secret of the last mail with such a link about a question."""
    mails = OutgoingMail.objects.filter(about=request.mails_about).order_by("-pk")
    found = [secret for each in mails for secret in re.findall(rf"/kaart/{part}/([\w-]+)/", each.body)]
    return str(found[0])


def agreed(
    organisation: Organisation,
    region: Region,
    actor: User,
    *,
    email: str = ADDRESS,
    at: datetime = AT,
    **corrected: object,
) -> PublishingRequest:
    """Let an organisation agree through its link, perhaps to what it corrected."""
    question = asked(organisation, region, actor, email=email, at=at)
    if corrected:
        keep_corrections(request_id=question.pk, typed=corrected, at=at)
    found = request_with(secret_digest(mailed_secret(question)))
    assert found is not None
    return agree_by_link(
        request_id=found.pk, shown=asked_card(found).digest, name="Anna Akkoord (fictief)", at=at
    )


def lasting_of(request: PublishingRequest) -> PublishingRequest:
    """Return an agreement by the link of its receipt."""
    found = agreement_with(secret_digest(mailed_secret(request, "gegeven")))
    assert found is not None
    return found


def asked_correction_of(
    organisation: Organisation, region: Region, *, message: str = "Het adres klopt niet.", at: datetime = AT
) -> CorrectionRequest:
    """Let a visitor ask a correction from a public card, and confirm it."""
    request = ask_correction(
        region=region,
        organisation_key=organisation.map_key,
        kind=CorrectionKind.CORRECTION,
        message=message,
        name="Bert Bezoeker (fictief)",
        email="bert@bezoeker.example",
        at=at,
    )
    return confirm_correction(request_id=request.pk, at=at)
