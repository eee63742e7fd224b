"""Run the measures in a database, a broker space and a folder of their own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import psycopg

from hubportal import embedded

NAMES = ("sealing", "assigning", "letters", "pages", "writing", "queries")
# With --check: so few that every measure is seen to work, and no figure means anything.
CHECKED = {
    "sealing": {"submissions": 20},
    "assigning": {"count": 20},
    "letters": {"count": 4, "sample_size": 4},
    "pages": {"small_count": 20, "large_count": 40, "turns": 1},
    "writing": {"applications": 60, "people": 5, "seconds": 2, "alone": 4},
    "queries": {"by_at_most": 1},
}


def main() -> int:
    """Prepare the place, then run what is named, or everything."""
    words = sys.argv[1:]
    wanted = [each for each in words if each != "--check"] or list(NAMES)
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"bench: {', '.join(sorted(unknown))} is unknown; it is one of: {', '.join(NAMES)}")
        return 2
    embedded.provide()
    if len(wanted) > 1:
        # Each in a process and a database of its own: what one fills would count against quotas in the next.
        asked = [word for word in words if word not in NAMES]
        # Migrated once, which takes most of a minute, and copied for each.
        migrated = _fresh_database(os.environ["DATABASE_URL"], "bench_migrated")
        known = {**os.environ, "HUBPORTAL_BENCH_TEMPLATE": urlsplit(migrated).path.lstrip("/")}
        migrating = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrating, env={**known, "DATABASE_URL": migrated, "HUBPORTAL_DEMO": "1"}, check=True)
        return max(
            subprocess.run([sys.executable, "-m", "bench", name, *asked], env=known, check=False).returncode
            for name in wanted
        )
    with tempfile.TemporaryDirectory(prefix="hubportal-bench-") as folder:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "hubportal.settings",
                "HUBPORTAL_DEMO": "1",
                "HUBPORTAL_STORAGE": folder,
                "HUBPORTAL_SWEEP_SECONDS": "3",
                "HUBPORTAL_LOG_LEVEL": "WARNING",
                "DATABASE_URL": _fresh_database(
                    os.environ["DATABASE_URL"],
                    "bench",
                    template=os.environ.get("HUBPORTAL_BENCH_TEMPLATE", "template0"),
                ),
                "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/8")),
            }
        )
        _run(wanted[0], CHECKED[wanted[0]] if "--check" in words else {})
    return 0


def _run(name: str, sizes: Mapping[str, int]) -> None:
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connections

    from bench import assigning, letters, pages, queries, sealing, writing

    call_command("migrate", verbosity=0)
    cache.clear()
    measures = {
        "sealing": sealing,
        "assigning": assigning,
        "letters": letters,
        "pages": pages,
        "writing": writing,
        "queries": queries,
    }
    measures[name].measure(**sizes)
    connections.close_all()


def _fresh_database(address: str, suffix: str, *, template: str = "template0") -> str:
    """Return the address of a copy of a database of this server; of ``template0`` it is an empty one."""
    parts = urlsplit(address)
    name = f"{parts.path.lstrip('/')}_{suffix}"
    names = [psycopg.sql.Identifier(each) for each in (name, template)]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
        server.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return urlunsplit(parts._replace(path=f"/{name}"))


if __name__ == "__main__":
    sys.exit(main())
