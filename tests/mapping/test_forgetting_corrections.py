"""What nobody confirmed is forgotten whole: with the mail, which holds the address of who never asked (rule 23)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hubportal.mail.models import OutgoingMail
from mapping.correction_queries import DAYS_TO_CONFIRM
from mapping.domain.correcting import (
    ask_correction,
    confirm_correction,
    disown_correction,
    forget_correction,
)
from mapping.domain.publishing import publish_organisation
from mapping.enums import CorrectionKind
from mapping.models import CorrectionRequest
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.mapping.grids import mapped

pytestmark = pytest.mark.django_db

LATE = AT + timedelta(days=DAYS_TO_CONFIRM)


def disowned(request: CorrectionRequest) -> bool:
    return disown_correction(request_id=request.pk, at=AT)


def forgotten(request: CorrectionRequest) -> bool:
    return forget_correction(request_id=request.pk, at=LATE)


@pytest.mark.parametrize("end", [disowned, forgotten])
def test_no_mail_stays_of_what_nobody_confirmed(end: Callable[[Any], bool]) -> None:
    region = RegionFactory.create()
    mapper = kwartiermaker_in(region)
    card = mapped("Kring", region, mapper)
    publish_organisation(organisation_id=card.pk, actor=mapper, at=AT)
    gone, kept = (
        ask_correction(
            region=region,
            organisation_key=card.map_key,
            kind=CorrectionKind.CORRECTION,
            message="Het adres klopt niet.",
            name="Bert Bezoeker (fictief)",
            email=f"{name}@voorbeeld.example",
            at=AT,
        )
        for name in ("ander", "zelf")
    )
    confirm_correction(request_id=kept.pk, at=AT)
    assert end(gone)
    to_visitors = OutgoingMail.objects.exclude(recipient=mapper.email)
    assert set(to_visitors.values_list("recipient", flat=True)) == {"zelf@voorbeeld.example"}
