"""Regional pictures: asked, made in the background, and perhaps published."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pictures.enums import Readers
from regions.models import Region


class RegionalPicture(models.Model):
    """A regional picture (regiobeeld) as PDF: text and sources as they were when it was asked for, facts as when it was made."""

    # What the page chose: it stands in addresses, and a second click makes no second one.
    key = models.UUIDField(unique=True, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="regional_pictures")
    readers = models.CharField(_("for whom"), max_length=8, choices=Readers)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    sources = models.TextField(_("sources"), max_length=5000, blank=True)
    asked_at = models.DateTimeField(_("asked on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made on"), null=True, editable=False)
    stored_as = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # Of one for everybody, what it tells of: visitors get it for as long as all of that is public (rules 23 and 26).
    organisations = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    questions = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    # A digest of each fact in it: what was changed or untied since is public no more as it tells it.
    told = ArrayField(
        models.CharField(max_length=64), default=list, db_default=[], blank=True, editable=False
    )
    published_at = models.DateTimeField(_("public since"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(_("no longer public since"), null=True, editable=False)

    class Meta:
        verbose_name = _("regional picture")
        verbose_name_plural = _("regional pictures")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="regional_picture_for_known_readers", condition=Q(readers__in=Readers.values)
            ),
            models.CheckConstraint(
                name="regional_picture_made_has_its_file",
                condition=Q(made_at=None, stored_as="", sha256="")
                | (Q(made_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(stored_as="")),
            ),
            models.CheckConstraint(
                name="regional_picture_public_only_when_made_for_everybody",
                condition=Q(published_at=None) | Q(made_at__isnull=False, readers=Readers.EVERYBODY),
            ),
            # Not which came first: a request that was received earlier can come to it later.
            models.CheckConstraint(
                name="regional_picture_withdrawn_only_once_public",
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="regional_picture_one_public_per_region",
                fields=["region"],
                condition=Q(published_at__isnull=False, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.readers} of {self.region_id}"

    @property
    def is_public(self) -> bool:
        """Tell whether it was published and not withdrawn."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def paragraphs(self) -> list[str]:
        """Return the text by paragraph."""
        return [each for each in self.text.split("\n\n") if each.strip()]

    @property
    def source_lines(self) -> list[str]:
        """Return the sources, one by one."""
        return [each for each in self.sources.split("\n") if each.strip()]
