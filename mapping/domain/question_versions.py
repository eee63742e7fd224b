"""What a question hears of the map: who is involved in it shows with an organisation, and goes with it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from hubportal.accounts.models import User
from mapping.models import Engagement, ParticipationQuestion
from organisations.models import Organisation
from regions.models import Region


def lock_questions_of(*organisations: Organisation) -> None:
    """Lock every question in which these are involved, in the order of their keys, within the caller's act.

    After the organisations and before the involvement: so does every act that needs several of them.
    """
    involved = Engagement.objects.order_by().filter(organisation__in=organisations).values("question")
    rows = ParticipationQuestion.objects.select_for_update().filter(pk__in=involved)
    list(rows.order_by("pk").values_list("pk"))


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
