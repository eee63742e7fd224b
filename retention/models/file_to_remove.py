"""Files of rows that were destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileToRemove(models.Model):
    """A stored file that no row names any more; noted with the destruction of its row, so that a crash leaves none behind."""

    name = models.CharField(max_length=200, unique=True)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file to remove")
        verbose_name_plural = _("files to remove")

    def __str__(self) -> str:
        return self.name
