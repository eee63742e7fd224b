"""Who recorded something hears that it was sent back, unless it was closed to them since (rules 14 and 26)."""

from collections.abc import Callable
from typing import Any

import pytest

from decisions.domain.correcting import take_back_correction
from decisions.domain.withdrawing import send_back_decision
from hubportal.accounts.models import RoleGrant
from hubportal.mail.models import OutgoingMail
from reviews.domain.interests import note_affiliation
from reviews.enums import AffiliationKind
from tests.decisions.test_correcting import correct, told
from tests.factories.scenarios import after_deadline, committee, decided, open_to

pytestmark = pytest.mark.django_db


def send_decision_back() -> Any:
    case = decided()
    open_to(case, committee().releaser)

    def act() -> None:
        send_back_decision(
            decision_id=case.decision.pk,
            reason="De redenen ontbreken.",
            actor=committee().releaser,
            at=after_deadline(case, days=40),
        )

    return case, act


def send_correction_back() -> Any:
    case = told()
    correction = correct(case)

    def act() -> None:
        take_back_correction(
            correction_id=correction.pk,
            reason="Nog niet goed.",
            actor=committee().releaser,
            at=after_deadline(case, days=80),
        )

    return case, act


def gets_a_seat(case: Any) -> None:
    note_affiliation(
        user=committee().officer,
        organisation=case.coalition.lead_organisation,
        kind=AffiliationKind.BOARD,
        actor=committee().officer,
        at=after_deadline(case, days=39),
    )


def leaves_the_office(_case: Any) -> None:
    RoleGrant.objects.filter(user=committee().officer).delete()


def stays(_case: Any) -> None:
    """Nothing happens."""


@pytest.mark.parametrize("begin", [send_decision_back, send_correction_back])
@pytest.mark.parametrize(
    ("meanwhile", "is_told"), [(stays, True), (gets_a_seat, False), (leaves_the_office, False)]
)
def test_only_who_may_still_see_the_case_is_mailed(
    begin: Callable[[], Any], meanwhile: Callable[[Any], None], is_told: bool
) -> None:
    case, act = begin()
    recorder = committee().officer.email
    meanwhile(case)
    act()
    mails = OutgoingMail.objects.filter(kind__in=["decision_sent_back", "correction_sent_back"])
    assert list(mails.values_list("recipient", flat=True)) == ([recorder] if is_told else [])
