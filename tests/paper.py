"""A plugin: making a PDF warns of nothing, in no test.

What WeasyPrint warns of is a mistake on paper that nobody sees before it is sent: a link that leads elsewhere, a style that
is not there.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LOGGERS = ("weasyprint", "fontTools")


class _Kept(logging.Handler):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(record.getMessage())


@contextmanager
def what_paper_warns_of() -> Iterator[list[str]]:
    """Collect what making a PDF warns of; who collects it around this hears nothing of it."""
    kept, loggers = _Kept(), [logging.getLogger(each) for each in LOGGERS]
    before = [each.handlers for each in loggers]
    for each in loggers:
        each.handlers = [kept]
    yield kept.said
    for each, handlers in zip(loggers, before, strict=True):
        each.handlers = handlers


@pytest.fixture(autouse=True)
def _paper_warns_of_nothing() -> Iterator[None]:
    with what_paper_warns_of() as said:
        yield
    assert said == []
