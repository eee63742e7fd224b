"""Legal forms of organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """Legal forms; only legal persons can take part in a coalition (rule 8)."""

    FOUNDATION = "foundation", _("foundation (stichting)")
    ASSOCIATION = "association", _("association with full legal capacity (vereniging)")
    COOPERATIVE = "cooperative", _("cooperative (coöperatie)")
    COMPANY = "company", _("private or public limited company (bv or nv)")
    CHURCH = "church", _("church or religious community (kerkgenootschap)")
    PUBLIC_BODY = "public_body", _("public body (municipality, water board, joint arrangement)")
    MUTUAL = "mutual", _("mutual insurance company (onderlinge waarborgmaatschappij)")
    INFORMAL_ASSOCIATION = "informal_association", _("association with limited legal capacity")
    PARTNERSHIP = "partnership", _("partnership (vof, cv or maatschap)")
    SOLE_TRADER = "sole_trader", _("sole trader (eenmanszaak)")
    INITIATIVE = "initiative", _("residents' initiative without a legal form")


LEGAL_PERSONS = frozenset(
    {
        LegalForm.FOUNDATION,
        LegalForm.ASSOCIATION,
        LegalForm.COOPERATIVE,
        LegalForm.COMPANY,
        LegalForm.CHURCH,
        LegalForm.PUBLIC_BODY,
        LegalForm.MUTUAL,
    }
)
