"""Which columns hold what people typed."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, TextField

# What the portal writes itself: mails, in which links are broken up on purpose, and the log.
_WRITTEN_BY_THE_PORTAL = {"mail", "audit", "sweeps", "sessions", "contenttypes", "auth", "mfa", "account"}


def typed_fields() -> Iterator["Field[Any, Any]"]:
    """Yield each column of text, whatever app it is of: some are chosen from lists, which does no harm."""
    for model in apps.get_models():
        if model._meta.app_label not in _WRITTEN_BY_THE_PORTAL:
            yield from (
                each for each in model._meta.concrete_fields if isinstance(each, CharField | TextField)
            )
