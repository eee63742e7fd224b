"""Moments of the 2024 call, which tests pass as ``at``."""

from calls.domain.setup import moment

CALL_OPENS = moment("2024-04-09T09:00")
# A Wednesday in the first round.
AT = moment("2024-05-01T10:00")
FIRST_DEADLINE = moment("2024-05-14T14:00")
SEALED_AT = moment("2024-05-14T14:05")
LAST_DEADLINE = moment("2024-09-24T14:00")
