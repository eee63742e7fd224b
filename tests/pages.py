"""Trying pages: at a chosen moment, by their text."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from hubportal.kernel import clock


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Let every request be received at this moment, give or take the time it takes."""
    before = clock._offset
    offset = moment - datetime.now(UTC)
    clock.move_with(lambda: offset)
    try:
        yield
    finally:
        clock.move_with(before)


def page_text(response: Any) -> str:
    """Return what a page says, without its markup."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
