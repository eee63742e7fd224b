"""How often one visitor may do something, by the network that the request came from."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def asks_too_often(request: HttpRequest, *, what: str, most: int, seconds: int) -> bool:
    """Count a request of one network, and tell whether it is more than ``most`` in so many seconds."""
    key = f"{what}:{_network_of(get_adapter().get_client_ip(request))}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # The time ended in between.
        return False


def _network_of(address: str) -> str:
    """Return the address, or of IPv6 the network: one connection has as many addresses as it likes."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
