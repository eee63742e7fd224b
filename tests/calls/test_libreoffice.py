"""A form that LibreOffice really saved is read as Word's (rule 32).

``filled_in_libreoffice.docx`` is the empty form of ``another_call_spec``, filled in, saved by LibreOffice Writer 7.4 as
OpenDocument and from there as DOCX: styles, lists, tracked changes and the table are as that program writes them.
"""

from pathlib import Path

import pytest

from calls.domain.filled_forms import Block, filled_form
from calls.queries import calls_with_parts
from hubportal.documents.domain.word import read
from tests.factories.calls import another_call_spec, make_call

pytestmark = pytest.mark.django_db
SAVED = Path(__file__).with_name("filled_in_libreoffice.docx")


def test_answers_lists_tables_and_tracked_changes_are_found() -> None:
    made = make_call(spec=another_call_spec())
    found = read(SAVED.read_bytes(), max_unpacked=5_000_000, max_letters=100_000)
    form = filled_form([Block(**each) for each in found["blocks"]], calls_with_parts().get(pk=made.pk))
    assert form.answers == {
        "hub": "Een tekst met vet en \u2018aanhaling\u2019 voor \u20ac 5.\n- eerste punt\n- dieper punt\n1. stap een\n2. stap twee\n\n"
        "Regel een\nregel twee\tmet tab.\nWie | Wat\nBuurthuis | Ontmoeten",
        # Begun on the line of the form, with a word put in and one taken out, and a heading of its own.
        "volgende": "Op dezelfde regel begonnen.\nDit blijft. Dit kwam erbij.\nEen eigen tussenkop\nEn verder.",
    }
    assert (form.empty, form.absent) == (["Wat u nog wilt zeggen"], [])
    assert (found["pictures"], found["notes"]) == (False, False)
