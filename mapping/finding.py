"""Finding what an organisation that is typed may be already: by name, other name, website and KvK number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Q
from rapidfuzz import fuzz

from hubportal.accounts.models import User
from mapping.enums import SameBy
from mapping.queries import bin_of, organisations_to_take
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from regions.names import search_key, sort_name

MOST_SHOWN = 5
FEWEST_LETTERS = 3
# Of a hundred: one or two typing errors in a name of usual length.
_ALIKE = 88
_LETTERS_OF_A_WORD = 4
# What many organisations have in their names tells nothing.
_COMMON = frozenset(
    {"stichting", "vereniging", "cooperatie", "bv", "nv", "de", "het", "een", "van", "voor", "in", "en", "te"}
)
# Where many organisations have a page.
_SHARED_HOSTS = ("facebook.com", "linkedin.com", "instagram.com", "x.com", "youtube.com", "google.com")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Typed:
    """What is typed of an organisation."""

    name: str
    other_names: str = ""
    website: str = ""
    kvk_number: str = ""


def typed_of(organisation: Organisation) -> Typed:
    """Return what is known of an organisation, as if it were typed."""
    return Typed(organisation.name, organisation.other_names, organisation.website, organisation.kvk_number)


@dataclass(frozen=True)
class Double:
    """An organisation that may be the one that is typed, by what, and whether it is on the map of the region already."""

    organisation: Organisation
    by: SameBy
    is_here: bool
    is_in_bin: bool = False


def doubles_of(typed: Typed, *, region: Region, user: User, is_typing: bool = False) -> list[Double]:
    """Return what may be the same among what a kwartiermaker may know of (rule 26), the surest first.

    Published organisations, and those of all the person's own maps. ``is_typing``: the name is not whole yet.
    """
    names = _names(typed.name, typed.other_names)
    known = organisations_to_take(user).filter(_perhaps(typed, names)).select_related("municipality")
    found = [(by, each) for each in known if (by := _same_by(typed, names, each, is_typing=is_typing))]
    keys = [each.pk for _by, each in found]
    here = set(organisations_in(region).filter(pk__in=keys).values_list("pk", flat=True))
    ranked = sorted(
        found, key=lambda each: (each[0], each[1].pk not in here, each[1].sort_name, each[1].map_key)
    )
    binned = set(bin_of(region).filter(organisation__in=keys).values_list("organisation", flat=True))
    return [Double(each, by, each.pk in here, each.pk in binned) for by, each in ranked[:MOST_SHOWN]]


def _perhaps(typed: Typed, names: Iterable[str]) -> Q:
    """Return the condition that the database asks; what it lets through is compared one by one."""
    found = Q(pk=None)
    for word in {word for name in names for word in name.split() if len(word) >= FEWEST_LETTERS}:
        begin = word[:_LETTERS_OF_A_WORD]
        found |= Q(sort_name__contains=begin) | Q(other_names__icontains=begin)
    if host := host_of(typed.website):
        found |= Q(website__icontains=host)
    return found | Q(kvk_number=typed.kvk_number) if typed.kvk_number else found


def _same_by(typed: Typed, names: list[str], known: Organisation, *, is_typing: bool) -> SameBy | None:
    if typed.kvk_number and known.kvk_number == typed.kvk_number:
        return SameBy.NUMBER
    if (host := host_of(typed.website)) and host_of(known.website) == host:
        return SameBy.WEBSITE
    its_names = _names(known.name, known.other_names)
    pairs = [(one, other) for one in names for other in its_names]
    if any(search_key(one) == search_key(other) for one, other in pairs):
        return SameBy.NAME if _names(typed.name)[:1] == its_names[:1] else SameBy.OTHER_NAME
    if is_typing and any(_begins(other, one) for one, other in pairs):
        return SameBy.ALIKE
    return SameBy.ALIKE if any(_is_alike(one, other) for one, other in pairs) else None


def _names(name: str, others: str = "") -> list[str]:
    """Return the names without what many names have, in plain letters; one of such words alone as it is."""
    plain = []
    for each in (name, *re.split("[,;]", others)):
        words = _WORDS.findall(sort_name(each))
        plain.append(" ".join([word for word in words if word not in _COMMON] or words))
    return [each for each in plain if each]


def _begins(whole: str, typed: str) -> bool:
    return len(search_key(typed)) >= FEWEST_LETTERS and search_key(whole).startswith(search_key(typed))


def _is_alike(one: str, other: str) -> bool:
    # Number 1 and number 2 are two.
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    return fuzz.token_sort_ratio(one, other) >= _ALIKE


def host_of(website: str) -> str:
    """Return the host of a website, or nothing for one that many organisations share."""
    address = website if "//" in website else f"//{website}"
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    is_shared = any(host == each or host.endswith(f".{each}") for each in _SHARED_HOSTS)
    return "" if is_shared or "." not in host else host
