"""What a page showed of something that binds: what changed since is shown again, and not fixed (rule 30)."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _


def seen_in(request: HttpRequest) -> int | None:
    """Return the version or number of what the page showed, as its form sends it; nothing when it is no number."""
    sent = request.POST.get("seen", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < len(str(2**63)) else None


def changed_meanwhile(request: HttpRequest) -> None:
    """Tell that something else would be fixed than the page showed."""
    messages.warning(
        request, _("This changed after you opened the page, so nothing has been recorded. Look again.")
    )
