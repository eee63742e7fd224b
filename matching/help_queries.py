"""Reads of the help that coalitions ask, and of what kwartiermakers proposed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalitions.models import Coalition
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from matching.interest_queries import regions_helped_by
from matching.models import HelpRequest, PartnerProposal
from organisations.models import Organisation
from organisations.queries import organisations_in, proved_representatives, public_organisations_in
from regions.models import Region


def help_open_to(user: Person) -> QuerySet[HelpRequest]:
    """Return what coalitions of a kwartiermaker's regions ask them now; of no other coalition they know (rule 26).

    Nothing of a region in which the same person takes part in a coalition: what others ask there is a rival's.
    """
    helped = regions_helped_by(user).order_by().values("pk")
    return HelpRequest.objects.filter(ended_at=None, coalition__region__in=helped)


def help_asked_in(region: Region, user: Person) -> QuerySet[HelpRequest]:
    """Return what coalitions of a region ask a kwartiermaker now, the longest waiting first.

    With who asks, and whether that person still speaks for the lead (``asker_speaks``): who left is not to be written to about it.
    """
    speaks_still = proved_representatives().filter(
        user=OuterRef("asked_by"), organisation=OuterRef("coalition__lead_organisation")
    )
    asked = help_open_to(user).filter(coalition__region=region)
    asked = asked.annotate(asker_speaks=Exists(speaks_still))
    return asked.select_related("coalition", "asked_by").order_by("asked_at", "pk")


def help_of(coalition: Coalition) -> HelpRequest | None:
    """Return what a coalition asks now, if anything."""
    return HelpRequest.objects.filter(coalition=coalition, ended_at=None).first()


def asked_since(coalition: Coalition, user: User, *, since: datetime) -> QuerySet[HelpRequest]:
    """Return what a coalition asked after a moment, or the same person for another one of its region: its kwartiermakers were told."""
    by_same = Q(asked_by=user, coalition__region=coalition.region_id)
    return HelpRequest.objects.filter(Q(coalition=coalition) | by_same, asked_at__gt=since)


def proposals_by(user: Person) -> QuerySet[PartnerProposal]:
    """Return the proposals that a kwartiermaker can take back: those of their regions, while help is asked."""
    return PartnerProposal.objects.filter(help_request__in=help_open_to(user).values("pk"))


def proposals_for(requests: Iterable[HelpRequest]) -> QuerySet[PartnerProposal]:
    """Return what was proposed on these requests, with the organisations and who proposed them."""
    proposed = PartnerProposal.objects.filter(help_request__in=[each.pk for each in requests])
    return proposed.select_related("organisation", "proposed_by").order_by("organisation__sort_name", "pk")


def proposed_to(coalition: Coalition) -> QuerySet[PartnerProposal]:
    """Return what was ever proposed to a coalition and is still public in its region, the first of each organisation first."""
    public = public_organisations_in(coalition.region).order_by().values("pk")
    proposed = PartnerProposal.objects.filter(help_request__coalition=coalition, organisation__in=public)
    return proposed.select_related("organisation__municipality").order_by("organisation__sort_name", "pk")


def chosen_in(region: Region, keys: Iterable[UUID]) -> QuerySet[Organisation]:
    """Return the organisations of a region's map with these keys, by name."""
    return organisations_in(region).filter(map_key__in=list(keys)).order_by("sort_name", "map_key")
