"""A world of decided applications, built once for the tests that break it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from tests.breaking import kept_for_a_module
from tests.decided_world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with kept_for_a_module(django_db_blocker, build) as built:
        yield built


@pytest.fixture
def pdf_of_a_page() -> Any:
    """Return what makes a letter of one page that can be read as PDF."""

    def make(content: Any, code: str, at: Any) -> bytes:
        pdf, written = pikepdf.new(), BytesIO()
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"{content['reference']} {code}"
        pdf.save(written)
        return written.getvalue()

    return make
