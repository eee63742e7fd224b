"""What somebody said of an organisation, kept beside what the map says of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.legal_forms import LEGAL_PERSONS, LegalForm
from organisations.models.organisation import Organisation
from regions.models import Municipality


class StatedOrganisation(models.Model):
    """An organisation as somebody named it: name, legal form and seat beside its number in the trade register.

    A number tells nobody what else the portal knows of it: who named the organisation reads these (rule 26), and what the
    map says is read by its kwartiermakers, by visitors once it is published, and by the office.
    """

    organisation: models.ForeignKey[Organisation, Organisation]

    stated_name = models.CharField(_("name"), max_length=150, default="", db_default="", editable=False)
    stated_sort_name = models.CharField(max_length=150, default="", db_default="", editable=False)
    stated_legal_form = models.CharField(
        _("legal form"), max_length=24, choices=LegalForm, default="", db_default="", editable=False
    )
    stated_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("municipality of the seat"),
    )

    class Meta:
        abstract = True

    @property
    def is_legal_person(self) -> bool:
        """Tell whether it may take part in a coalition as it was named: a legal person in the register (rule 8)."""
        return self.stated_legal_form in LEGAL_PERSONS and bool(self.organisation.kvk_number)

    @property
    def differs_on_map(self) -> bool:
        """Tell whether the map names the same number otherwise, or with another form or seat; for those of the map and the office.

        A form or seat that the map does not know is no other one. What is on no map was named by somebody else, of whom
        nobody may know.
        """
        known = self.organisation
        if known.mapped_at is None:
            return False
        return (
            known.sort_name != self.stated_sort_name
            or known.legal_form not in {"", self.stated_legal_form}
            or known.municipality_id not in {None, self.stated_municipality_id}
        )
