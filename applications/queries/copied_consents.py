"""Reads of the copies of consents."""

from django.db.models import QuerySet

from applications.enums import ConsentAnswer
from applications.models import Application, Consent
from coalitions.models import Participation


def consents_to_copy() -> QuerySet[Consent]:
    """Return the consents of which nobody has a copy yet, the longest waiting first; of those before copies nothing was kept."""
    given = Consent.objects.filter(answer=ConsentAnswer.GIVEN, copied_at=None, agreed_text__isnull=False)
    return given.order_by("answered_at", "pk")


def copies_for(application: Application, partner: Participation) -> QuerySet[Consent]:
    """Return the consents of a partner to an application that have a copy, the latest first."""
    found = Consent.objects.filter(
        application=application.pk, participation=partner.pk, copied_at__isnull=False
    )
    return found.defer("agreed_text", "agreed_share").order_by("-answered_at", "-pk")


def latest_consents(application: Application) -> list[Consent]:
    """Return the consent of each partner that answered yes last, in the order of the coalition."""
    answers = application.consents.select_related("participation").defer("agreed_text", "agreed_share")
    last = {each.participation_id: each for each in answers.order_by("answered_at", "pk")}
    return [last[key] for key in sorted(last) if last[key].answer == ConsentAnswer.GIVEN]
