"""Who takes part in a coalition of a region, and so reads as its kwartiermaker nothing that another one asks (rule 26).

Only what people did themselves counts, or what was done by who is known to speak for their organisation (rule 27): nobody is
shut out by being named, nor by a number that somebody typed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from applications.enums import ConsentAnswer
from applications.models import (
    Application,
    Collaborator,
    Consent,
    DeclarationSignature,
    OneTimeLink,
    Steerer,
)
from applications.queries.parties import agreed_by_speakers
from coalitions.models import Coalition, FormerPartner, Participation
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import every_mailbox_of, owners_of_mailboxes
from hubportal.kernel.mailboxes import mailbox
from mapping.assignment_queries import working
from mapping.queries import regions_of
from matching.models import HelpRequest
from organisations.models import Representative
from organisations.unbroken import was_vouched_for
from regions.models import Region

# Keys of regions, or a query of them.
Regions = Collection[int] | QuerySet[Any, Any]


def regions_helped_by(user: Person) -> QuerySet[Region]:
    """Return the regions of a kwartiermaker, but those in which the same person takes part in a coalition."""
    regions = regions_of(user)
    return regions.exclude(pk__in=_tied_to(user, regions.order_by().values("pk")))


def is_tied(user: Person, region: Region) -> bool:
    """Tell whether a person takes part in a coalition of a region."""
    return bool(_tied_to(user, [region.pk]))


def _tied_to(user: Person, regions: Regions) -> set[int]:
    if not user.is_authenticated:
        return set()
    tied = ties_in(regions)
    own = every_mailbox_of(user) if tied else frozenset()
    return {region for region, found in tied if found in own}


def without_ties(people: Iterable[User], region: Region) -> list[User]:
    """Return those of these people who take part in no coalition of a region."""
    tied = {found for _region, found in ties_in([region.pk])}
    asked = list(people)
    boxes = mailboxes_by_person(each.pk for each in asked) if tied else {}
    return [each for each in asked if not tied or not boxes[each.pk] & tied]


def regions_nobody_helps(user: User) -> list[Region]:
    """Return where a coalition asks for help that no kwartiermaker may read, but where this person takes part in one."""
    asked = HelpRequest.objects.filter(ended_at=None).order_by().values("coalition__region")
    tied = ties_in(asked)
    able = list(working().filter(region__in=asked).values_list("region", "user"))
    boxes = mailboxes_by_person(person for _region, person in able) if tied else {}
    helped = {
        region for region, person in able if not any((region, box) in tied for box in boxes.get(person, ()))
    }
    mine = every_mailbox_of(user) if tied else frozenset()
    own = {region for region, found in tied if found in mine}
    waiting = Region.objects.filter(pk__in=asked).exclude(pk__in=helped | own)
    return list(waiting.order_by("sort_name", "pk"))


def mailboxes_by_person(people: Iterable[int]) -> dict[int, set[str]]:
    """Return the mailboxes of people, by all their accounts: of each address that they confirmed or had (rules 28 and 29)."""
    found: dict[int, set[str]] = {each: set() for each in people}
    for box, owners in owners_of_mailboxes(User.objects.filter(pk__in=found)).items():
        for person in owners:
            found[person].add(box)
    return found


def ties_in(regions: Regions) -> set[tuple[int, str]]:
    """Return the regions, of these, with the mailboxes of who takes part in a coalition there, in one query.

    By mailbox: two accounts of one person are one (rule 28). It stays so once somebody no longer speaks for the organisation: who
    stops, reads and comes back would read it all, and what was planned stays known.
    """
    rows = _leads(regions).union(
        _former_leads(regions),
        _partners(regions),
        _former_partners(regions),
        _steerers(regions),
        *_own_acts(regions),
    )
    return {(region, mailbox(address)) for region, address, _at in rows}


def own_acts_in(regions: Regions) -> list[tuple[int, str, datetime]]:
    """Return the regions with the addresses of who began, wrote along with, agreed to or signed something there, and when."""
    first, *others = _own_acts(regions)
    return list(first.union(*others))


def _own_acts(regions: Regions) -> list[QuerySet[Any, Any]]:
    """Return what people did themselves; who answered through a link did so in the mailbox that it was sent to."""
    began = Coalition.objects.filter(_is_for_real(), region__in=regions)
    wrote = Application.objects.filter(coalition__region__in=regions, call__is_rehearsal=False)
    agreed = Consent.objects.filter(
        participation__coalition__region__in=regions,
        application__call__is_rehearsal=False,
        answer=ConsentAnswer.GIVEN,
    )
    signed = DeclarationSignature.objects.filter(
        application__coalition__region__in=regions, application__call__is_rehearsal=False
    )
    # Also who left again, and who only read: they accepted it themselves.
    along = Collaborator.objects.filter(
        user__isnull=False, application__coalition__region__in=regions, application__call__is_rehearsal=False
    )
    answering = Coalesce("user__email", "link__email")
    return [
        began.order_by().values_list("region", "created_by__email", "created_at"),
        wrote.order_by().values_list("coalition__region", "created_by__email", "created_at"),
        agreed.order_by().values_list("participation__coalition__region", answering, "answered_at"),
        agreed.filter(reader__isnull=False)
        .order_by()
        .values_list("participation__coalition__region", "reader__email", "answered_at"),
        signed.order_by().values_list("application__coalition__region", answering, "signed_at"),
        along.order_by().values_list("application__coalition__region", "user__email", "answered_at"),
    ]


def _is_for_real() -> Q:
    """Return the condition that a coalition did more than try the portal out: with nothing begun yet it may."""
    begun = Application.objects.filter(coalition=OuterRef("pk"))
    return ~Exists(begun) | Exists(begun.filter(call__is_rehearsal=False))


def _leads(regions: Regions) -> QuerySet[Any, Any]:
    """Return who was known to speak for a lead while its coalition was there, but what others began by its number alone.

    Asking partners, and asking for help, is for who is known to speak for it.
    """
    starter = Representative.objects.filter(
        organisation=OuterRef("lead_organisation"), user=OuterRef("created_by"), proved_at__isnull=False
    )
    asked = OneTimeLink.objects.filter(application__coalition=OuterRef("pk"))
    helped = HelpRequest.objects.filter(coalition=OuterRef("pk"))
    people = "lead_organisation__representatives"
    led = Coalition.objects.filter(
        _is_for_real(), Exists(starter) | Exists(asked) | Exists(helped), region__in=regions
    ).filter(_spoke_for(people, since="created_at"))
    return led.order_by().values_list("region", f"{people}__user__email", f"{people}__proved_at")


def _former_leads(regions: Regions) -> QuerySet[Any, Any]:
    """Return who was known to speak for who led before: their organisation wrote it, and takes part still (rule 44)."""
    real = Application.objects.filter(coalition=OuterRef("coalition"), call__is_rehearsal=False)
    people = "organisation__representatives"
    led = Participation.objects.filter(
        Exists(real), coalition__region__in=regions, led_until__isnull=False
    ).filter(_spoke_for(people, since="coalition__created_at"))
    return led.order_by().values_list("coalition__region", f"{people}__user__email", f"{people}__proved_at")


def _steerers(regions: Regions) -> QuerySet[Any, Any]:
    """Return who did something with an application there, also where what they did it to is gone."""
    steered = Steerer.objects.filter(
        application__coalition__region__in=regions, application__call__is_rehearsal=False
    )
    who = Coalesce("user__email", "mailbox")
    return steered.order_by().values_list("application__coalition__region", who, "application__created_at")


def _partners(regions: Regions) -> QuerySet[Any, Any]:
    """Return who was known to speak for a partner that agreed, through such a person: a mailbox that a coalition typed is no proof."""
    people = "participation__organisation__representatives"
    agreed = agreed_by_speakers().filter(participation__coalition__region__in=regions)
    agreed = agreed.filter(_spoke_for(people, since="participation__joined_at"))
    return agreed.order_by().values_list(
        "participation__coalition__region", f"{people}__user__email", f"{people}__proved_at"
    )


def _former_partners(regions: Regions) -> QuerySet[Any, Any]:
    """Return who was known to speak for a partner that agreed, or led, and was removed since."""
    real = Application.objects.filter(coalition=OuterRef("coalition"), call__is_rehearsal=False)
    people = "organisation__representatives"
    were = FormerPartner.objects.filter(Exists(real), coalition__region__in=regions, took_part=True).filter(
        _spoke_for(people, since="joined_at"), **{f"{people}__since_at__lte": F("removed_at")}
    )
    return were.order_by().values_list("coalition__region", f"{people}__user__email", f"{people}__proved_at")


def _spoke_for(people: str, *, since: str) -> Q:
    lately = Q(**{f"{people}__ended_at": None}) | Q(**{f"{people}__ended_at__gt": F(since)})
    return lately & was_vouched_for(f"{people}__")
