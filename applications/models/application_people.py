"""The people who answer for an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from organisations.models import Organisation


class ApplicationPeople(models.Model):
    """Main applicant, authorised signatory and project leader of an application (contactpersonen)."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="people")
    main_applicant_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    main_applicant_name = models.CharField(_("name"), max_length=150, blank=True)
    main_applicant_email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    signatory_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    signatory_name = models.CharField(_("name"), max_length=150, blank=True)
    signatory_email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    signatory_function = models.CharField(_("function"), max_length=100, blank=True)
    leader_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    leader_name = models.CharField(_("name"), max_length=150, blank=True)
    leader_email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    # Of the lead organisation; and whether it agreed that the letter of the decision comes by e-mail alone, empty where it
    # did not choose yet (Awb 2:8).
    postal_street = models.CharField(_("street and number"), max_length=100, blank=True, db_default="")
    postal_code = models.CharField(_("postcode"), max_length=7, blank=True, db_default="")
    postal_place = models.CharField(_("place"), max_length=80, blank=True, db_default="")
    electronic_letters = models.BooleanField(_("letters by e-mail"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("people of an application")
        verbose_name_plural = _("people of applications")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="main_applicant_and_signatory_of_one_organisation",
                condition=Q(main_applicant_organisation__isnull=True)
                | Q(signatory_organisation__isnull=True)
                | Q(main_applicant_organisation=F("signatory_organisation")),
            )
        ]

    def __str__(self) -> str:
        return f"people of {self.application_id}"
