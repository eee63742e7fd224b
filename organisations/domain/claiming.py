"""Saying that one speaks for an organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from organisations.domain.organisations import OrganisationFacts, check_legal_person, find_or_add, stated
from organisations.domain.representing import ask_colleagues
from organisations.enums import Standing
from organisations.events import CLAIMED
from organisations.models import Representative
from organisations.queries import claims

# Each of these may mail the people of an organisation, and waits for somebody to look at it.
MAX_PENDING = 5
MAX_A_DAY = 10


class TooManyPending(RuleViolation):
    """Somebody said that they speak for more organisations than can be checked at once."""


@transaction.atomic(durable=True)
def claim_organisation(*, facts: OrganisationFacts, actor: User, at: datetime) -> Representative:
    """Say that one speaks for the organisation with this KvK number, adding it when it is new. Idempotent.

    It is pending: nothing opens before somebody who may has vouched for the person (rule 27); colleagues who speak for
    the organisation are mailed. What was disputed before, or ended by the office, is for the office again. An
    organisation that is known keeps its facts, and who says this reads what they typed (rule 26). Raises
    ``NotALegalPerson``, ``TooManyPending`` and ``TooMuch``.
    """
    lock_person(actor)
    check_legal_person(facts)
    organisation = find_or_add(facts, actor=actor, at=at)
    known = organisation.representatives.filter(user=actor, ended_at=None).first()
    if known is not None:
        return known
    if claims().filter(user=actor).count() >= MAX_PENDING:
        raise TooManyPending(
            _(
                "We are still checking %(count)d organisations for you. You can add another one once we "
                "have finished."
            )
            % {"count": MAX_PENDING},
            field="kvk_number",
        )
    check_claimed_today(actor, at=at, field="kvk_number")
    earlier = Representative.objects.filter(user=actor)
    representative = Representative(organisation=organisation, user=actor, since_at=at, **stated(facts))
    _take_over_dispute(representative, earlier.filter(organisation=organisation).last())
    representative.save()
    if representative.standing == Standing.PENDING:
        ask_colleagues(representative, at=at)
    record(CLAIMED, subject=organisation, actor=actor, at=at)
    return representative


def check_claimed_today(actor: User, *, at: datetime, field: str = "") -> None:
    """Raise ``TooMuch`` for whoever said so, or corrected it, as often as one person can in a day."""
    claimed = Representative.objects.filter(user=actor)
    check_quota(claimed, moment="since_at", most=MAX_A_DAY, at=at, field=field)


def _take_over_dispute(representative: Representative, last: Representative | None) -> None:
    """Nobody is rid of a dispute by ending it and saying the same again."""
    if last is None:
        return
    if last.contested_at is not None:
        representative.contested_at, representative.contested_by = last.contested_at, last.contested_by
        representative.contest_reason = last.contest_reason
    elif last.ended_by_id != last.user_id:
        representative.contested_at, representative.contested_by = last.ended_at, last.ended_by
        representative.contest_reason = last.end_reason
    # Colleagues are asked no sooner again for it, nor the office elsewhere than where a dossier is asked with it.
    representative.asked_at, representative.held_at = last.asked_at, last.held_at
