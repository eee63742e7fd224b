"""Reads of questions of partners."""

from uuid import UUID

from django.db.models import F, QuerySet

from applications.models import Application, ConsentQuestion, OneTimeLink
from coalitions.models import Participation
from coalitions.queries import represents
from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import is_ended_by_others


def questions_of(
    application: Application, partner: Participation, *, reader: Person, link: OneTimeLink | None
) -> list[ConsentQuestion]:
    """Return what a partner asked, in order: all of it for who is proved to speak for it, else what was asked at one's own mailbox.

    Through a link that is the mailbox to which it was sent, whoever is logged in (rule 26).
    """
    asked = ConsentQuestion.objects.filter(application=application.pk, participation=partner.pk)
    if link is None and represents(reader, partner):
        return list(asked)
    own = link.email if link is not None else getattr(reader, "email", "")
    return [each for each in asked if mailbox(each.email) == mailbox(own)]


def reaches_asker(question: ConsentQuestion) -> bool:
    """Tell whether who asked still answers for the partner, so that the answer is theirs: its contact person, or who is proved.

    Nobody whom others ended there since (rule 27).
    """
    partner = question.participation
    if mailbox(question.email) == partner.mailbox:
        return not is_ended_by_others(partner.organisation_id, partner.mailbox)
    return question.asked_by is not None and represents(question.asked_by, question.participation)


def asked_in(application: Application) -> QuerySet[ConsentQuestion]:
    """Return what partners asked about a draft, what waits for an answer in front."""
    asked = ConsentQuestion.objects.filter(application=application.pk).select_related("participation")
    return asked.order_by(F("answered_at").asc(nulls_first=True), "asked_at", "pk")


def is_waiting_for_answer(application: Application) -> bool:
    """Tell whether a partner asked something that nobody answered yet."""
    return ConsentQuestion.objects.filter(application=application.pk, answered_at=None).exists()


def question_with(key: UUID) -> ConsentQuestion:
    """Return a question by the key in its address. Raises ``DoesNotExist``."""
    return ConsentQuestion.objects.select_related("application", "participation").get(key=key)
