"""Sweeps of the residents app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from residents.domain.contacts import forget_contact
from residents.domain.erasing import erase_message
from residents.queries import contacts_to_forget, messages_to_erase

ERASING = Sweep(
    name="residents.erase",
    words=_("Erasing messages of residents whose time is over"),
    due=lambda at: messages_to_erase(at=at),
    act=lambda message_id, at: erase_message(message_id=message_id, at=at),
    waits_since="kept_until",
)
CONTACTS = Sweep(
    name="residents.forget_contacts",
    words=_("Forgetting how to call kwartiermakers who left"),
    due=lambda _at: contacts_to_forget(),
    act=lambda contact_id, at: forget_contact(contact_id=contact_id, at=at),
    waits_since="shown_at",
)


@shared_task(name=CONTACTS.name)
def forget_contacts_task() -> None:
    """Forget how to call people who no longer map a region."""
    run(CONTACTS, now=clock.now)


@shared_task(name=ERASING.name)
def erase_messages_task() -> None:
    """Erase the messages that nobody confirmed in time, and those past their period."""
    run(ERASING, now=clock.now)
