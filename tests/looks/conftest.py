"""What the tests of the portal's looks share."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(autouse=True)
def english_and_plain_static_files(settings: Settings) -> Iterator[None]:
    """Render msgids as they stand, and addresses of static files without collecting them."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CRISPY_ALLOWED_TEMPLATE_PACKS = ("nlds",)
    settings.CRISPY_TEMPLATE_PACK = "nlds"
    with translation.override("en"):
        yield
