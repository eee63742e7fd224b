"""Who speaks for an organisation, and who vouches for somebody who says so (rule 27)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import UNTIED_OFFICERS, Permission, Person, organisations_of_interest
from organisations.models import Representative
from organisations.queries import (
    accounts_naming,
    claims,
    colleagues_to_confirm,
    colleagues_to_dispute,
    organisations_named_by,
    undecided_representatives,
)

may_write_for = Permission(organisations_named_by, _("You do not represent this organisation."))


def _undecided_for_office(user: Person) -> QuerySet[Representative]:
    if not UNTIED_OFFICERS.includes(user):
        return Representative.objects.none()
    # What came with a request for a dossier is settled with that, once everybody with a role was warned (rule 41).
    return undecided_representatives().filter(~_is_of_own(user), held_at=None)


def _settled_by_office(user: Person) -> QuerySet[Representative]:
    if not UNTIED_OFFICERS.includes(user):
        return Representative.objects.none()
    return Representative.objects.filter(~_is_of_own(user), ended_at=None)


def _endable_by(user: Person) -> QuerySet[Representative]:
    if not user.is_authenticated:
        return Representative.objects.none()
    active = Representative.objects.filter(ended_at=None)
    own = Q(user=user.pk)
    return active.filter(own | ~_is_of_own(user)) if UNTIED_OFFICERS.includes(user) else active.filter(own)


def _is_of_own(user: User) -> Q:
    """Return whether a row is of an organisation for which a person ever said to speak, or in which they have an interest.

    Of that, another officer settles: whoever the one confirms could confirm the other as a colleague. Two accounts of one mailbox
    are one person (rule 28).
    """
    own = Representative.objects.filter(user__in=accounts_naming(user))
    is_of_own = Q(Exists(own.filter(organisation=OuterRef("organisation"))))
    for keys in organisations_of_interest(user):
        is_of_own |= Q(organisation__in=keys)
    return is_of_own


def _claims_of(user: Person) -> QuerySet[Representative]:
    return claims().filter(user=user.pk)


def _corrigible_by(user: Person) -> QuerySet[Representative]:
    """Return how a person named their organisations, before they corrected it too: a second click finds its row."""
    # A dispute of what was never proved is not told, so it stops nothing either.
    untold = Q(contested_at=None) | Q(proved_at=None)
    settled = Representative.objects.filter(untold, user=user.pk)
    active = Representative.objects.filter(untold, ended_at=None, user=user.pk)
    return settled.filter(organisation__in=active.values("organisation"))


may_correct = Permission(_corrigible_by, _("You do not represent this organisation."))
may_ask_again = Permission(_claims_of, _("You can only ask this for yourself."))
# Who vouches for a colleague, or says that they do not know them.
may_vouch_as_colleague = Permission(
    colleagues_to_confirm, _("Only a colleague who represents the organisation can do this.")
)
may_dispute = Permission(
    colleagues_to_dispute, _("Only a colleague who represents the organisation can do this.")
)
# What is disputed is for the office alone.
may_vouch_as_office = Permission(_undecided_for_office, _("Only the programme office can do this."))
may_settle = Permission(_settled_by_office, _("Only the programme office can do this."))
may_end = Permission(_endable_by, _("You can only stop representing an organisation yourself."))
