"""Until when a person was told what others did in their drafts."""

from django.conf import settings
from django.db import models


class DailyOverview(models.Model):
    """Until when somebody was told once a day what others did in the drafts of their room (dagelijks overzicht)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="daily_overview"
    )
    told_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} until {self.told_until}"
