"""Every form that somebody finds, pressed twice at once in a browser without script: done once, and no error (rule 30)."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import DateTimeField, Field, Model, UUIDField
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.kernel import clock
from tests.access.test_matrix import TABLES, path_of
from tests.access.world import PERSONAS, PRESENT, World, build
from tests.applications.collaborating import joined
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db(transaction=True)

# Of these the button ends what the others need, or is of a package: log-in, second factor, roles and people.
LEFT_OUT = ("demo:", "account_", "mfa_", "admin:index", "admin:login", "admin:logout", "admin:password")
# What ends the world of the others: pressed last.
LAST = ("withdraw", "hand_over", "erase", "stop", "end_", "remove", "discard", "undo", "merge")
_BUTTON = "button.utrecht-button--primary-action[type=submit]"
_FORM = f"main form[method=post]:has({_BUTTON})"
# Rows that one press may make alike: one mail to each of several readers, one step for each of several rows.
_SAME_TWICE = {"sessions.session", "mail.outgoingmail", "regions.regionchange"}
CLICK_MILLISECONDS = 60
MOST_GLANCES = 150
Rows = dict[type[Model], set[str]]


def test_what_is_pressed_twice_is_done_once(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    pressed: list[str] = []
    problems: list[str] = []
    sent_twice: list[str] = []
    for persona in PERSONAS[1:]:
        client, page = world.clients[persona], None
        for name, path in forms_of(world, persona, client, known=pressed):
            page = page or visit(java_script_enabled=False)
            keep_logged_in(page.context, live_server, client)
            before = rows_now()
            problem = press_twice(page, f"{live_server.url}{path}", sent_twice)
            problems += [f"{persona} at {name}: {each}" for each in filter(None, [problem, *doubles(before)])]
            pressed.append(name)
    assert problems == [], "\n".join(problems)
    assert len(pressed) > 60, pressed
    assert len(sent_twice) > 30, sent_twice


def test_the_same_button_of_a_page_that_was_opened_since_says_why_it_is_refused(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Who reads that it was done already would think that somebody was asked."""
    clock.move_with(lambda: AT - datetime.now(UTC))
    case = scenarios.written(partners=1)
    helper = joined(case)
    client = Client()
    log_in(client, case.applicant)
    page = visit()
    keep_logged_in(page.context, live_server, client)
    page.goto(f"{live_server.url}/aanvragen/{case.reference}/partners/")
    ask = page.get_by_role("button", name=re.compile("^(Instemming|Opnieuw) vragen"))
    ask.click()
    expect(page.get_by_text("De vraag is onderweg", exact=False)).to_be_visible()
    force(case.partners[0], contact_email=helper.email, mailbox=helper.mailbox)
    page.reload()
    ask.click()
    expect(page.get_by_text("Een partner stemt nooit in via de mailbox", exact=False)).to_be_visible()
    expect(page.get_by_text("Dit was al gedaan", exact=False)).to_have_count(0)


def forms_of(world: World, persona: str, client: Client, *, known: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pages with a form for this person, each once for whoever comes first; the act that ends others last."""
    column = PERSONAS.index(persona)
    found = [
        (name, path_of(world, name))
        for table in TABLES.values()
        for name, method in table
        if method == "GET"
        and (name, "POST") in table
        and table[name, "GET"].split()[column] == "200"
        and not name.startswith(LEFT_OUT)
    ]
    for name, path in sorted(found, key=lambda each: any(word in each[0] for word in LAST)):
        if name not in known and b'method="post"' in client.get(path).content:
            yield name, path


def keep_logged_in(context: BrowserContext, server: LiveServer, client: Client) -> None:
    """Give the browser the session of a person of the world."""
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}]
    )


def press_twice(page: Page, address: str, sent_twice: list[str]) -> str:
    """Fill the first form of a page, and press its button twice at once; return what went wrong."""
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status))
    page.goto(address)
    form = page.locator(_FORM).first
    if form.count() == 0:
        return ""
    fill(form)
    posts: list[str] = []
    unanswered: set[Request] = set()

    def note(sent: Request) -> None:
        if sent.method == "POST":
            posts.append(sent.url)
        unanswered.add(sent)

    def forget(sent: Request) -> None:
        unanswered.discard(sent)

    page.on("request", note)
    page.on("requestfinished", forget)
    page.on("requestfailed", forget)
    button = form.locator(_BUTTON).first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    for _click in range(2):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        # As fast as fingers are; at once, the browser would leave the first away.
        page.wait_for_timeout(CLICK_MILLISECONDS)
    page.wait_for_load_state("load")
    for _glance in range(MOST_GLANCES):
        if not unanswered:
            break
        # On a busy machine the next page would else come before this one is done.
        page.wait_for_timeout(100)
    sent_twice.extend({each for each in posts if posts.count(each) > 1})
    page.wait_for_timeout(150)
    wrong = [str(each) for each in answers if each in {403, 404, 409, 410} or each >= 500]
    return f"answered {' '.join(wrong)}" if wrong else ""


def fill(form: Locator) -> None:
    """Fill what is empty with something that fits."""
    for each in form.locator("input:visible, textarea:visible, select:visible").all():
        kind = each.get_attribute("type") or each.evaluate("field => field.tagName.toLowerCase()")
        if kind == "select":
            if not each.input_value():
                values = each.evaluate("field => [...field.options].map(one => one.value).filter(Boolean)")
                if values:
                    each.select_option(values[0])
        elif kind in {"checkbox", "radio"}:
            if kind == "radio" or each.get_attribute("required") is not None:
                each.check()
        elif kind in _TYPED and not each.input_value():
            each.fill(_TYPED[kind])


_TYPED = {
    "text": "Proef (fictief)",
    "textarea": "Een zin om te proberen (fictief).",
    "email": "proef@proef.example",
    "number": "1",
    "date": date(2024, 5, 2).isoformat(),
    "time": time(12).isoformat("minutes"),
    "tel": "010 555 12 34",
    "url": "https://proef.example",
    "search": "proef",
}


def rows_now() -> Rows:
    """Return the keys of all rows, asked of all tables at once."""
    models = [each for each in apps.get_models() if each._meta.label_lower not in _SAME_TWICE]
    each_table = (
        f'SELECT {number}, array_agg("{model._meta.pk.column}"::text) FROM "{model._meta.db_table}"'
        for number, model in enumerate(models)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each_table))
        return {models[number]: set(keys or ()) for number, keys in cursor.fetchall()}


def doubles(before: Rows) -> list[str]:
    """Return which rows were made twice: alike but for their keys and moments."""
    found = []
    for model, keys in rows_now().items():
        names = [each.attname for each in model._meta.concrete_fields if _compares(each)]
        if len(new := keys - before[model]) < 2 or not names:
            continue
        alike = Counter(map(repr, model._default_manager.filter(pk__in=new).values_list(*names)))
        found += [f"{model._meta.label} {row} {count} times" for row, count in alike.items() if count > 1]
    return found


def _compares(field: "Field[Any, Any]") -> bool:
    return not (field.primary_key or field.unique or isinstance(field, DateTimeField | UUIDField))
