"""An empty form tells everything that a call asks, is made in the background, and follows its call (rule 1)."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from pytest_django import DjangoAssertNumQueries, Settings

from calls.domain.empty_forms import forms_to_make, make_empty_form
from calls.domain.form_words import parts_of, title_of, told_by
from calls.letters.empty_form import empty_form
from calls.models import Call, EmptyForm
from calls.queries import calls_with_parts
from calls.tasks import make_empty_forms_task
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import every_stored_file, read_file
from tests.documents.reading import marks_of, opened, roles_of, unmarked_text, words_of
from tests.factories.calls import CallFactory, another_call_spec, make_call
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def whole(call: Call) -> Call:
    return calls_with_parts().get(pk=call.pk)


def words_in_order(call: Call) -> list[str]:
    return [line for part in parts_of(whole(call)) for line in (part.heading, *part.paragraphs, *part.items)]


def stub(*_given: Any) -> bytes:
    return b"Formulier"


def test_form_tells_every_question_length_heading_and_declaration_of_its_call() -> None:
    call = make_call(spec=another_call_spec())
    told = "\n".join([*words_in_order(call), *(str(each.rows) for each in parts_of(whole(call)))])
    for section in call.sections.all():
        for each in (section.title, section.question, f"Hoogstens {section.max_characters} tekens."):
            assert each in told, each
    for heading in call.headings.all():
        assert heading.title in told
    for each in (call.declaration_text, call.consent_text, "Nut (telt voor 60% mee)", "4: Zeer goed."):
        assert each in told, each
    assert told.count("Dit onderdeel mag u leeg laten.") == 1


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_form_says_that_it_can_come_back_and_on_which_page(kind: str) -> None:
    """By the name that the page has: the sentence leads there."""
    content = empty_form(whole(CallFactory.create()), kind, AT)
    if kind == "pdf":
        with opened(content) as document:
            text = " ".join(words_of(page) for page in document.pages)
    else:
        text = " ".join(each.text for each in Document(BytesIO(content)).paragraphs)
    with translation.override("nl"):
        page = translation.gettext("Bring in a filled-in form")
    said = f"Lees dat bestand dan in op de pagina \u201c{page}\u201d van uw concept. U kiest daar per onderdeel wat u overneemt."
    assert said in " ".join(text.split())


def test_an_example_says_in_the_form_that_it_was_made_up() -> None:
    call = CallFactory.create()
    words = words_in_order(call)
    for section in call.sections.all():
        for each in section.examples:
            assert f"Verzonnen voorbeeld: {each}" in words, section.key


def test_form_is_dutch_whatever_the_language_of_who_asks() -> None:
    call = CallFactory.create()
    with translation.override("en"):
        assert title_of(call) == f"Leeg aanvraagformulier: {call.title}"
        assert "Wat we vragen" in words_in_order(call)
        said = told_by(whole(call))
    assert told_by(whole(call)) == said


def test_word_file_has_headings_language_and_a_head_on_its_tables() -> None:
    call = CallFactory.create()
    document = Document(BytesIO(empty_form(whole(call), "docx", AT)))
    headings = [
        (each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Heading")
    ]
    assert headings[:2] == [("Heading 1", title_of(call)), ("Heading 2", "Over dit formulier")]
    assert ("Heading 3", "Samenhang") in headings
    about = document.core_properties
    assert (about.title, about.language, about.author, about.comments) == (
        title_of(call),
        "nl",
        "Hubportaal",
        "",
    )
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}
    for table in document.tables:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert sum(each.text == "Uw antwoord:" for each in document.paragraphs) == call.sections.count()
    # Nothing in it acts, and nothing leads elsewhere.
    parts = {str(each.partname) for each in document.part.package.iter_parts()}
    assert not [each for each in parts if "vba" in each.lower() or "embed" in each.lower()]
    relations = [each for part in document.part.package.iter_parts() for each in part.rels.values()]
    assert not [each for each in relations if each.is_external]


def test_pdf_is_tagged_and_the_same_for_the_same_call() -> None:
    call = whole(CallFactory.create())
    pdf = empty_form(call, "pdf", AT)
    assert pdf == empty_form(call, "pdf", AT)
    with opened(pdf) as document:
        text = " ".join(words_of(page) for page in document.pages)
        for number, page in enumerate(document.pages):
            assert unmarked_text(page, marks_of(document, number)) == []
        roles = set(roles_of(document))
    assert {"/H1", "/H2", "/H3", "/TH", "/L"} <= roles
    for each in (title_of(call), "Hoe sluit uw plan aan", "Bijdragen van derden"):
        assert each in text, each


def test_sweep_makes_each_kind_once_and_anew_when_the_call_says_something_else() -> None:
    call = CallFactory.create()
    assert forms_to_make().count() == 2
    for _twice in range(2):
        make_empty_forms_task()
    made = {each.kind: each for each in call.empty_forms.all()}
    assert {kind: read_file(each.stored_as, each.sha256)[:4] for kind, each in made.items()} == {
        "pdf": b"%PDF",
        "docx": b"PK\x03\x04",
    }
    assert AuditEvent.objects.filter(act="calls.form_made").count() == 2
    named = {each.name for each in every_stored_file()}
    assert {each.stored_as for each in made.values()} <= named
    call.sections.filter(key="regio").update(question="Waar bent u thuis?")
    assert set(forms_to_make()) == set(made.values())
    make_empty_forms_task()
    assert forms_to_make().count() == 0
    assert {each.sha256 for each in call.empty_forms.all()}.isdisjoint(each.sha256 for each in made.values())


def test_a_form_that_tells_what_its_call_says_is_not_made_again() -> None:
    form = CallFactory.create().empty_forms.get(kind="pdf")
    assert make_empty_form(form_id=form.pk, make=stub, at=AT) is True
    assert make_empty_form(form_id=form.pk, make=stub, at=AT) is False
    assert make_empty_form(form_id=0, make=stub, at=AT) is False


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_work_takes_the_same_queries_however_many_calls(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _each in range(count):
        CallFactory.create()
    with django_assert_num_queries(12):
        assert len(forms_to_make()) == count * 2


def address(call: Call, kind: str) -> str:
    return reverse("website:empty_form", args=[call.slug, kind])


def test_form_is_a_download_once_it_was_made(client: Client) -> None:
    call = CallFactory.create(slug="oproep-een")
    page = reverse("website:call", args=[call.slug])
    assert client.get(address(call, "docx")).status_code == 404
    assert "leeg-formulier" not in client.get(page).content.decode()
    for each in call.empty_forms.all():
        make_empty_form(form_id=each.pk, make=stub, at=AT)
    sent = client.get(address(call, "docx"))
    assert (sent.status_code, sent.content) == (200, b"Formulier")
    assert sent["Content-Disposition"] == 'attachment; filename="leeg-formulier-oproep-een.docx"'
    assert (sent["X-Content-Type-Options"], sent["Content-Type"].split(".")[-1]) == ("nosniff", "document")
    assert client.get(address(call, "pdf"))["Content-Type"] == "application/pdf"
    for odd in ("exe", "PDF", "docx.exe", "pdf%00"):
        assert client.get(page + f"leeg-formulier.{odd}").status_code == 404, odd
    assert all(address(call, kind) in client.get(page).content.decode() for kind in ("pdf", "docx"))


def test_form_of_a_call_that_only_practises_is_sent_in_a_demo_alone(
    client: Client, settings: Settings
) -> None:
    call = CallFactory.create(is_rehearsal=True)
    for each in call.empty_forms.all():
        make_empty_form(form_id=each.pk, make=stub, at=AT)
    for is_demo, status in ((False, 404), (True, 200)):
        settings.DEMO = is_demo
        assert client.get(address(call, "docx")).status_code == status


def test_a_damaged_form_is_said_to_be_damaged(client: Client) -> None:
    form = CallFactory.create().empty_forms.get(kind="docx")
    make_empty_form(form_id=form.pk, make=stub, at=AT)
    EmptyForm.objects.filter(pk=form.pk).update(sha256="0" * 64)
    assert client.get(address(form.call, "docx")).status_code == 503


def test_form_tells_at_the_budget_what_reviewers_look_for_there() -> None:
    call = make_call()
    assert "Beoordelaars letten op: Begroting (telt voor 10% mee)." in "\n".join(words_in_order(call))
