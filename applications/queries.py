"""Reads of applications; nothing is loaded but through these."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import ASSESSED_STATUSES, ConsentAnswer, LinkPurpose, Status
from applications.models import Application, Consent, OneTimeLink, ReadingAccess, Receipt
from hubportal.accounts.enums import ASSESSING_ROLES
from regions.queries import Person, organisations_of


def owned_by(user: Person) -> QuerySet[Application]:
    """Return the applications of coalitions whose lead organisation the person speaks for."""
    return Application.objects.filter(coalition__lead_organisation__in=organisations_of(user).values("pk"))


def shared_with(user: Person) -> QuerySet[Application]:
    """Return the applications on which a partner that the person speaks for was asked to answer."""
    mine = organisations_of(user).values("pk")
    asked = OneTimeLink.objects.filter(application=OuterRef("pk"), participation__organisation__in=mine)
    return Application.objects.filter(Exists(asked))


def visible_to_applicants(user: Person) -> QuerySet[Application]:
    """Return the applications that the person's organisations lead or were asked about."""
    mine = organisations_of(user).values("pk")
    asked = OneTimeLink.objects.filter(application=OuterRef("pk"), participation__organisation__in=mine)
    return Application.objects.filter(Q(coalition__lead_organisation__in=mine) | Exists(asked))


def listed_for_assessors(user: Person) -> QuerySet[Application]:
    """Return the applications whose outside (reference, organisations, status) an assessor may see listed.

    That much is needed to declare interests; what is inside opens by ``readable_by`` alone.
    """
    if not (user.is_authenticated and user.has_role(*ASSESSING_ROLES)):
        return Application.objects.none()
    return Application.objects.filter(Q(status__in=ASSESSED_STATUSES) | Q(status=Status.SUBMITTED))


def readable_by(user: Person) -> QuerySet[Application]:
    """Return the applications that are open to an assessor: by a row each (rule 14)."""
    if not (user.is_authenticated and user.has_role(*ASSESSING_ROLES)):
        return Application.objects.none()
    access = ReadingAccess.objects.filter(application=OuterRef("pk"), user=user, withdrawn_at=None)
    return Application.objects.filter(Exists(access))


def visible_to(user: Person) -> QuerySet[Application]:
    """Return the applications that a person may read, as applicant, partner or assessor (rule 22)."""
    return Application.objects.filter(
        Q(pk__in=visible_to_applicants(user).values("pk")) | Q(pk__in=readable_by(user).values("pk"))
    )


def receipts_to_produce() -> QuerySet[Receipt]:
    """Return the receipts that have no PDF yet, oldest first."""
    return Receipt.objects.filter(document=None).order_by("made_at", "pk")


def latest_answers(application: Application) -> dict[int, Consent]:
    """Return the last answer of each partner, by participation."""
    answers: dict[int, Consent] = {}
    for consent in application.consents.order_by("answered_at", "pk"):
        answers[consent.participation_id] = consent
    return answers


def live_links(application: Application, purpose: LinkPurpose, *, at: datetime) -> QuerySet[OneTimeLink]:
    """Return the links that can still be answered."""
    return application.links.filter(purpose=purpose, used_at=None, withdrawn_at=None, expires_at__gt=at)


def given(answer: Consent | None) -> bool:
    """Tell whether an answer is a yes."""
    return answer is not None and answer.answer == ConsentAnswer.GIVEN
