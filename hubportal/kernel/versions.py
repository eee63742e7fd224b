"""Optimistic versions: nobody overwrites a version they have not seen (rules 12 and 32)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation


class NewerVersion(RuleViolation):
    """A newer version was saved meanwhile; both are shown, nothing is overwritten (rule 12)."""


class SomebodyWasFirst(RuleViolation):
    """Somebody else did the same meanwhile, so that the reason of who came second is kept nowhere."""


def check_version(current: int, seen: int) -> None:
    """Raise ``NewerVersion`` unless the seen version is the current one."""
    if seen != current:
        raise NewerVersion(
            _("Someone else, or you in another window, saved a newer version. Compare the two and choose.")
        )


def check_shown(now: str, shown: str | None) -> None:
    """Raise ``NewerVersion`` unless what was shown of something is what there is now; ``None`` for what nobody was shown."""
    if shown is not None and shown != now:
        raise NewerVersion(
            _("This changed after you opened the page, so nothing has been recorded. Look again.")
        )


def is_to_be_saved(*, typed: object, kept: object, seen: int, current: int) -> bool:
    """Tell whether typed content has to be written; content equal to the saved content never does.

    ``kept`` is ``None`` where nothing is saved yet (version 0). Raises ``NewerVersion`` if different content was
    saved over the seen version (rule 12).
    """
    if typed == kept:
        return False
    check_version(current, seen)
    return True


def check_did_it_oneself(first: Any, actor: Any) -> None:
    """Let through who did this before and presses again. Raises ``SomebodyWasFirst`` at ``reason`` for anybody else (rule 32).

    ``first`` is the person who did it.
    """
    if first != actor:
        raise SomebodyWasFirst(
            _("%(name)s did this a moment before you. The reason that you wrote has not been kept.")
            % {"name": first.full_name},
            field="reason",
        )
