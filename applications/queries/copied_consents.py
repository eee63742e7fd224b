"""Reads of the copies of consents."""

from django.db.models import Q, QuerySet

from applications.enums import ConsentAnswer
from applications.models import Application, Consent
from coalitions.models import Participation
from coalitions.queries import represents
from hubportal.accounts.models import User


def consents_to_copy() -> QuerySet[Consent]:
    """Return the consents of which nobody has a copy yet, the longest waiting first; of those before copies nothing was kept."""
    given = Consent.objects.filter(answer=ConsentAnswer.GIVEN, copied_at=None, agreed_text__isnull=False)
    return given.order_by("answered_at", "pk")


def copies_for(application: Application, partner: Participation, reader: User) -> QuerySet[Consent]:
    """Return the consents of a partner to an application that have a copy, the latest first.

    All of them for who is proved to speak for the partner; for its contact person those that they gave themselves: what an
    earlier one agreed to may have been taken out since (rule 26).
    """
    found = Consent.objects.filter(
        application=application.pk, participation=partner.pk, copied_at__isnull=False
    )
    if not represents(reader, partner):
        found = found.filter(Q(user=reader) | Q(link__email__iexact=reader.email))
    return found.defer("agreed_text", "agreed_share").order_by("-answered_at", "-pk")


def latest_consents(application: Application) -> list[Consent]:
    """Return the consent of each partner that answered yes last, in the order of the coalition."""
    answers = application.consents.select_related("participation").defer("agreed_text", "agreed_share")
    last = {each.participation_id: each for each in answers.order_by("answered_at", "pk")}
    return [last[key] for key in sorted(last) if last[key].answer == ConsentAnswer.GIVEN]
