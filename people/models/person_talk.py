"""Talks with people."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.mapped_person import MappedPerson


class PersonTalk(models.Model):
    """A talk with somebody who agreed to be kept (gesprek), and when to come back to it. It goes with the person."""

    person = models.ForeignKey(MappedPerson, on_delete=models.CASCADE, related_name="talks")
    held_on = models.DateField()
    text = models.TextField(max_length=3000)
    follow_up_on = models.DateField(null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, editable=False)
    added_with = models.UUIDField(null=True, editable=False)
    # The optimistic version, and who wrote it last.
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("talk with a person")
        verbose_name_plural = _("talks with people")
        indexes: ClassVar = [
            models.Index(
                fields=["follow_up_on"], condition=Q(followed_up_at=None), name="person_talk_to_follow_up"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(name="person_talk_added_once", fields=["person", "added_with"]),
            models.CheckConstraint(
                name="person_talk_followed_up_later",
                condition=Q(follow_up_on=None) | Q(follow_up_on__gte=F("held_on")),
            ),
            models.CheckConstraint(
                name="person_talk_followed_up_where_planned",
                condition=Q(followed_up_at=None) | Q(follow_up_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"talk with {self.person_id}"
