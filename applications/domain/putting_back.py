"""Putting back what stood in a draft before: a save like any other, so that what it replaces is kept too (rule 32)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.budget import PlannedLine, write_budget
from applications.domain.drafting import Particulars, write_particulars
from applications.domain.locking import locked_draft_of
from applications.domain.sections import section_to_write, write_section
from applications.domain.versions import Saving
from applications.enums import Part
from applications.events import VERSION_PUT_BACK
from applications.models import Application, ApplicationSection, EarlierVersion
from applications.queries.versions import earlier_version
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation


class GoneMeanwhile(RuleViolation):
    """What an earlier version names is no longer part of the draft."""


@transaction.atomic(durable=True)
def put_back_text(
    *, reference: str, key: str, number: int, seen_version: int, actor: User, at: datetime
) -> ApplicationSection:
    """Put an earlier text of a section back, as a version of its own. Idempotent.

    ``number`` is the version to put back, ``seen_version`` the one that was shown as standing. Raises what
    ``save_section`` does, and ``DoesNotExist`` for a version that is not kept.
    """
    application = locked_draft_of(reference, actor)
    spec, section = section_to_write(application, key)
    found = earlier_version(application, number, part=Part.SECTION, spec=spec)
    before = section.version
    written = write_section(section, spec, found.content["text"], _saving(found, seen_version, actor, at))
    _note(application, actor, at=at, is_changed=written.version != before)
    return written


@transaction.atomic(durable=True)
def put_back_particulars(
    *, reference: str, number: int, seen_version: int, actor: User, at: datetime
) -> Application:
    """Put an earlier title, first day and duration back. Idempotent. Raises what ``save_particulars`` does, and ``DoesNotExist``."""
    application = locked_draft_of(reference, actor)
    found = earlier_version(application, number, part=Part.PARTICULARS)
    before = application.particulars_version
    written = write_particulars(
        application, _particulars(found.content), _saving(found, seen_version, actor, at)
    )
    _note(application, actor, at=at, is_changed=written.particulars_version != before)
    return written


@transaction.atomic(durable=True)
def put_back_budget(
    *, reference: str, number: int, seen_version: int, actor: User, at: datetime
) -> Application:
    """Put an earlier budget back. Idempotent.

    Raises what ``save_budget`` does, ``DoesNotExist``, and ``GoneMeanwhile`` where an organisation with a share in it is
    no longer in the coalition, or a heading no longer in the call: then nothing is changed.
    """
    application = locked_draft_of(reference, actor)
    found = earlier_version(application, number, part=Part.BUDGET)
    before = application.budget_version
    lines = _lines(application, found.content["lines"])
    written = write_budget(application, lines, _saving(found, seen_version, actor, at))
    _note(application, actor, at=at, is_changed=written.budget_version != before)
    return written


def _saving(found: EarlierVersion, seen: int, actor: User, at: datetime) -> Saving:
    return Saving(seen, actor, at, restored_from=found.saved_at)


def _note(application: Application, actor: User, *, at: datetime, is_changed: bool) -> None:
    if is_changed:
        record(VERSION_PUT_BACK, subject=application, actor=actor, at=at)


def _particulars(content: dict[str, Any]) -> Particulars:
    day = content["starts_on"]
    return Particulars(content["title"], date.fromisoformat(day) if day else None, content["duration_months"])


def _lines(application: Application, kept: list[dict[str, Any]]) -> list[PlannedLine]:
    headings = {each.pk: each for each in application.call.headings.all()}
    members = {each.pk: each for each in application.coalition.participations.all()}
    gone = {
        name
        for each in kept
        for known, key, name in (
            (headings, each["heading"], each["heading_title"]),
            (members, each["participation"], each["organisation"]),
        )
        if key not in known
    }
    if gone:
        raise GoneMeanwhile(
            _(
                "This version names what is no longer part of the application: %(names)s. Nothing has been changed. Copy "
                "the lines that you need into the budget."
            )
            % {"names": ", ".join(sorted(gone))}
        )
    return [
        PlannedLine(
            headings[each["heading"]],
            members[each["participation"]],
            each["description"],
            Decimal(each["amount"]),
            hours=_number(each.get("hours")),
            rate=_number(each.get("rate")),
        )
        for each in kept
    ]


def _number(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)
