"""Who works with whom: the picture of a kwartiermaker, and what is public of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping.enums import TieKind
from mapping.views.matrix import Filter
from organisations.queries import organisations_in
from pictures.domain.drawn_networks import drawn
from pictures.domain.networks import (
    MOST_DRAWN,
    SHARED,
    Joined,
    Knot,
    Link,
    Network,
    busiest,
    in_a_ring,
    shared_questions,
)
from pictures.queries import involved_now, public_cards_in, public_ties_within, ties_within
from pictures.views.made import Made, select
from regions.models import Region

AROUND = "rond"
_KINDS: dict[str, str | Promise] = {
    **{each.value: each.label for each in TieKind},
    SHARED: gettext_lazy("takes part in the same question"),
}


def of_map(region: Region, asked: QueryDict, *, today: date) -> Made:
    """Return the picture of the organisations on the map of a region that have a link which the address lets through."""
    listed = organisations_in(region).order_by("sort_name", "map_key").values_list("map_key", "name")
    knots = {
        str(key): Knot(str(key), name, reverse("mapping:organisation", args=[region.slug, key]))
        for key, name in listed
    }
    filters = [
        select("band", _("Kind of link"), list(_KINDS.items()), asked),
        select(AROUND, _("Around"), [(each.key, each.name) for each in knots.values()], asked),
    ]
    kind, around = (each.chosen for each in filters)
    ties = [
        Link(str(one), str(other), tie)
        for one, other, tie in ties_within(region).values_list("one__map_key", "other__map_key", "kind")
        if kind in {"", tie}
    ]
    involved = involved_now(region, today=today).values_list("question", "organisation__map_key")
    parts = [(question, str(key)) for question, key in involved] if kind in {"", SHARED} else []
    keys, number = busiest(ties, parts, names={key: each.name for key, each in knots.items()}, around=around)
    links = [
        *(each for each in ties if {each.one, each.other} <= set(keys)),
        *shared_questions(parts, set(keys)),
    ]
    if around:
        links = [each for each in links if around in {each.one, each.other}]
    notes = [_("Questions are shared by organisations that take part in them now. People are not shown.")]
    if number > MOST_DRAWN:
        notes.append(
            _(
                "Shown are the %(shown)d organisations with most links of %(number)d: choose one to see what is around it."
            )
            % {"shown": MOST_DRAWN, "number": number}
        )
    return _made(region, knots, keys, links, filters=filters, notes=notes)


def of_public(region: Region) -> Made:
    """Return the picture of the public ties of the public organisations, by the names that visitors read (rule 23)."""
    cards = public_cards_in(region)
    knots = {str(each.map_key): Knot(str(each.map_key), card.name) for each, card in cards}
    known = public_ties_within([each.pk for each, _card in cards])
    ties = [
        Link(str(one), str(other), tie)
        for one, other, tie in known.values_list("one__map_key", "other__map_key", "kind")
        if {str(one), str(other)} <= set(knots)
    ]
    keys, number = busiest(ties, [], names={key: each.name for key, each in knots.items()})
    links = [each for each in ties if {each.one, each.other} <= set(keys)]
    notes = [_("Public organisations are shown, people are not.")]
    if number > MOST_DRAWN:
        notes.append(
            _("Shown are the %(shown)d organisations with most links of %(number)d.")
            % {"shown": MOST_DRAWN, "number": number}
        )
    return _made(region, knots, keys, links, notes=notes)


def _made(
    region: Region,
    knots: Mapping[str, Knot],
    keys: Sequence[str],
    links: Sequence[Link],
    *,
    filters: Sequence[Filter] = (),
    notes: list[str],
) -> Made:
    joined = sorted(_joined(links, knots), key=lambda each: (each.one.name, each.other.name, each.link))
    told = ngettext(
        "%(organisations)d organisations with %(number)d link between them.",
        "%(organisations)d organisations with %(number)d links between them.",
        len(joined),
    ) % {"organisations": len(keys), "number": len(joined)}
    there = {each.kind for each in links}
    network = Network(
        title=_("Who works with whom in %(region)s") % {"region": region.name},
        told=[told],
        headings=[_("Organisation"), _("Link"), _("With")],
        knots=[knots[key] for key in in_a_ring(keys, links)],
        joined=joined,
        kinds={kind: str(label) for kind, label in _KINDS.items() if kind in there},
        notes=notes,
    )
    empty = "" if joined else _("There are no links to show.")
    return Made(network, drawn(network), "network", filters, empty)


def _joined(links: Iterable[Link], knots: Mapping[str, Knot]) -> Iterable[Joined]:
    for link in links:
        words, pair = str(_KINDS[link.kind]), (knots[link.one], knots[link.other])
        if link.kind == SHARED:
            # It goes neither way: by name.
            pair = (min(pair, key=_by_name), max(pair, key=_by_name))
            words = ngettext(
                "shares %(number)d question with", "shares %(number)d questions with", link.number
            ) % {"number": link.number}
        yield Joined(link, *pair, words)


def _by_name(knot: Knot) -> tuple[str, str]:
    return knot.name, knot.key
