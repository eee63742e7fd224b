"""Who may release a letter (rule 19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import RELEASERS, Audience
from hubportal.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from hubportal.accounts.permissions import Person

    Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class SecondPersonPermission(Audience):
    """A permission of the two-person rule: a role, and never the person who recorded it.

    Whether the case is open to the person is known to the app that causes the letter.
    """

    refusal: _StrPromise
    refusal_to_recorder: _StrPromise

    def is_recorder(self, person: Person, *, recorded_by_id: int) -> bool:
        """Tell whether the person recorded it, and so leaves this to somebody else."""
        return person.pk == recorded_by_id

    def allows(self, person: Person, *, recorded_by_id: int) -> bool:
        """Tell whether the person may do it to what that person recorded."""
        return self.includes(person) and not self.is_recorder(person, recorded_by_id=recorded_by_id)

    def among(self, rows: QuerySet[Row], person: Person) -> QuerySet[Row]:
        """Return those of the rows, each with its ``recorded_by``, to which the person may do it."""
        return rows.exclude(recorded_by=person.pk) if self.includes(person) else rows.none()

    def check(self, person: Person, *, recorded_by_id: int) -> None:
        """Raise ``NotAllowed`` unless the person may do it to what that person recorded."""
        if not self.includes(person):
            raise NotAllowed(self.refusal)
        if not self.allows(person, recorded_by_id=recorded_by_id):
            raise NotAllowed(self.refusal_to_recorder)


may_release = SecondPersonPermission(
    RELEASERS.roles,
    _("Only someone who releases letters can do this."),
    _("You recorded this, so someone else must release the letter."),
)
