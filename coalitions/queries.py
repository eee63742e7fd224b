"""Reads of coalitions."""

from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from coalitions.models import Coalition, Participation
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import ended_by_nobody
from organisations.queries import keys_spoken_for, proved_representatives
from organisations.unbroken import claims_said_since, claims_unbroken_since

# As the room of applications names them, which stands above this one; a test compares.
_ASSESSED = frozenset({"submitted", "sealed", "advised"})
_RECEIVED = ("submitted", "sealed", "advised", "granted", "rejected")


def led_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions in which the person writes for the lead organisation.

    Who speaks for it has all of them; who only said so, those that they started themselves while they said so, and of which
    nothing was submitted (rule 27). What they started before they were ended belongs to the organisation; what another one
    took the lead of, to that one (rule 44).
    """
    if not user.is_authenticated:
        return Coalition.objects.none()
    return Coalition.objects.filter(pk__in=_keys(represented_by(user)).union(_keys(begun_by(user))))


def begun_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions that a person began while they only said to represent the lead, which they still do, as ``led_by`` has them."""
    if not user.is_authenticated:
        return Coalition.objects.none()
    said = claims_unbroken_since(user, OuterRef("created_at")).filter(
        organisation=OuterRef("lead_organisation")
    )
    begun = Coalition.objects.filter(Exists(said), created_by=user.pk, lead_taken_at=None)
    return begun.exclude(pk__in=_keys(ever_handed_in()))


def unproved_beginner(coalition: str = "") -> Case:
    """Return the name of who began a coalition, to which ``coalition`` leads, while it is not proved that they speak for its lead.

    They write in it beside who does speak for it, who is told so (rules 27 and 37); empty otherwise, also where they were ended
    and write no more.
    """
    way = f"{coalition}__" if coalition else ""
    says = claims_said_since(OuterRef(f"{way}created_at")).filter(
        user=OuterRef(f"{way}created_by"), organisation=OuterRef(f"{way}lead_organisation")
    )
    return Case(
        When(~_is_known_to_lead(way) & Q(Exists(says)), then=F(f"{way}created_by__full_name")),
        default=Value(""),
        output_field=CharField(),
    )


def _is_known_to_lead(way: str) -> Q:
    """Return whether who began the coalition, to which ``way`` leads, is proved to speak for its lead, or such a person took the lead over (rule 44)."""
    begun = proved_representatives().filter(
        user=OuterRef(f"{way}created_by"), organisation=OuterRef(f"{way}lead_organisation")
    )
    return Q(Exists(begun)) | Q(**{f"{way}lead_taken_at__isnull": False})


def began_for_lead(coalition: Coalition) -> list[User]:
    """Return who began a coalition, if its lead then is its lead now: else they speak for a partner (rule 44)."""
    return [coalition.created_by] if coalition.lead_taken_at is None else []


def named_by(user: User, organisation_id: int) -> QuerySet[Coalition]:
    """Return the coalitions whose lead is named as this person names the organisation: that they started and still write in.

    For who is proved to speak for it also those of which nobody such is the beginner: who started them was ended, or the lead
    was taken over. So who was ended renames nothing, and somebody can (rules 27 and 44).
    """
    led = led_by(user).filter(lead_organisation=organisation_id)
    begun = proved_representatives().filter(user=OuterRef("created_by"), organisation=organisation_id)
    left = Q(~Exists(begun), lead_organisation__in=keys_spoken_for(user))
    return led.filter(Q(created_by=user.pk, lead_taken_at=None) | left)


def handed_in() -> QuerySet[Coalition]:
    """Return the coalitions of which an application was received and not withdrawn: who takes part is fixed (rule 29)."""
    return Coalition.objects.filter(applications__status__in=_RECEIVED)


def is_contact_fixed(coalition: Coalition) -> bool:
    """Tell whether the contact persons of a coalition stay who they are: while something of it is assessed, or after it where no draft goes on (rule 29)."""
    states = set(coalition.applications.values_list("status", flat=True))
    return bool(states & _ASSESSED) or (bool(states & set(_RECEIVED)) and "draft" not in states)


def ever_handed_in() -> QuerySet[Coalition]:
    """Return the coalitions of which an application was received, also those that were withdrawn since.

    Who never proved to speak for the lead has no part in them: that a submission is gone would tell it to them (rule 26).
    """
    return Coalition.objects.filter(applications__submitted_at__isnull=False)


def represented_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions whose lead organisation the person speaks for (rule 27)."""
    return Coalition.objects.filter(lead_organisation__in=keys_spoken_for(user))


def visible_to(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of the organisations that the person speaks for."""
    return Coalition.objects.filter(pk__in=spoken_for_by(user).values("coalition"))


def spoken_for_by(user: Person) -> QuerySet[Participation]:
    """Return the places in coalitions for which a person may read and answer.

    Those of the organisations that they speak for, those for which a coalition asked them at exactly their address, unless
    the office ended them there, and the lead's in what they started themselves. KvK numbers are public: who only says that
    they speak for a partner reads nothing, and what somebody began for a lead that they are not proved to speak for reaches no
    partner before one who is asked it (rules 8 and 27).
    """
    if not user.is_authenticated:
        return Participation.objects.none()
    # From the person's own few organisations to their places: no other place is looked at.
    represented = Participation.objects.filter(organisation__in=keys_spoken_for(user))
    asked = Participation.objects.filter(
        contact_stands(),
        mailbox=mailbox(user.email),
        contact_email__iexact=user.email,
        is_lead=False,
    )
    leading = Participation.objects.filter(is_lead=True, coalition__in=led_by(user).values("pk"))
    told = _keys(_vouched(represented)).union(
        _keys(asked.filter(asked_since_named("", "links__asked_at"), links__email__iexact=user.email)),
        _keys(leading),
    )
    return Participation.objects.filter(pk__in=told)


def asked_since_named(way: str, asked_at: str = "asked_at") -> Q:
    """Return the condition that a request was asked since its place, to which the way leads, has its contact person (rule 8)."""
    return Q(**{f"{way}contact_since": None}) | Q(**{f"{asked_at}__gte": F(f"{way}contact_since")})


def contact_stands(way: str = "") -> Q:
    """Return the condition that nobody ended the contact person of a place, to which the way leads, at its organisation (rule 27)."""
    return ended_by_nobody(f"{way}organisation", f"{way}mailbox")


def represents(user: Person, place: Participation) -> bool:
    """Tell whether a person is proved to speak for the organisation at a place; its contact person may not be (rule 27)."""
    return Participation.objects.filter(pk=place.pk, organisation__in=keys_spoken_for(user)).exists()


def _vouched(places: QuerySet[Participation]) -> QuerySet[Participation]:
    """Return the places of a lead, of who was asked for consent, and in what was begun by who does speak for the lead."""
    return places.filter(Q(is_lead=True) | Q(links__isnull=False) | _is_known_to_lead("coalition__"))


def _keys(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values("pk")


def named_otherwise(coalition: Coalition) -> list[Participation]:
    """Return who takes part under another name, form or seat than the map has for that number; for the office."""
    on_map = coalition.participations.filter(organisation__mapped_at__isnull=False)
    places = on_map.select_related("organisation__municipality", "stated_municipality")
    return [each for each in places if each.differs_on_map]


def listed_for(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of a person by name, with region and how many take part (``size``)."""
    return (
        visible_to(user)
        .select_related("region")
        .annotate(size=Count("participations", distinct=True), unproved_beginner=unproved_beginner())
        .order_by("name", "pk")
    )
