"""Reads of who is told that an application was received, beside who may read all of it (rules 26 and 37)."""

from functools import reduce
from operator import or_

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from applications.models import Application, ApplicationPeople, OneTimeLink
from applications.queries import shown_in_room
from applications.queries.collaborators import joined_in, taking_part
from applications.queries.named import ROLES, named_in
from applications.queries.parties import asked_contacts
from coalitions.queries import asked_since_named, contact_stands
from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import ended_by_nobody
from organisations.queries import proved_representatives


def told_of(user: Person) -> QuerySet[Application]:
    """Return what was submitted and a person may know to have been received, without reading it.

    Who took part in the draft until it was submitted, whom it names, and the contact person of a partner that was asked; at
    exactly their address (rule 28). Who left or was left out before, who never answered an invitation, and whom others ended at their
    organisation (rule 27), is not told.
    """
    if not user.is_authenticated:
        return Application.objects.none()
    joined = taking_part().filter(user=user.pk)
    box = Value(mailbox(user.email), output_field=CharField())
    # Each at the organisation for which they are named: nobody whom others ended there.
    as_named = (
        Q(ended_by_nobody(f"{role}_organisation", "box"), **{f"{role}_email__iexact": user.email})
        for role in ROLES
    )
    named = ApplicationPeople.objects.annotate(box=box).filter(reduce(or_, as_named))
    asked = OneTimeLink.objects.filter(
        contact_stands("participation__"),
        asked_since_named("participation__"),
        email__iexact=user.email,
        participation__is_lead=False,
        participation__mailbox=mailbox(user.email),
        participation__contact_email__iexact=user.email,
    )
    keys = (
        joined.order_by()
        .values("application")
        .union(*(each.order_by().values("application") for each in (named, asked)))
    )
    return Application.objects.filter(pk__in=keys, submitted_at__isnull=False)


def only_told_of(user: Person) -> QuerySet[Application]:
    """Return what somebody is told of and may not read, the latest first."""
    return told_of(user).exclude(pk__in=shown_in_room(user).values("pk")).order_by("-submitted_at", "-pk")


def everybody_of(application: Application) -> dict[str, list[str]]:
    """Return the addresses of everybody of a coalition by how they took part: who wrote or read along, partners, the people named."""
    joined = joined_in(application).filter(user__is_active=True)
    asked = asked_contacts(application)
    still = Exists(
        proved_representatives().filter(
            user=OuterRef("user"), organisation=OuterRef("participation__organisation")
        )
    )
    # Not who answered as its contact person and was replaced or ended since.
    answered = application.consents.filter(
        Q(still) | Q(contact_stands("participation__"), user__mailbox=F("participation__mailbox")),
        user__is_active=True,
        participation__is_lead=False,
    )
    return {
        "named": [email for email, _name in named_in(application.people)],
        "partner": [
            *asked.order_by("pk").values_list("contact_email", flat=True),
            *answered.order_by("pk").values_list("user__email", flat=True),
        ],
        "along": list(joined.order_by("pk").values_list("user__email", flat=True)),
    }
