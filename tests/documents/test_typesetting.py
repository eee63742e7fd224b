"""What people may write without end is typeset in a process of its own, one at a time, with little memory and time (rule 24)."""

from typing import Any

import pytest

from hubportal.documents.domain import bounded, rendering
from hubportal.documents.domain.bounded import SLOTS, TooBusy, TooCostly
from hubportal.documents.domain.rendering import render_pdf
from letters.domain.structure import paragraphs_of, section
from tests.factories.documents import SENT_AT


def copied(text: str, *, apart: bool = True) -> bytes:
    return render_pdf(
        template="copy.html",
        context={
            "heading": "Kop",
            "mark": "Concept",
            "reference": "CRP24-0001",
            "sections": [section("Vraag", paragraphs=paragraphs_of(text))],
        },
        title="Concept",
        reference="CRP24-0001",
        created_at=SENT_AT,
        apart=apart,
    )


def test_it_is_the_same_file_wherever_it_is_made() -> None:
    text = "Een gewone tekst met \u00e9\u00e9n accent.\n\nEn nog een alinea."
    assert copied(text) == copied(text, apart=False)


def test_what_takes_more_time_than_it_may_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(rendering, "_BOUNDS", {**rendering._BOUNDS, "RLIMIT_CPU": 1})
    with pytest.raises(TooCostly):
        copied("a\n\n" * 4000)


def test_what_takes_more_memory_than_it_may_is_given_up(monkeypatch: Any) -> None:
    # In one piece: a process that did much before holds memory that it would fill with small ones first.
    most = 64 * 1024 * 1024
    monkeypatch.setattr(rendering, "_BOUNDS", {**rendering._BOUNDS, "RLIMIT_DATA": most})
    monkeypatch.setattr(rendering, "typeset", lambda *_asked, **_wanted: bytes(most // 2))
    copied("a")
    monkeypatch.setattr(rendering, "typeset", lambda *_asked, **_wanted: bytes(most * 3 // 2))
    with pytest.raises(TooCostly):
        copied("a")


def test_a_machine_that_hangs_gives_it_up_too(monkeypatch: Any) -> None:
    monkeypatch.setattr(rendering, "_MAX_SECONDS", 1)
    with pytest.raises(TooCostly):
        copied("a" * 12_000)


def test_one_is_made_at_a_time_and_nobody_waits_for_it_long() -> None:
    with bounded._slot(SLOTS["paper"]), pytest.raises(TooBusy):
        copied("Een tekst.")
    assert copied("Een tekst.").startswith(b"%PDF-")
