"""What must be true of coalitions (rule 8)."""

from collections.abc import Iterator

from django.db.models import F, Q

from coalitions.models import Coalition, Participation
from hubportal.kernel.invariants import Violation
from regions.enums import LEGAL_PERSONS


def violations() -> Iterator[Violation]:
    """Yield each coalition without its lead in it, and each member that is no legal person or not of the region."""
    without_lead = Coalition.objects.exclude(
        participations__is_lead=True, participations__organisation=F("lead_organisation")
    )
    for coalition in without_lead:
        yield Violation(
            8, "coalitions.Coalition", coalition.pk, "its lead organisation does not take part as lead"
        )
    no_person = Participation.objects.filter(
        ~Q(organisation__legal_form__in=LEGAL_PERSONS) | Q(organisation__kvk_number="")
    )
    for each in no_person:
        yield Violation(
            8, "coalitions.Participation", each.pk, "is of an organisation that is no legal person"
        )
    tied = Participation.objects.filter(
        Q(organisation__municipality__region=F("coalition__region"))
        | Q(organisation__works_in=F("coalition__region"))
    )
    for each in Participation.objects.exclude(pk__in=tied.values("pk")):
        yield Violation(
            8, "coalitions.Participation", each.pk, "is of an organisation without a tie to the region"
        )
