"""The attachments that a call asks for, as its data name them (rule 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from calls.models import Call
from hubportal.kernel.errors import RuleViolation

_MOST_SIGNS = {"key": 40, "label": 80, "explanation": 400}


@dataclass(frozen=True)
class AttachmentKind:
    """A kind of attachment (soort bijlage): what it is called, what is meant, whether it must be there, and how many files it may be."""

    key: str
    label: str
    explanation: str = ""
    is_required: bool = False
    most: int = 1


def attachment_kinds(call: Call) -> list[AttachmentKind]:
    """Return the kinds of attachments that a call asks for, in its order; none where it asks for nothing in particular."""
    return [AttachmentKind(**each) for each in call.attachment_kinds]


def check_attachment_kinds(call: Mapping[str, Any]) -> None:
    """Raise ``RuleViolation`` for kinds that nobody could choose or fulfil."""
    try:
        kinds = [AttachmentKind(**each) for each in call.get("attachment_kinds", [])]
    except TypeError as unknown:
        raise _refusal() from unknown
    # The form has a key of its own for anything else.
    keys = ["other", *(each.key for each in kinds)]
    fewest = sum(each.is_required for each in kinds)
    if len(set(keys)) < len(keys) or fewest > call.get("max_attachments", 10):
        raise _refusal()
    if not all(each.key and each.label and each.most >= 1 for each in kinds):
        raise _refusal()
    if any(len(getattr(each, name)) > most for each in kinds for name, most in _MOST_SIGNS.items()):
        raise _refusal()


def _refusal() -> RuleViolation:
    return RuleViolation(
        _("An attachment that the call asks for lacks a name, is there twice, or cannot be added."),
        field="attachment_kinds",
    )
