"""Who else is in a section of a draft: kept in the cache for a short while, without a query where nobody is.

Only who may write the draft is noted, and only who speaks for its lead is told: to who just said so, a name would tell that
somebody does (rules 26 and 27). Nothing depends on it: where the cache is away, nobody is named.
"""

from datetime import timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from applications.permissions import may_ask_others
from hubportal.middleware import SignedInRequest

# Since somebody opened the section or typed in it.
STAYS = timedelta(minutes=2)


def others_here(request: SignedInRequest, reference: str, key: str) -> str:
    """Note that the person is in a section, and return who else is, as a sentence; empty where nobody is."""
    place = f"applications/presence/{reference}/{key}"
    now = request.received_at.timestamp()
    lately: dict[int, tuple[str, float]] = {
        person: (name, at)
        for person, (name, at) in (cache.get(place) or {}).items()
        if 0 <= now - at < STAYS.total_seconds()
    }
    lately.pop(request.user.pk, None)
    names = sorted(name for name, _at in lately.values())
    lately[request.user.pk] = (request.user.full_name, now)
    cache.set(place, lately, timeout=STAYS.total_seconds())
    if not names or not may_ask_others.rows(request.user).filter(reference=reference).exists():
        return ""
    return _("Also in this section now: %(names)s.") % {"names": ", ".join(names)}
