"""Telling people that their consent ends."""

from datetime import datetime

from django.db import transaction

from hubportal.audit.domain.events import record
from people.domain.mails import queue_reminder
from people.events import REMINDED
from people.models import MappedPerson
from people.queries import people_to_remind


@transaction.atomic(durable=True)
def remind_person(*, person_id: int, at: datetime) -> bool:
    """Mail somebody thirty days before the end how to prolong and how to withdraw. Idempotent."""
    person = MappedPerson.objects.select_for_update().filter(pk=person_id).first()
    if person is None or not people_to_remind(at=at).filter(pk=person.pk).exists():
        return False
    person.reminded_at = at
    person.save(update_fields=["reminded_at"])
    queue_reminder(person, at=at)
    record(REMINDED, subject=person, actor=None, at=at)
    return True
