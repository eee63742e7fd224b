"""The parts of an application that a point can be about."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from calls.models import Call

# Beside the sections of the call; none of its keys can be one of these, for they hold a sign that no key has.
_OTHERS = {
    "+particulars": _("Title and dates"),
    "+people": _("People"),
    "+budget": _("Budget"),
    "+attachments": _("Attachments"),
}
NOTHING_IN_PARTICULAR = _("The application as a whole")


def parts_of(call: Call) -> dict[str, Any]:
    """Return what a point can be about, by key, in the order of an application; two queries at most."""
    sections = {each.key: each.title for each in call.sections.order_by("position", "pk")}
    return {"": NOTHING_IN_PARTICULAR, **sections, **_OTHERS}
