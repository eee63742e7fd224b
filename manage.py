#!/usr/bin/env python
"""Run one of the project's commands; without servers of your own, the embedded ones are started."""

import os
import sys

from django.core.management import execute_from_command_line

from hubportal import embedded
from hubportal.embedded.place import EmbeddedServerError


def main() -> None:
    """Provide the servers, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
    try:
        embedded.provide()
    except EmbeddedServerError as problem:
        sys.exit(f"hubportal: {problem}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
