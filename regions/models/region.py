"""The regions of the programme."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """One of the 31 regions in which a hub can stand (zorgkantoorregio)."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    sort_name = models.CharField(max_length=80, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    population_2021 = models.PositiveIntegerField(_("inhabitants on 1 January 2021"))
    # As fixtures/region_shapes.json has it, schematic, or as a file of official outlines says: a path of SVG, where its
    # number and name stand, and the view box of the drawing that it is a part of.
    shape = models.TextField(blank=True)
    label = models.JSONField(default=dict, blank=True)
    view_box = models.CharField(max_length=40, blank=True)
    # What the file of official outlines is called; empty while the drawing is schematic.
    outline_source = models.CharField(max_length=120, blank=True, db_default="", editable=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering: ClassVar = ["sort_name"]

    def __str__(self) -> str:
        return self.name
