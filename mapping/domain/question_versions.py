"""What a question hears of the map: who is involved in it shows with an organisation, and goes with it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from hubportal.accounts.models import User
from mapping.models import ParticipationQuestion
from organisations.models import Organisation
from regions.models import Region


def note_involvement(
    organisation: Organisation, regions: Collection[int], region: Region, *, actor: User, at: datetime
) -> None:
    """Make a newer version of each question of these regions in which an organisation is involved, within the caller's act.

    Who has one open meets that, and overwrites nothing of which they did not see that it came or went (rule 12). In other
    regions than the one of the act nobody hears who did it (rule 26).
    """
    touched = ParticipationQuestion.objects.filter(
        region__in=list(regions), pk__in=organisation.engagements.order_by().values("question")
    )
    newer = {"version": F("version") + 1, "changed_at": at}
    touched.filter(region=region).update(**newer, changed_by=actor)
    touched.exclude(region=region).update(**newer, changed_by=None)
