"""Embedded PostgreSQL and Valkey, for use without servers of your own.

``provide()`` is called by the entry points (``manage.py`` and the tests) before the settings are read.
Where ``DATABASE_URL`` and ``REDIS_URL`` are set, nothing here happens.
"""

import os
from pathlib import Path

from hubportal.embedded import lease, postgres, valkey
from hubportal.embedded.place import PROJECT, Place, find_place


def provide(project: Path = PROJECT) -> None:
    """Start or find the servers whose addresses are not set, and set their addresses.

    The last process that uses them stops them; a killed one leaves them to be found again. Each project
    folder has servers of its own. Raises ``EmbeddedServerError`` with what to do.
    """
    wants_database = not os.environ.get("DATABASE_URL")
    wants_broker = not os.environ.get("REDIS_URL")
    if not (wants_database or wants_broker) or os.environ.get("HUBPORTAL_ENVIRONMENT") == "production":
        return
    place = find_place(project)
    with lease.starting(place):
        lease.take(place, stop=lambda: _stop(place))
        if wants_database:
            os.environ["DATABASE_URL"] = postgres.start(place)
        if wants_broker:
            os.environ["REDIS_URL"] = valkey.start(place)


def _stop(place: Place) -> None:
    valkey.stop(place)
    postgres.stop(place)
