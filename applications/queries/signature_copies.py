"""Reads of the copies of what people signed (rule 35)."""

from django.db.models import Q, QuerySet

from applications.models import Application, DeclarationSignature
from hubportal.accounts.permissions import Person


def signatures_to_copy() -> QuerySet[DeclarationSignature]:
    """Return the signatures of which who signed has no copy yet, the longest waiting first."""
    return DeclarationSignature.objects.filter(copy=None).order_by("signed_at", "pk")


def signed_by(user: Person) -> QuerySet[DeclarationSignature]:
    """Return what a person signed: with their account, or by a link that was mailed to exactly their address (rule 28)."""
    if not user.is_authenticated:
        return DeclarationSignature.objects.none()
    return DeclarationSignature.objects.filter(Q(user=user.pk) | Q(link__email__iexact=user.email))


def own_copies(application: Application, user: Person) -> QuerySet[DeclarationSignature]:
    """Return what a person signed of an application and has a copy of, in the order of signing."""
    found = signed_by(user).filter(application=application.pk, copy__isnull=False)
    return found.select_related("copy").order_by("signed_at", "pk")
