"""Ask this container's own web server how it is: ``python -m hubportal.health.ask live``."""

import os
import sys
from contextlib import closing
from http.client import HTTPConnection

PORT = 8000


def main(page: str) -> int:
    """Return 0 when the page answers that all is well."""
    # A host name that is served; production refuses any other.
    host = os.environ.get("HUBPORTAL_HOSTS", "localhost").partition(",")[0]
    with closing(HTTPConnection("127.0.0.1", PORT, timeout=4)) as connection:
        connection.request("GET", f"/healthz/{page}", headers={"Host": host})
        with connection.getresponse() as answer:
            print(answer.status, answer.read(500).decode(errors="replace"))
    return int(answer.status != 200)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["ready"]))
