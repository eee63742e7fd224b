"""What is remembered of an organisation that declined to be public and left every map."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class RefusedNumber(models.Model):
    """The KvK number and a mailbox, as keyed digests alone, of an organisation that said there that it does not want to be public.

    Its rows are forgotten with the bin of the last map; that it refused is not, when it comes back on one (rule 23).
    """

    number_digest = models.CharField(max_length=64, editable=False)
    # Of the mailbox that said so, keyed as well: it may come back on it. Empty where that was not kept.
    mailbox_digest = models.CharField(max_length=64, editable=False, default="", db_default="")
    refused_at = models.DateTimeField()
    # The ``map_key`` of the row whose no it is, where a kwartiermaker typed this number on it after that was said; empty where the
    # organisation answered under the number. It goes along when the number turns out to be another one.
    came_with = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("refused number")
        verbose_name_plural = _("refused numbers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="refused_number_once_per_mailbox", fields=["number_digest", "mailbox_digest"]
            ),
        ]

    def __str__(self) -> str:
        return self.number_digest[:12]
