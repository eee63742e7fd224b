"""What is known of the function of who answers or signs, to fill it in beforehand."""

from django.db.models import F, Q

from applications.models import Consent, DeclarationSignature, OneTimeLink
from hubportal.accounts.models import User


def function_of_account(user: User, *, organisation_id: int) -> str:
    """Return the function that a person typed last for an organisation; empty where they never did."""
    own = Q(user=user.pk)
    return _last_function(own | _mailed(user.email, user.full_name), organisation_id)


def function_of_asked(link: OneTimeLink, *, organisation_id: int) -> str:
    """Return the function that who is asked by a link typed last for an organisation; empty where they never did.

    A mailbox can be of several people, and one name of several mailboxes: nobody reads what another typed (rule 26).
    """
    by_account = Q(user__email__iexact=link.email, typed_name__iexact=link.name)
    return _last_function(by_account | _mailed(link.email, link.name), organisation_id)


def _mailed(email: str, name: str) -> Q:
    return Q(link__email__iexact=email, typed_name__iexact=name)


def _last_function(whose: Q, organisation_id: int) -> str:
    answered = Consent.objects.filter(participation__organisation=organisation_id).annotate(
        typed_name=F("given_by_name"), typed=F("given_by_function"), typed_at=F("answered_at")
    )
    signed = DeclarationSignature.objects.filter(
        application__coalition__lead_organisation=organisation_id
    ).annotate(typed_name=F("name"), typed=F("function"), typed_at=F("signed_at"))
    one, other = (
        each.filter(whose).exclude(typed="").order_by().values_list("typed", "typed_at", "pk")
        for each in (answered, signed)
    )
    last = one.union(other).order_by("-typed_at", "-pk").first()
    return last[0] if last else ""
