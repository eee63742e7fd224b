"""Optimistic versions: nobody overwrites what they did not see (rules 12 and 32)."""

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation


class NewerVersion(RuleViolation):
    """Somebody saved a newer version meanwhile; both are shown, nothing is overwritten (rule 12)."""


def check_version(current: int, seen: int) -> None:
    """Raise ``NewerVersion`` when what was seen is no longer what is there."""
    if seen != current:
        raise NewerVersion(
            _("Somebody else, or you in another window, saved a newer version. Compare both and choose.")
        )


def is_to_be_saved(*, typed: object, kept: object, seen: int, current: int) -> bool:
    """Tell whether what was typed has to be written: the same content again is saved already, whatever was seen.

    ``kept`` is None where nothing is kept yet, whose version is 0. Raises ``NewerVersion`` for other content
    than a newer version has (rule 12).
    """
    if typed == kept:
        return False
    check_version(current, seen)
    return True
