"""Regional pictures: asking for one, making it, publishing it and taking that back."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.storage import store_pdf
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import check_shown
from mapping.permissions import may_map
from pictures.enums import Readers
from pictures.events import PICTURE_ASKED, PICTURE_MADE, PICTURE_PUBLISHED, PICTURE_WITHDRAWN
from pictures.models import RegionalPicture
from pictures.regional_queries import is_all_public, pictures_to_make, published_picture_of, text_of
from regions.models import Region

# Each takes seconds of a machine that makes letters too.
MOST_WAITING = 3
MOST_BY_ONE_PERSON_A_DAY = 20


class MadePdf(NamedTuple):
    """A regional picture, by their keys of which organisations and questions it tells, and each fact as ``told_now`` has it."""

    pdf: bytes
    organisations: Sequence[UUID] = ()
    questions: Sequence[int] = ()
    told: Collection[str] = ()


@transaction.atomic(durable=True)
def ask_for_regional_picture(
    *, region: Region, readers: Readers, key: UUID, actor: User, at: datetime
) -> RegionalPicture:
    """Ask for the regional picture with the text as it is saved now. Idempotent by ``key``.

    Raises ``NotAllowed`` when the region is not assigned to the actor, ``TooMuch`` for one who asked many today, and
    ``RuleViolation`` without a text, or while enough of the region wait.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds it.
    lock_person(actor)
    earlier = RegionalPicture.objects.filter(key=key).first()
    if earlier and earlier.region_id == region.pk:
        return earlier
    mine = RegionalPicture.objects.filter(asked_by=actor)
    check_quota(mine, moment="asked_at", most=MOST_BY_ONE_PERSON_A_DAY, at=at)
    written = text_of(region)
    if not is_filled(written.text):
        raise RuleViolation(_("Write a text first, and save it."))
    if pictures_to_make().filter(region=region).count() >= MOST_WAITING:
        raise RuleViolation(_("We are still making earlier ones. Wait until these are ready."))
    asked = RegionalPicture.objects.create(
        # A page of another region chose the same one: no second click.
        key=uuid4() if earlier else key,
        region=region,
        readers=readers,
        text=written.text,
        sources=written.sources,
        asked_at=at,
        asked_by=actor,
    )
    record(PICTURE_ASKED, subject=asked, actor=actor, at=at)
    return asked


@transaction.atomic(durable=True)
def make_regional_picture(
    *, picture_id: int, make: Callable[[RegionalPicture, datetime], MadePdf], at: datetime
) -> bool:
    """Make a regional picture that waits. Idempotent: ``False`` if it was made already, or another worker holds it."""
    waiting = pictures_to_make().select_for_update(of=("self",), skip_locked=True)
    picture = waiting.select_related("region").filter(pk=picture_id).first()
    if picture is None:
        return False
    made = make(picture, at)
    stored = store_pdf(made.pdf)
    picture.made_at, picture.stored_as, picture.sha256 = at, stored.name, stored.sha256
    picture.organisations, picture.questions = list(made.organisations), list(made.questions)
    picture.told = sorted(made.told)
    picture.save(update_fields=["made_at", "stored_as", "sha256", "organisations", "questions", "told"])
    record(PICTURE_MADE, subject=picture, actor=None, at=at, facts={"sha256": stored.sha256})
    return True


@transaction.atomic(durable=True)
def publish_regional_picture(
    *, picture_id: int, region: Region, seen: str, actor: User, at: datetime
) -> RegionalPicture:
    """Let visitors read a regional picture that was made for them, in the place of an earlier one. Idempotent.

    ``seen`` is the SHA-256 of what the actor was shown (rule 30). Raises ``NotAllowed``, ``NewerVersion``, ``DoesNotExist``
    for one of another region, and ``RuleViolation`` where something in it is not public any more (rule 23).
    """
    may_map.check(actor, region)
    # One public one per region: whoever publishes another one waits here.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    # Nor can it be destroyed meanwhile, as what is not public is once its period is over.
    locked = RegionalPicture.objects.select_for_update(of=("self",)).select_related("region")
    picture = locked.get(pk=picture_id, region=region)
    if picture.is_public:
        return picture
    check_shown(picture.sha256, seen)
    if picture.made_at is None or picture.readers != Readers.EVERYBODY:
        raise RuleViolation(_("This one was not made for everybody."))
    if not is_all_public(picture):
        raise RuleViolation(
            _("Something in it is no longer public. Have it made anew, and publish that one.")
        )
    if before := published_picture_of(region):
        _withdraw(before, actor=actor, at=at)
    picture.published_at, picture.published_by, picture.withdrawn_at = at, actor, None
    picture.save(update_fields=["published_at", "published_by", "withdrawn_at"])
    record(PICTURE_PUBLISHED, subject=picture, actor=actor, at=at, facts={"sha256": picture.sha256})
    return picture


@transaction.atomic(durable=True)
def withdraw_regional_picture(*, picture_id: int, region: Region, actor: User, at: datetime) -> None:
    """Let visitors read a regional picture no more. Idempotent. Raises ``NotAllowed``, and ``DoesNotExist`` for one of another region."""
    may_map.check(actor, region)
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    picture = RegionalPicture.objects.get(pk=picture_id, region=region)
    if picture.is_public:
        _withdraw(picture, actor=actor, at=at)


def _withdraw(picture: RegionalPicture, *, actor: User, at: datetime) -> None:
    picture.withdrawn_at = at
    picture.save(update_fields=["withdrawn_at"])
    record(PICTURE_WITHDRAWN, subject=picture, actor=actor, at=at, facts={"sha256": picture.sha256})
