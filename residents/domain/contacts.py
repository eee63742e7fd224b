"""How visitors reach a kwartiermaker, who chooses that."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from mapping.permissions import may_map
from regions.models import Region
from residents.events import CONTACT_HIDDEN, CONTACT_SHOWN
from residents.models import PublicContact
from residents.queries import contacts_to_forget


@transaction.atomic(durable=True)
def show_contact(
    *, region: Region, name: str, phone: str, hours: str, actor: User, at: datetime
) -> PublicContact:
    """Show visitors of a region how they can call its kwartiermaker. Idempotent. Raises ``NotAllowed``."""
    may_map.check(actor, region)
    lock_person(actor)
    shown = PublicContact.objects.filter(region=region, user=actor).first()
    if shown and (shown.name, shown.phone, shown.hours) == (name, phone, hours):
        return shown
    shown = shown or PublicContact(region=region, user=actor)
    shown.name, shown.phone, shown.hours, shown.shown_at = name, phone, hours, at
    shown.save()
    record(CONTACT_SHOWN, subject=actor, actor=actor, at=at, facts={"region": region.pk})
    return shown


@transaction.atomic(durable=True)
def hide_contact(*, region: Region, actor: User, at: datetime) -> bool:
    """Show visitors no more how they can call a kwartiermaker, and forget it. Idempotent. Raises ``NotAllowed``."""
    may_map.check(actor, region)
    lock_person(actor)
    gone, _rows = PublicContact.objects.filter(region=region, user=actor).delete()
    if gone:
        record(CONTACT_HIDDEN, subject=actor, actor=actor, at=at, facts={"region": region.pk})
    return bool(gone)


@transaction.atomic(durable=True)
def forget_contact(*, contact_id: int, at: datetime) -> bool:
    """Forget how to call somebody who no longer maps the region. Idempotent."""
    found = contacts_to_forget().select_for_update(of=("self",)).filter(pk=contact_id).first()
    if found is None:
        return False
    record(CONTACT_HIDDEN, subject=found.user, actor=None, at=at, facts={"region": found.region_id})
    found.delete()
    return True
