"""Components that pages are composed of."""

import re
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.architecture.sources import TEMPLATES
from tests.looks.markup import Page, read

CLASSES = re.compile(r'class="([^"{]*)')


def rendered(component: str, path: str = "/", **arguments: Any) -> Page:
    return read(render_to_string(f"components/{component}.html", arguments, RequestFactory().get(path)))


def test_page_header_has_the_only_heading_of_the_first_level() -> None:
    page = rendered("page_header", title="My application", badge_label="Draft", lead="Write it together.")
    assert page.one("h1").words == "My application"
    assert page.one("span", class_name="utrecht-status-badge--neutral").words == "Draft"


def test_breadcrumbs_name_the_present_page() -> None:
    page = rendered("breadcrumbs", crumbs=[{"label": "Home", "url": "/"}], current="Regions")
    assert [(each.words, each.attributes["href"]) for each in page.all("a")] == [("Home", "/")]
    assert page.one("span", aria_current="page").words == "Regions"


@pytest.mark.parametrize("kind", ["info", "ok", "warning", "error"])
def test_notice_says_its_kind_in_words_too(kind: str) -> None:
    page = rendered("notice", kind=kind, title="Title", text="<b>Text</b>")
    assert page.one("div", class_name=f"utrecht-alert--{kind}").words == "Title <b>Text</b>"
    assert page.one("svg").attributes["aria-label"] != ""


@pytest.mark.parametrize(
    ("kind", "class_name"),
    [("", "neutral"), ("info", "active"), ("ok", "safe"), ("warning", "warning"), ("error", "danger")],
)
def test_status_badge_has_the_colour_of_its_kind(kind: str, class_name: str) -> None:
    page = rendered("status_badge", label="Granted", kind=kind)
    assert page.one("span", class_name=f"utrecht-status-badge--{class_name}").words == "Granted"


def test_empty_state_offers_the_next_step() -> None:
    page = rendered("empty_state", title="Nothing yet", action_url="/start/", action_label="Start")
    assert (page.one("a").attributes["href"], page.one("a").words) == ("/start/", "Start")


def test_pagination_keeps_the_search_and_shows_where_one_is() -> None:
    page = rendered("pagination", "/?q=hub&page=5", page=Paginator(range(100), 10).page(5))
    links = [(each.words, each.attributes["href"]) for each in page.all("a")]
    assert links == [
        ("Previous", "?q=hub&page=4"),
        ("Page 1", "?q=hub&page=1"),
        ("Page 3", "?q=hub&page=3"),
        ("Page 4", "?q=hub&page=4"),
        ("Page 6", "?q=hub&page=6"),
        ("Page 7", "?q=hub&page=7"),
        ("Page 10", "?q=hub&page=10"),
        ("Next", "?q=hub&page=6"),
    ]
    assert page.one("span", aria_current="page").words == "Page 5"


def test_single_page_needs_no_pagination() -> None:
    assert rendered("pagination", page=Paginator(range(3), 10).page(1)).elements == []


def test_link_in_a_definition_list_says_what_it_changes() -> None:
    items = [
        {"term": "Amount", "description": "€ 1", "url": "/edit/", "action": "Change"},
        {"term": "Period", "description": "-"},
    ]
    page = rendered("definition_list", items=items)
    assert [each.words for each in page.all("dt")] == ["Amount", "Period"]
    assert page.one("a").words == "Change: Amount"


def test_timeline_says_what_is_done_and_what_is_now() -> None:
    steps = [
        {"title": "Sent", "state": "done"},
        {"title": "Judged", "state": "current"},
        {"title": "Decided"},
    ]
    page = rendered("timeline", steps=steps)
    assert [each.words for each in page.all("li")] == ["Sent (done)", "Judged", "Decided"]
    assert page.one("li", aria_current="step").words == "Judged"


def test_cards_have_headings_of_the_asked_level() -> None:
    page = rendered("card_list", cards=[{"title": "Drenthe", "url": "/drenthe/"}], level=3)
    assert page.one("h3").words == "Drenthe"


def test_form_actions_put_the_main_button_first() -> None:
    page = rendered(
        "form_actions",
        submit_label="Submit",
        danger=True,
        secondary_label="Save",
        secondary_name="save",
        cancel_url="/",
    )
    assert [each.words for each in page.all("button")] == ["Submit", "Save"]
    assert page.one("button", class_name="utrecht-button--danger").words == "Submit"
    assert page.one("a").words == "Cancel"


def test_every_list_to_choose_from_has_the_arrow_of_the_portal_alone() -> None:
    """Without its second class the browser draws its own beside it."""
    both = {"utrecht-select", "utrecht-select--html-select"}
    written = [each for file in TEMPLATES for each in CLASSES.findall(file.read_text())]
    assert {each for each in written if len(both & set(each.split())) == 1} == set()
