"""Sweeps of the correspondence app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from correspondence.domain.delivering import deliver_messages
from correspondence.queries import messages_to_deliver
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run

DELIVERING = Sweep(
    name="correspondence.deliver",
    words=_("Delivering messages about applications"),
    due=lambda at: messages_to_deliver(at=at),
    act=lambda message_id, at: deliver_messages(message_id=message_id, at=at),
    waits_since="written_at",
    # Nor is told how many there are about applications that are closed to whoever reads the figures.
    tells_of_decisions=True,
)


@shared_task(name=DELIVERING.name)
def deliver_messages_task() -> None:
    """Deliver the messages that can be taken back no more."""
    run(DELIVERING, now=clock.now)
