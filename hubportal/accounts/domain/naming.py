"""Correcting the own name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.domain.mails import queue_name_changed
from hubportal.accounts.events import NAME_CHANGED
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.text import is_filled

MOST_NAMES_A_DAY = 5


@transaction.atomic(durable=True)
def change_own_name(*, name: str, actor: User, at: datetime) -> bool:
    """Change the name of an account by its owner, who is told by e-mail. Idempotent: ``False`` where it is called so already.

    What was submitted, consented, signed or sent keeps the name of then: it holds a copy. Raises ``NotAllowed`` for an account that
    ended, ``RuleViolation`` for no name, and ``TooMuch`` for who is called otherwise all day.
    """
    lock_person(actor)
    person = User.objects.get(pk=actor.pk)
    if not person.is_active:
        raise NotAllowed(_("This account has ended."))
    if not is_filled(name):
        raise RuleViolation(_("Enter your name."), field="full_name")
    if person.full_name == name:
        return False
    changed = AuditEvent.objects.filter(act=NAME_CHANGED.name, actor_id=person.pk)
    check_quota(changed, moment="happened_at", most=MOST_NAMES_A_DAY, at=at, field="full_name")
    person.full_name = name
    person.save(update_fields=["full_name"])
    queue_name_changed(person, at=at)
    record(NAME_CHANGED, subject=person, actor=person, at=at)
    return True
