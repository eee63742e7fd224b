"""Copies of a draft as a file: asking for one, making it, and forgetting it.

Nobody can take one for something that was submitted: each page says what it is and of which moment, it carries no seal
and no code, and it is gone once the draft is submitted or discarded (rule 13).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.content import content_of
from applications.domain.locking import locked_draft_of
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.events import COPY_ASKED, COPY_MADE
from applications.models import Application, DraftCopy
from applications.permissions import may_manage, may_read_draft
from applications.queries.draft_copies import copies_past_their_time, copies_to_make
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.audit.queries import events_of
from hubportal.documents.domain.bounded import TooBusy, TooCostly
from hubportal.documents.domain.storage import store_pdf
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.sweeps.domain.sweeping import NotNow

# Each takes a second of a machine that makes letters too.
MOST_WAITING = 3
MOST_BY_ONE_PERSON_A_DAY = 20
# Who asks again within it has the one that was made; later it is of a new moment, though nothing changed.
ONE_MOMENT = timedelta(hours=1)

MakeCopy = Callable[[DraftCopy], bytes]


@transaction.atomic(durable=True)
def ask_for_copy(*, reference: str, actor: User, at: datetime) -> DraftCopy:
    """Ask for a PDF of what is in a draft now. Idempotent while nothing in it changes, for an hour.

    Raises ``NotAllowed`` for who may not read it, ``WrongStatus``, ``TooMuch`` for one who asked many today, and
    ``RuleViolation`` while enough of the draft wait.
    """
    lock_person(actor)
    application = locked_draft_of(reference, actor, permission=may_read_draft)
    with_people = may_manage.allows(actor, application)
    content = canonical_bytes(copied_content(snapshot_of(application), with_people=with_people))
    sha256 = digest(content)
    mine = application.copies.filter(with_people=with_people, asked_by=actor)
    earlier = mine.filter(content_sha256=sha256).first()
    if earlier is not None and (earlier.made_at is None or at - earlier.asked_at < ONE_MOMENT):
        return earlier
    # By what was done: discarding a draft takes its copies along.
    asked_today = events_of(actor.pk, COPY_ASKED)
    check_quota(asked_today, moment="happened_at", most=MOST_BY_ONE_PERSON_A_DAY, at=at)
    if copies_to_make().filter(asked_by=actor).count() >= MOST_WAITING:
        raise RuleViolation(_("We are still making earlier ones. Wait until these are ready."))
    if application.copies.filter(made_at=None, given_up_at=None).count() >= MOST_WAITING:
        raise RuleViolation(_("We are still making earlier ones. Wait until these are ready."))
    if earlier is not None:
        earlier.delete()
    asked = DraftCopy.objects.create(
        application=application,
        with_people=with_people,
        content_sha256=sha256,
        content=content,
        asked_at=at,
        asked_by=actor,
    )
    record(COPY_ASKED, subject=asked, actor=actor, at=at)
    return asked


def copied_content(snapshot: Snapshot, *, with_people: bool) -> dict[str, Any]:
    """Return what assessors would read of a draft: no addresses, and the project leader only for who may see people."""
    content = content_of(snapshot)
    people, organisations = content.pop("people"), content.pop("organisations")
    for of_lead_alone in ("postal_address", "electronic_letters"):
        del content[of_lead_alone]
    leader = people["project_leader"]
    return {
        **content,
        "organisations": [{**each, "contact": None} for each in organisations],
        "project_leader": {name: leader[name] for name in ("name", "organisation")} if with_people else None,
    }


def make_copy(*, copy_id: int, make_pdf: MakeCopy, at: datetime) -> bool:
    """Make a copy that waits. Idempotent: ``False`` if it was made or forgotten already. Raises ``NotNow`` while another one is being made.

    Nothing is locked meanwhile: a text that takes long keeps nobody from submitting. One that takes too long is given up.
    """
    copy = copies_to_make().select_related("application__call").filter(pk=copy_id).first()
    if copy is None:
        return False
    try:
        pdf = make_pdf(copy)
    except TooBusy as busy:
        raise NotNow from busy
    except TooCostly:
        return _abandon(copy_id, at=at)
    return _keep_copy(copy_id, pdf, at=at)


@transaction.atomic(durable=True)
def _keep_copy(copy_id: int, pdf: bytes, *, at: datetime) -> bool:
    copy = copies_to_make().select_for_update(of=("self",), skip_locked=True).filter(pk=copy_id).first()
    if copy is None:
        return False
    stored = store_pdf(pdf)
    copy.made_at, copy.stored_as, copy.sha256, copy.content = at, stored.name, stored.sha256, b""
    copy.save(update_fields=["made_at", "stored_as", "sha256", "content"])
    record(COPY_MADE, subject=copy, actor=None, at=at, facts={"sha256": stored.sha256})
    return True


@transaction.atomic(durable=True)
def _abandon(copy_id: int, *, at: datetime) -> bool:
    copy = copies_to_make().select_for_update(of=("self",), skip_locked=True).filter(pk=copy_id).first()
    if copy is None:
        return False
    copy.given_up_at, copy.content = at, b""
    copy.save(update_fields=["given_up_at", "content"])
    return True


@transaction.atomic(durable=True)
def forget_copy(*, copy_id: int, at: datetime) -> bool:
    """Forget a copy whose days are over. Idempotent. Its file has no row any more, and goes within a day."""
    past = copies_past_their_time(at=at).select_for_update(skip_locked=True).filter(pk=copy_id)
    return bool(past.delete()[0])


def forget_copies_of(application: Application) -> None:
    """Forget the copies of what is a draft no more, within the act that ends it."""
    application.copies.all().delete()
