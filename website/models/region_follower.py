"""Who follows a region by e-mail, and what was seen to be new there."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from regions.models import Region


class RegionFollower(models.Model):
    """An address to which news of a region is mailed (volger), once its reader confirmed that through a link.

    Each time that somebody asks is a row, so that asking never tells who follows already. Ends at ``kept_until``.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="followers")
    email = models.EmailField(max_length=254)
    mailbox = models.CharField(max_length=254, db_index=True)
    confirm_digest = models.CharField(max_length=64, unique=True)
    # In the link that stops it, beside a signature.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # When it was last looked whether there is something to tell.
    told_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="region_follower_once_per_mailbox",
                fields=["region", "mailbox"],
                condition=Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="region_follower_told_once_confirmed",
                condition=Q(confirmed_at=None, told_at=None)
                | Q(confirmed_at__isnull=False, told_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"follower of {self.region_id}"

    @property
    def mails_about(self) -> str:
        """Return what its mails are about."""
        return f"follow-{self.pk}"


class RegionNews(models.Model):
    """That something public of a region was first seen at a moment (nieuws), so that it is told once; it goes when it is public no more."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="region_news_seen_once", fields=["region", "key"])
        ]

    def __str__(self) -> str:
        return self.key
