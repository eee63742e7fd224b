"""Correcting what somebody typed of the organisation that they speak for, and of a coalition."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalitions.domain.ties import check_tie
from coalitions.events import LEAD_CORRECTED, RENAMED
from coalitions.models import Coalition
from coalitions.permissions import may_lead
from coalitions.queries import ever_handed_in, handed_in, named_by
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown, check_version
from organisations.domain.claiming import check_claimed_today
from organisations.domain.organisations import OrganisationFacts, check_legal_person, stated
from organisations.domain.representing import locked_representative, restate
from organisations.enums import Standing
from organisations.events import CORRECTED
from organisations.models import Representative
from organisations.permissions import may_correct
from organisations.queries import own_representation


@transaction.atomic(durable=True)
def correct_own_organisation(
    *, representative_id: int, facts: OrganisationFacts, actor: User, at: datetime
) -> Representative:
    """Correct the name, form or seat that somebody typed of the organisation that they speak for, or said so. Idempotent.

    The lead's place follows in each coalition that is named by them (``named_by``) and of which nothing was submitted; who agreed
    there to an application of another name agrees anew (rule 9). Who vouched for them did so under what they typed before: that row
    ends, so that nobody confirms what they did not read, and another is pending (rule 27). The number stays. Returns the
    row that counts. Raises ``NotAllowed``, ``NotALegalPerson``, ``NotTiedToRegion``, ``TooMuch``, ``NewerVersion`` for what
    was corrected otherwise meanwhile, and ``RuleViolation`` where an application was submitted under the name.
    """
    lock_person(actor)
    mine = locked_representative(representative_id)
    may_correct.check(actor, mine)
    facts = replace(facts, kvk_number=mine.organisation.kvk_number)
    check_legal_person(facts)
    named = stated(facts)
    now = own_representation(actor, mine.organisation)
    if all(getattr(now, name) == value for name, value in named.items()):
        return now
    # Which row it is, is its version.
    check_version(now.pk, mine.pk)
    _check_nothing_submitted(mine)
    check_claimed_today(actor, at=at)
    named_so = named_by(actor, mine.organisation_id)
    fixed = handed_in() if mine.standing == Standing.PROVED else ever_handed_in()
    for each in named_so.exclude(pk__in=fixed.order_by().values("pk")).order_by("pk"):
        _correct_lead(each, named, fixed, actor=actor, at=at)
    corrected = restate(mine, named, actor=actor, at=at)
    record(CORRECTED, subject=mine.organisation, actor=actor, at=at)
    return corrected


@transaction.atomic(durable=True)
def rename_coalition(*, coalition_id: int, name: str, seen: str, actor: User, at: datetime) -> Coalition:
    """Give a coalition another name, until an application of it is submitted. Idempotent.

    Who agreed to an application of the former name agrees anew (rule 9). ``seen`` is the name that was shown. Raises
    ``NotAllowed``, ``NewerVersion`` where it got another one meanwhile, and ``RuleViolation`` after submission and for
    the name of another coalition that the same person began for the same organisation in the region.
    """
    # Whoever began it begins no other one of that name meanwhile.
    lock_person(Coalition.objects.select_related("created_by").get(pk=coalition_id).created_by)
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_lead.check(actor, coalition)
    if coalition.name == name:
        return coalition
    check_shown(coalition.name, seen)
    if handed_in().filter(pk=coalition.pk).exists():
        raise RuleViolation(
            _("An application has been submitted under this name. Call us to have the name corrected."),
            field="name",
        )
    begun = Coalition.objects.filter(
        region=coalition.region_id, lead_organisation=coalition.lead_organisation_id
    )
    if begun.filter(created_by=coalition.created_by_id, name=name).exists():
        raise RuleViolation(
            _("There is another coalition of this organisation with this name in the region."), field="name"
        )
    coalition.name = name
    coalition.changed_at = coalition.lead_named_at = at
    coalition.save(update_fields=["name", "changed_at", "lead_named_at"])
    record(RENAMED, subject=coalition, actor=actor, at=at)
    return coalition


def _check_nothing_submitted(representative: Representative) -> None:
    """Raise ``RuleViolation`` for who speaks for what submitted an application: pending, they would not read it any more.

    Who only says to speak for it does not hear of applications that others submitted (rule 26).
    """
    submitted = handed_in().filter(lead_organisation=representative.organisation_id)
    if representative.standing == Standing.PROVED and submitted.exists():
        raise _submitted_already()


def _submitted_already() -> RuleViolation:
    return RuleViolation(
        _("An application has been submitted under this name. Call us to have the name corrected."),
        field="name",
    )


def _correct_lead(
    started: Coalition, named: dict[str, Any], fixed: QuerySet[Coalition], *, actor: User, at: datetime
) -> None:
    coalition = Coalition.objects.select_for_update().select_related("region").get(pk=started.pk)
    if fixed.filter(pk=coalition.pk).exists():
        # While we waited for the lock: what was sealed has the name of before (rule 4).
        raise _submitted_already()
    place = coalition.participations.get(is_lead=True)
    if all(getattr(place, name) == value for name, value in named.items()):
        return
    check_tie(named, coalition.region, works_there=place.works_in_region, field="municipality")
    for name, value in named.items():
        setattr(place, name, value)
    place.save(update_fields=list(named))
    coalition.lead_name = place.stated_name
    coalition.changed_at = coalition.lead_named_at = at
    coalition.save(update_fields=["lead_name", "changed_at", "lead_named_at"])
    record(LEAD_CORRECTED, subject=coalition, actor=actor, at=at)
