"""Publishing organisations (rule 23)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown
from mapping.agreement_queries import agreement_of, has_declined, last_word_of, refused_under
from mapping.cards import card_of
from mapping.domain.agreement_mails import queue_overruled
from mapping.domain.refusals import note_came_with, remember_last_word
from mapping.domain.rows import row_version
from mapping.enums import AgreementState
from mapping.events import ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from mapping.models import PublishingRequest
from mapping.permissions import may_publish
from mapping.queries import entry_of
from organisations.models import Organisation
from organisations.queries import regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region


class Declined(RuleViolation):
    """The organisation said that it does not want to be public."""


@transaction.atomic(durable=True)
def publish_organisation(
    *,
    organisation_id: int,
    region: Region | None = None,
    seen_version: int | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Publish an organisation as the row of a region showed it. Idempotent (rule 23).

    The kwartiermaker answers for it, unless the organisation agreed to this very text. Raises ``NotAllowed``, ``Declined``,
    and ``NewerVersion`` for what was not shown.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_publish.check(actor, organisation)
    if region is not None and seen_version is not None and organisation.published_at is None:
        check_shown(str(row_version(organisation, entry_of(organisation, region))), str(seen_version))
    set_public_as_written(organisation, is_public=True, actor=actor, at=at)
    return organisation


@transaction.atomic(durable=True)
def withdraw_publication(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Unpublish an organisation. Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    set_public_as_written(organisation, is_public=False, actor=actor, at=at)
    return organisation


def set_public_as_written(organisation: Organisation, *, is_public: bool, actor: User, at: datetime) -> None:
    """Publish an organisation as the map has it now, or unpublish it, within the caller's act. Idempotent (rules 23 and 30).

    An agreement to another text ends: visitors would read that one. Raises ``NotAllowed`` and ``Declined``.
    """
    may_publish.check(actor, organisation)
    if is_public and organisation.published_at is None:
        check_not_declined(organisation)
        agreement = agreement_of(organisation)
        if agreement is not None and agreement.text_digest != card_of(organisation).digest:
            agreement.ended_at = at
            agreement.save(update_fields=["ended_at"])
    set_public(organisation, is_public=is_public, actor=actor, at=at)


def check_not_declined(organisation: Organisation) -> None:
    """Raise ``Declined`` where the last word of an organisation is that it does not want to be public."""
    if has_declined(organisation):
        raise Declined(
            _(
                "The organisation said that it does not want to be public. You can publish it once it agrees: ask it"
                " again if it changed its mind."
            )
        )


def set_public(organisation: Organisation, *, is_public: bool, actor: User, at: datetime) -> None:
    """Publish or unpublish an organisation, locked, within the caller's act. Idempotent (rule 23). Raises ``NotAllowed``.

    What declined stays as it is: nothing that happens to its row makes it public again.
    """
    may_publish.check(actor, organisation)
    if (organisation.published_at is not None) == is_public or (is_public and has_declined(organisation)):
        return
    _write(organisation, at if is_public else None, actor if is_public else None, changed_by=actor, at=at)
    if is_public:
        record(ORGANISATION_PUBLISHED, subject=organisation, actor=actor, at=at)
    else:
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)


def publish_as_agreed(
    organisation: Organisation, *, asked_by: User, taken_over_by: User | None, at: datetime
) -> None:
    """Publish an organisation that agreed to its text, within the caller's act, which recorded that."""
    if organisation.published_at is None:
        _write(organisation, at, asked_by, changed_by=taken_over_by, at=at)
    else:
        note_changes(regions_of_organisation(organisation), at=at)


def hide(organisation: Organisation, *, at: datetime) -> None:
    """Unpublish an organisation that does not agree, or does no longer, within the caller's act. Idempotent.

    On every map on which it has a row, and remembered by its number. What it agreed to before is over, also what nobody took
    over yet. Whoever agreed for another row hears of it: whose no it was is not proved either (rule 27).
    """
    remember_last_word(organisation)
    number = organisation.kvk_number
    same = Organisation.objects.filter(kvk_number=number) if number else Organisation.objects.none()
    _hide_row(organisation, at=at)
    for each in same.exclude(pk=organisation.pk).order_by("pk"):
        agreed = agreement_of(each)
        _hide_row(each, at=at)
        if agreed is not None:
            queue_overruled(agreed, at=at)


def hide_under_number(organisation: Organisation, *, at: datetime) -> None:
    """Let a no of this row hold under the number that it has from now on, within the act that gave it that (rule 23)."""
    word = last_word_of(organisation)
    if organisation.kvk_number and word is not None and word.is_refusal:
        before = list(refused_under(organisation.kvk_number).values_list("pk", flat=True))
        hide(organisation, at=at)
        note_came_with(organisation, before)


def _hide_row(organisation: Organisation, *, at: datetime) -> None:
    agreed = PublishingRequest.objects.filter(organisation=organisation, state=AgreementState.AGREED)
    agreed.filter(ended_at=None).update(ended_at=at)
    if organisation.published_at is not None:
        _write(organisation, None, None, changed_by=None, at=at)


def _write(
    organisation: Organisation,
    published_at: datetime | None,
    published_by: User | None,
    *,
    changed_by: User | None,
    at: datetime,
) -> None:
    organisation.published_at, organisation.published_by = published_at, published_by
    organisation.version += 1
    organisation.changed_at, organisation.changed_by = at, changed_by
    organisation.save(update_fields=["published_at", "published_by", "version", "changed_at", "changed_by"])
    note_changes(regions_of_organisation(organisation), at=at)
