"""Run the measures in a database, a broker space and a folder of their own."""

import os
import sys
import tempfile
from urllib.parse import urlsplit, urlunsplit

import psycopg

from hubportal import embedded

NAMES = ("sealing", "assigning", "letters", "pages", "queries")


def main() -> int:
    """Prepare the place, then run what is named, or everything."""
    wanted = sys.argv[1:] or list(NAMES)
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"bench: {', '.join(sorted(unknown))} is unknown; it is one of: {', '.join(NAMES)}")
        return 2
    embedded.provide()
    with tempfile.TemporaryDirectory(prefix="hubportal-bench-") as folder:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "hubportal.settings",
                "HUBPORTAL_DEMO": "1",
                "HUBPORTAL_STORAGE": folder,
                "HUBPORTAL_SWEEP_SECONDS": "1",
                "HUBPORTAL_LOG_LEVEL": "WARNING",
                "DATABASE_URL": _fresh_database(os.environ["DATABASE_URL"]),
                "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/8")),
            }
        )
        _run(wanted)
    return 0


def _run(wanted: list[str]) -> None:
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connections

    from bench import assigning, letters, pages, queries, sealing

    call_command("migrate", verbosity=0)
    cache.clear()
    measures = {
        "sealing": sealing,
        "assigning": assigning,
        "letters": letters,
        "pages": pages,
        "queries": queries,
    }
    for name in wanted:
        measures[name].measure()
    connections.close_all()


def _fresh_database(address: str) -> str:
    parts = urlsplit(address)
    name = f"{parts.path.lstrip('/')}_bench"
    identifier = psycopg.sql.Identifier(name)
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        server.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    return urlunsplit(parts._replace(path=f"/{name}"))


if __name__ == "__main__":
    sys.exit(main())
