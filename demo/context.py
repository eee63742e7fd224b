"""Template context of the demo."""

from typing import Any

from django.http import HttpRequest

from demo.cast import CAST


def cast(request: HttpRequest) -> dict[str, Any]:
    """Return the people whom one can log in as."""
    return {"demo_people": CAST}
