"""A storage of its own for each test, and one demo authority for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from hubportal.documents.domain import authority
from tests.factories.documents import signed_letter


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make keys once: it takes longer than any test."""
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(autouse=True)
def own_storage(settings: Settings, tmp_path: Path, authority_folder: Path) -> None:
    settings.STORAGE_DIR = authority_folder
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        },
    }


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Compare refusals as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def new_authority(settings: Settings, tmp_path: Path) -> Path:
    """An empty place for certificates, as on the first start."""
    settings.STORAGE_DIR = tmp_path
    authority._load.cache_clear()
    return tmp_path / "certificates"


@pytest.fixture
def letter() -> bytes:
    """A letter as it is sent."""
    return signed_letter()
