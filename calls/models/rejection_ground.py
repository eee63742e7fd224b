"""Why an application of a call can be rejected."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class RejectionGround(models.Model):
    """A ground on which an application of this call can be rejected (weigeringsgrond)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rejection_grounds")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    # What the letter says of it, in Dutch, after the reasons of the decision; {ceiling} is filled in.
    sentence = models.TextField(_("sentence in the letter"))
    provisional = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, db_default=Value("{}")
    )

    class Meta:
        verbose_name = _("ground for rejection")
        verbose_name_plural = _("grounds for rejection")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="rejection_ground_once_per_call", fields=["call", "key"]),
            models.CheckConstraint(name="rejection_ground_has_a_sentence", condition=~Q(sentence="")),
        ]

    def __str__(self) -> str:
        return self.title
