"""How often one visitor may do something, by the network that the request came from."""

from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

# Of IPv6: a device has a network, and one connection at home up to 65 536 of those, for which this many times as much is taken.
# So is it for 256 addresses of IPv4 in a row: who rents servers has several of them.
_DEVICE, _CONNECTION, _ROW = 64, 48, 24
BY_CONNECTION = 5


def asks_too_often(request: HttpRequest, *, what: str, most: int, seconds: int) -> bool:
    """Count a request of one network, and tell whether it is more than ``most`` in so many seconds."""
    address = get_adapter().get_client_ip(request)
    # The narrowest first: of what one device asks too much nothing counts for its neighbours.
    networks = _networks_of(address)
    return any(is_over(f"{what}:{each}", most * times, seconds) for each, times in networks)


def has_asked_enough(request: HttpRequest, *, what: str, by_one: int, most: int) -> bool:
    """Tell whether the next of something would be too many, of one network or of all of them, without counting it."""
    networks = _networks_of(get_adapter().get_client_ip(request))
    limits = {what: most, **{f"{what}:{each}": by_one * times for each, times in networks}}
    return any(cache.get(key, 0) >= limit for key, limit in limits.items())


def is_over(key: str, most: int, seconds: int) -> bool:
    """Count one more of something in so many seconds, and tell whether it is more than ``most``."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # The time ended in between.
        return False


def _networks_of(address: str) -> Iterator[tuple[str, int]]:
    """Yield the networks that an address counts for, each with how many times as much it may do."""
    try:
        found = ip_address(address)
    except ValueError:
        yield address, 1
        return
    if not isinstance(found, IPv6Address):
        yield address, 1
        yield str(ip_network((found, _ROW), strict=False)), BY_CONNECTION
        return
    yield str(ip_network((found, _DEVICE), strict=False)), 1
    yield str(ip_network((found, _CONNECTION), strict=False)), BY_CONNECTION
