"""Counts of sweeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepCount(models.Model):
    """The number of rows that a sweep has done and failed on (telling per job)."""

    sweep = models.CharField(_("job"), max_length=60, unique=True)
    done = models.BigIntegerField(_("done"), default=0)
    failed = models.BigIntegerField(_("failed"), default=0)
    last_run_at = models.DateTimeField(_("last run at"))

    class Meta:
        verbose_name = _("count of a job")
        verbose_name_plural = _("counts of jobs")

    def __str__(self) -> str:
        return f"{self.sweep}: {self.done} done, {self.failed} failed"
