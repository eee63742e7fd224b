"""Sweeps of the people app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from people.domain.erasing import erase_ended, forget_mail
from people.domain.reminding import remind_person
from people.queries import mails_to_forget, people_to_erase, people_to_remind

ERASING = Sweep(
    name="people.erase_ended",
    words=_("Erasing people whose consent ended"),
    due=lambda at: people_to_erase(at=at),
    act=lambda person_id, at: erase_ended(person_id=person_id, at=at),
    waits_since="kept_until",
)
REMINDING = Sweep(
    name="people.remind",
    words=_("Telling people that their consent ends"),
    due=lambda at: people_to_remind(at=at),
    act=lambda person_id, at: remind_person(person_id=person_id, at=at),
    waits_since="kept_until",
)
FORGETTING = Sweep(
    name="people.forget_mails",
    words=_("Forgetting e-mails that said that somebody was erased"),
    due=lambda at: mails_to_forget(at=at),
    act=lambda mail_id, at: forget_mail(mail_id=mail_id, at=at),
    waits_since="claimed_at",
)


@shared_task(name=ERASING.name)
def erase_ended_task() -> None:
    """Erase people whose consent ended, or who did not answer in time."""
    run(ERASING, now=clock.now)


@shared_task(name=REMINDING.name)
def remind_task() -> None:
    """Tell people thirty days before the end that their consent ends."""
    run(REMINDING, now=clock.now)


@shared_task(name=FORGETTING.name)
def forget_mails_task() -> None:
    """Forget the mails that brought receipts."""
    run(FORGETTING, now=clock.now)
