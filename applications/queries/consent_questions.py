"""Reads of questions of partners."""

from uuid import UUID

from django.db.models import F, QuerySet

from applications.models import Application, ConsentQuestion, OneTimeLink
from coalitions.models import Participation
from hubportal.kernel.mailboxes import mailbox


def questions_of(
    application: Application, partner: Participation, *, link: OneTimeLink | None
) -> list[ConsentQuestion]:
    """Return what a partner asked, in order; through a link only what was asked at its own mailbox (rule 26)."""
    asked = ConsentQuestion.objects.filter(application=application.pk, participation=partner.pk)
    if link is None:
        return list(asked)
    return [each for each in asked if mailbox(each.email) == mailbox(link.email)]


def asked_in(application: Application) -> QuerySet[ConsentQuestion]:
    """Return what partners asked about a draft, what waits for an answer in front."""
    asked = ConsentQuestion.objects.filter(application=application.pk).select_related("participation")
    return asked.order_by(F("answered_at").asc(nulls_first=True), "asked_at", "pk")


def question_with(key: UUID) -> ConsentQuestion:
    """Return a question by the key in its address. Raises ``DoesNotExist``."""
    return ConsentQuestion.objects.select_related("application", "participation").get(key=key)
