"""No field looks at what somebody sends for longer than its length asks: whoever sends megabytes stops nobody (rule 33).

Patterns that begin anew at each sign take the square of the length: hours of CPU for what one request may carry. What is
guarded here is that they end at all, not how fast.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import pytest
from django import forms

from hubportal.kernel.names import refuse_address, refuse_link, without_links
from people.forms.health import health_words_in
from regions.typed import read
from tests.hubportal.project_forms import fields_of_the_project

# Of the 5 MB that a request may carry; at the square of it a machine works for minutes on each of them.
SIGNS = 300_000
# Seconds of CPU: a hundred times what any of them needs.
PATIENCE = 30
ENDLESS = [
    "a-",
    "a@",
    "a.",
    "abc:",
    "1 ",
    "1.",
    "1,",
    " ",
    "\u00ad",
    "(",
    "<",
    "'",
    "\n",
    "\n ",
    "ziek-",
    "é",
    "1",
]


@contextmanager
def an_end() -> Iterator[None]:
    """Fail where a computation does not end."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("does not end")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def endless(sign: str) -> str:
    return "1" + sign * (SIGNS // len(sign)) + "x1"


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ENDLESS, ids=repr)
def test_every_field_comes_to_an_end(sign: str) -> None:
    text = endless(sign)
    for field in _one_of_each_kind():
        with an_end(), suppress(forms.ValidationError):
            field.clean(text)


def _one_of_each_kind() -> list[forms.Field]:
    """Return fields that differ in what they do with a text."""
    kinds = {
        (type(field), field.required, *sorted(map(repr, map(_name, field.validators)))): field
        for _where, field in fields_of_the_project()
        if not isinstance(field, forms.FileField | forms.MultiValueField)
    }
    assert len(kinds) > 20
    return list(kinds.values())


def _name(validator: Any) -> str:
    return getattr(validator, "__name__", type(validator).__name__)


@pytest.mark.parametrize("sign", ENDLESS, ids=repr)
@pytest.mark.parametrize("look", [refuse_link, refuse_address, without_links, health_words_in, read])
def test_every_look_at_a_text_comes_to_an_end(look: Any, sign: str) -> None:
    with an_end():
        look(endless(sign))
