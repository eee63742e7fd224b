"""The organisations of a region."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from organisations.enums import ActorRole, CareDomain, Reach
from organisations.legal_forms import LEGAL_PERSONS, LegalForm
from organisations.models.organisation_kind import OrganisationKind
from organisations.streams import Stream
from regions.models import Municipality, Region


class Organisation(models.Model):
    """An organisation or initiative that is active in a region (organisatie, actor)."""

    # By what the map addresses it, and what goes along when the map goes on with another row: the primary key would tell
    # who may know only the map whether somebody holds on to a number (rule 26).
    map_key = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150)
    sort_name = models.CharField(max_length=150, editable=False)
    # With commas between them: abbreviations, former names.
    other_names = models.CharField(_("other names"), max_length=300, blank=True, db_default="")
    kvk_number = models.CharField(
        _("KvK number"),
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{8}$", _("A KvK number has eight digits."))],
    )
    # Empty where the map does not know them: there a name is enough.
    legal_form = models.CharField(_("legal form"), max_length=24, choices=LegalForm, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("municipality of the seat"),
        null=True,
        blank=True,
    )
    # Beside the region of its seat: where it works, which is what ties it to a region.
    works_in = models.ManyToManyField(Region, related_name="active_organisations", verbose_name=_("works in"))
    streams = ArrayField(
        models.CharField(max_length=12, choices=Stream), default=list, blank=True, verbose_name=_("streams")
    )
    kind = models.ForeignKey(
        OrganisationKind,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("kind"),
        null=True,
        blank=True,
    )
    role = models.CharField(_("role"), max_length=6, choices=ActorRole, blank=True, db_default="")
    reach = models.CharField(_("reach"), max_length=14, choices=Reach, blank=True, db_default="")
    reaches = models.ManyToManyField(
        Municipality, related_name="reached_by", blank=True, verbose_name=_("municipalities")
    )
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True, db_default="")
    domains = ArrayField(
        models.CharField(max_length=14, choices=CareDomain),
        default=list,
        db_default=Value("{}"),
        blank=True,
        verbose_name=_("domains"),
    )
    website = models.URLField(_("website"), blank=True)
    public_contact = models.CharField(_("public contact"), max_length=150, blank=True, db_default="")
    description = models.TextField(_("what it does"), max_length=2000, blank=True)
    # The optimistic version of all that is known of it, and who wrote it last.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    # When a kwartiermaker put it on the map, or a grant was sent to its coalition. Before that no kwartiermaker knows of
    # it: it may take part in what nobody may know of (rule 26).
    mapped_at = models.DateTimeField(_("on the map since"), null=True, editable=False)
    # The region whose map has this number apart from the organisation that has it for the portal: that one is on a map of
    # which this region's kwartiermakers may not know (rule 26). Coalitions and representatives never have such a row.
    apart_in = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="organisations_apart", editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("public since"), null=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["sort_name", "map_key"]
        indexes: ClassVar = [
            models.Index(
                fields=["sort_name", "map_key"],
                condition=Q(published_at__isnull=False),
                name="organisation_public",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organisation_kvk_number_has_eight_digits",
                condition=Q(kvk_number="") | Q(kvk_number__regex=r"^[0-9]{8}$"),
                violation_error_message=_("A KvK number has eight digits."),
            ),
            models.UniqueConstraint(
                name="organisation_once_per_kvk_number",
                fields=["kvk_number"],
                condition=~Q(kvk_number="") & Q(apart_in=None),
                violation_error_message=_("There is already an organisation with this KvK number."),
            ),
            models.UniqueConstraint(
                name="organisation_apart_once_per_region",
                fields=["kvk_number", "apart_in"],
                condition=Q(apart_in__isnull=False),
            ),
            models.CheckConstraint(
                name="organisation_apart_by_a_number_of_the_map",
                condition=Q(apart_in=None) | (~Q(kvk_number="") & Q(mapped_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="organisation_of_a_known_legal_form", condition=Q(legal_form__in=["", *LegalForm.values])
            ),
            models.CheckConstraint(
                name="organisation_in_a_known_role", condition=Q(role__in=["", *ActorRole.values])
            ),
            models.CheckConstraint(
                name="organisation_of_a_known_reach", condition=Q(reach__in=["", *Reach.values])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_legal_person(self) -> bool:
        """Tell whether it may take part in a coalition: a legal person in the register (rule 8)."""
        return self.legal_form in LEGAL_PERSONS and bool(self.kvk_number)

    @property
    def stream_labels(self) -> list[str]:
        """Return the words of its streams."""
        return [str(Stream(each).label) for each in self.streams]
