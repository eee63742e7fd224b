"""The frame of every page, and the pages for when something is wrong."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from pytest_django import Settings

from tests.looks.markup import Page, read


def frame(**context: Any) -> Page:
    """Render the frame with this context alone, without what context processors add."""
    request = RequestFactory().get("/regio/?q=1")
    return read(get_template("base.html").render({"request": request, "user": AnonymousUser(), **context}))


def test_first_link_skips_to_the_content() -> None:
    page = frame()
    first = page.all("a")[0]
    assert first.words == "Skip to the content"
    assert page.by_id(first.attributes["href"].removeprefix("#")).tag == "main"


def test_frame_has_one_of_each_landmark() -> None:
    page = frame()
    assert [len(page.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]


def test_navigation_marks_the_present_page() -> None:
    items = [{"label": "Home", "url": "/"}, {"label": "Regions", "url": "/regio/", "current": True}]
    page = frame(navigation=items)
    assert page.one("nav", class_name="hub-navigation").attributes["aria-label"] == "Main navigation"
    assert page.one("a", aria_current="page").words == "Regions"


def test_frame_without_navigation_has_no_empty_landmark() -> None:
    assert frame(navigation=[]).all("nav", class_name="hub-navigation") == []


@pytest.mark.parametrize(("demo_mode", "banners"), [(True, 1), (False, 0)])
def test_demo_says_that_it_is_one(demo_mode: bool, banners: int) -> None:
    assert len(frame(demo_mode=demo_mode).all("aside", class_name="hub-demo-banner")) == banners


def test_frame_stands_without_any_address_being_known(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.looks.no_addresses"
    page = frame()
    assert page.one("footer").words.startswith("Hubportaal")
    assert [each.words for each in page.all("a")] == ["Skip to the content", "Hubportaal", "Nederlands"]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_page_for_when_something_is_wrong_has_one_heading_and_a_way_home(name: str) -> None:
    page = read(render_to_string(f"{name}.html", {}, RequestFactory().get("/")))
    assert len(page.all("h1")) == 1
    assert page.one("a", class_name="utrecht-button").attributes["href"] == "/en/"


@pytest.mark.parametrize("name", ["400", "500"])
def test_page_for_a_fault_needs_no_context_and_no_address(name: str, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.looks.does_not_exist"
    page = read(get_template(f"{name}.html").render())
    assert page.all("form") == []
    assert len(page.all("h1")) == 1
