"""Publishing organisations (rule 23)."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import check_shown
from mapping.domain.rows import row_version
from mapping.events import ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from mapping.permissions import may_publish
from mapping.queries import entry_of
from organisations.models import Organisation
from organisations.queries import regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region


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

    Raises ``NotAllowed``, and ``NewerVersion`` for what was not shown.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_publish.check(actor, organisation)
    if region is not None and seen_version is not None and organisation.published_at is None:
        check_shown(str(row_version(organisation, entry_of(organisation, region))), str(seen_version))
    set_public(organisation, is_public=True, actor=actor, at=at)
    return organisation


@transaction.atomic(durable=True)
def withdraw_publication(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Unpublish an organisation. Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    set_public(organisation, is_public=False, actor=actor, at=at)
    return organisation


def set_public(organisation: Organisation, *, is_public: bool, actor: User, at: datetime) -> None:
    """Publish or unpublish an organisation, locked, within the caller's act. Idempotent (rule 23). Raises ``NotAllowed``."""
    may_publish.check(actor, organisation)
    if (organisation.published_at is not None) == is_public:
        return
    organisation.published_at, organisation.published_by = (at, actor) if is_public else (None, None)
    organisation.version += 1
    organisation.changed_at, organisation.changed_by = at, actor
    organisation.save(update_fields=["published_at", "published_by", "version", "changed_at", "changed_by"])
    note_changes(regions_of_organisation(organisation), at=at)
    if is_public:
        record(ORGANISATION_PUBLISHED, subject=organisation, actor=actor, at=at)
    else:
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)
