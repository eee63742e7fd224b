"""Writing the words of a mail from a template, in the language of its reader."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _


def compose(template: str, context: Mapping[str, Any], *, language: str = "nl") -> tuple[str, str]:
    """Return subject and text of a mail; the template's first line is the subject.

    One about a call for practice says so in front. Every template can name ``contact``, where to ask something, and ``privacy``, where somebody's rights stand.
    """
    ends = {"contact": address_of("website:contact"), "privacy": address_of("website:privacy")}
    with translation.override(language):
        written = render_to_string(f"mails/{template}.txt", {**ends, **context})
        practice = _("This is practice: nobody gets money, and no real decision is made.")
    subject, _line_end, body = written.strip().partition("\n")
    first = f"{practice}\n\n" if _is_practice(context) else ""
    return subject.strip(), f"{first}{body.strip()}\n"


def _is_practice(context: Mapping[str, Any]) -> bool:
    """Tell whether a mail is about a call that is there to try the portal out: who reads it may not know that word."""
    about = context.get("application")
    call = context.get("call") or getattr(about, "call", None)
    return bool(getattr(call, "is_rehearsal", False))


def address_of(name: str, *arguments: object) -> str:
    """Return the whole address of a page in Dutch, for a mail or a letter, whoever's page it is written from."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{settings.PUBLIC_ADDRESS}{reverse(name, args=arguments)}"
