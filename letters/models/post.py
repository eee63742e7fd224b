"""Letters on paper before they are posted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.letter import Letter


class PrintedLetter(models.Model):
    """A letter on paper as it was made for the post of one day (rule 34).

    No document: nobody can open or verify it before it was posted (rule 26). What was not posted on its day is made anew
    with the day of the next post.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="prints")
    dated_on = models.DateField(_("date of the letter"))
    # Empty in a letter of a kind to which nobody objects.
    objection_deadline_on = models.DateField(_("last day to object"), null=True)
    title = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    verification_code = models.CharField(max_length=20)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("letter made for the post")
        verbose_name_plural = _("letters made for the post")
        ordering: ClassVar = ["dated_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="letter_printed_once_for_a_day", fields=["letter", "dated_on"])
        ]

    def __str__(self) -> str:
        return f"letter {self.letter_id} as of {self.dated_on}"


class PostRun(models.Model):
    """What an officer posts on one day: the letters, and one file to print them from once all are made."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    dated_on = models.DateField()
    letters = models.ManyToManyField(Letter, related_name="post_runs")
    stored_as = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("post of a day")
        verbose_name_plural = _("posts of a day")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="post_run_once_for_an_officer_and_a_day", fields=["asked_by", "dated_on"]
            ),
            models.CheckConstraint(
                name="post_run_made_whole",
                condition=Q(stored_as="", sha256="", made_at=None)
                | (~Q(stored_as="") & ~Q(sha256="") & Q(made_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"post of {self.dated_on} by {self.asked_by_id}"
