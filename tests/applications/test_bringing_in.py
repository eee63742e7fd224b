"""A form that was filled in elsewhere comes back into the draft section by section, as ticked (rule 32)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx.document import Document as Opened
from pytest_django import DjangoAssertNumQueries

from applications.domain.drafting import save_section
from applications.enums import CollaboratorRight
from applications.models import EarlierVersion
from hubportal.accounts.enums import Role
from tests.applications.collaborating import invited, joined
from tests.applications.filled import filled, page_of, taking, upload
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = "opgave", "aanpak", "leren"


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=1)
    log_in(client, case.applicant)
    return case


def write(case: "scenarios.Case", key: str, text: str, *, seen: int = 0, actor: Any = None) -> None:
    save_section(
        reference=case.reference,
        key=key,
        text=text,
        seen_version=seen,
        actor=actor or case.applicant,
        at=AT,
    )


def texts(case: "scenarios.Case") -> dict[str, str]:
    return dict(case.sections.values_list("spec__key", "text"))


def shown(client: Client, case: "scenarios.Case", **answers: str) -> Any:
    """Bring a form with these answers in."""
    return client.post(page_of(case), upload(filled(case.call, answers)))


def rows(page: Any) -> dict[str, Any]:
    return {each.spec.key: each for each in page.context["rows"]}


def sent(page: Any, *ticked: str, **others: str) -> dict[str, str]:
    """Return what the form on a page sends with these boxes ticked."""
    values = {}
    for key, row in rows(page).items():
        values[f"{key}-text"] = row.form["text"].value()
        values[f"{key}-seen_version"] = str(row.form["seen_version"].value())
        if key in ticked:
            values[f"{key}-is_taken"] = "on"
    return values | others


def test_the_page_says_how_and_leads_to_the_empty_form_once_it_is_made(
    client: Client, case: "scenarios.Case"
) -> None:
    page = client.get(page_of(case))
    assert "We maken het nu" in page_text(page)
    case.call.empty_forms.filter(kind="docx").update(
        made_at=AT, told="0" * 64, sha256="0" * 64, stored_as="forms/x.docx"
    )
    address = reverse("website:empty_form", args=[case.call.slug, "docx"])
    assert f'href="{address}"' in client.get(page_of(case)).content.decode()
    overview = client.get(reverse("applications:overview", args=[case.reference])).content.decode()
    assert f'href="{page_of(case)}"' in overview


def test_what_was_filled_in_is_shown_with_the_draft_beside_it_and_nothing_is_saved(
    client: Client, case: "scenarios.Case"
) -> None:
    write(case, TWO, "Wij beginnen in mei.")
    write(case, THREE, "Wij leren samen.")
    answers = {ONE: "Een nieuwe tekst.", TWO: "Wij beginnen in juni.", THREE: "Wij leren samen."}
    page = shown(client, case, **answers)
    assert page.status_code == 200
    found = rows(page)
    assert {key: row.form["text"].value() for key, row in found.items()} == answers
    assert {key: row.form["seen_version"].value() for key, row in found.items()} == {ONE: 0, TWO: 1, THREE: 1}
    # Ticked where the draft is empty; nothing that somebody wrote is replaced by who did not say so.
    assert {key: bool(row.form["is_taken"].value()) for key, row in found.items()} == {
        ONE: True,
        TWO: False,
        THREE: False,
    }
    said = page_text(page)
    assert "Wij beginnen in [weggehaald: mei ]" in said
    assert "Wij beginnen in [toegevoegd: juni ]" in said
    assert said.count("Deze tekst staat al in het concept.") == 1
    assert "Leeg in uw bestand: De regio, Partners en stromen" in said
    assert texts(case) == {TWO: "Wij beginnen in mei.", THREE: "Wij leren samen."}


def test_what_is_ticked_is_saved_and_what_stood_stays_among_the_versions(
    client: Client, case: "scenarios.Case"
) -> None:
    write(case, TWO, "Wij beginnen in mei.")
    page = shown(client, case, **{ONE: "Een.", TWO: "Wij beginnen in juni."})
    values = sent(page, ONE, TWO)
    for _twice in range(2):
        done = client.post(taking(case), values)
        assert (done.status_code, done["Location"]) == (
            302,
            reverse("applications:overview", args=[case.reference]),
        )
        said = page_text(client.get(done["Location"]))
        assert "Opgeslagen in uw concept: De opgave, Aanpak en planning. Er is nog niets ingediend." in said
    assert texts(case) == {ONE: "Een.", TWO: "Wij beginnen in juni."}
    assert dict(case.sections.values_list("spec__key", "version")) == {ONE: 1, TWO: 2}
    [earlier] = EarlierVersion.objects.filter(application=case)
    assert earlier.content["text"] == "Wij beginnen in mei."


def test_what_was_not_ticked_stays_on_the_page_as_it_was_changed_there(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 32: only somebody's own way out leaves it."""
    page = shown(client, case, **{ONE: "Een.", TWO: "Twee.", THREE: "Drie."})
    write(case, THREE, "Drie.")
    changed = {f"{TWO}-text": "Twee, hier veranderd.", "unplaced": "Losse tekst"}
    answer = client.post(taking(case), sent(page, ONE, **changed))
    assert (answer.status_code, texts(case)) == (200, {ONE: "Een.", THREE: "Drie."})
    assert {key: row.form["text"].value() for key, row in rows(answer).items()} == {
        TWO: "Twee, hier veranderd."
    }
    said = page_text(answer)
    assert "Opgeslagen in uw concept: De opgave." in said
    assert "Losse tekst" in said
    assert "Nog niet alles is opgeslagen" not in said
    overview = reverse("applications:overview", args=[case.reference])
    assert f'href="{overview}">' in answer.content.decode().replace("\n", "")
    # What could not be placed can still be copied once all is saved.
    last = client.post(taking(case), sent(answer, TWO, unplaced="Losse tekst"))
    assert (last.status_code, rows(last), "Losse tekst" in page_text(last)) == (200, {}, True)
    assert client.post(taking(case), sent(answer, TWO)).status_code == 302


def test_keeping_what_is_saved_of_one_section_loses_no_other(client: Client, case: "scenarios.Case") -> None:
    page = shown(client, case, **{ONE: "Een.", TWO: "Twee."})
    changed = {f"{ONE}-leave": "1", f"{TWO}-text": "Twee, hier veranderd."}
    answer = client.post(taking(case), sent(page, **changed))
    assert (answer.status_code, texts(case)) == (200, {})
    assert {key: row.form["text"].value() for key, row in rows(answer).items()} == {
        TWO: "Twee, hier veranderd."
    }


def test_a_newer_version_keeps_no_other_section_from_being_saved_and_both_are_shown(
    client: Client, case: "scenarios.Case"
) -> None:
    page = shown(client, case, **{ONE: "Uit het bestand.", TWO: "Twee.", THREE: "Drie."})
    write(case, ONE, "Van een ander.", actor=speaker_for(case.lead, full_name="Cor Collega (fictief)"))
    answer = client.post(taking(case), sent(page, ONE, TWO))
    assert answer.status_code == 409
    assert texts(case) == {ONE: "Van een ander.", TWO: "Twee."}
    # What was not saved, and what was not ticked.
    assert list(rows(answer)) == [ONE, THREE]
    said = page_text(answer)
    assert "Opgeslagen in uw concept: Aanpak en planning." in said
    assert "Cor Collega (fictief)" in said
    assert "[toegevoegd: Uit het bestand ]" in said
    assert answer.context["rows"][0].form["text"].value() == "Uit het bestand."
    # Over it on purpose, by its own button alone.
    over = sent(answer, ONE, **{f"{ONE}-over_version": "1"})
    assert list(rows(client.post(taking(case), over))) == [THREE]
    assert texts(case) == {ONE: "Uit het bestand.", TWO: "Twee."}


def test_both_texts_can_be_put_in_one_or_the_saved_one_kept(client: Client, case: "scenarios.Case") -> None:
    page = shown(client, case, **{ONE: "Uit het bestand."})
    write(case, ONE, "Van een ander.")
    # The button says enough, without a tick.
    both = client.post(taking(case), sent(page, **{f"{ONE}-together_with": "1"}))
    assert both.status_code == 200
    values = sent(both, ONE)
    assert values[f"{ONE}-text"] == "Van een ander.\nUit het bestand."
    assert values[f"{ONE}-seen_version"] == "1"
    assert client.post(taking(case), {**values, f"{ONE}-leave": "1"}).status_code == 302
    assert texts(case) == {ONE: "Van een ander."}
    assert client.post(taking(case), values).status_code == 302
    assert texts(case) == {ONE: "Van een ander.\nUit het bestand."}


def test_a_text_that_cannot_be_saved_stays_on_the_page_and_the_others_are_saved(
    client: Client, case: "scenarios.Case"
) -> None:
    limit = case.call.sections.get(key=ONE).max_characters
    page = shown(client, case, **{ONE: "w" * (4 * limit + 1), TWO: "v" * (limit + 1)})
    assert "1 te veel" in page_text(page)
    answer = client.post(taking(case), sent(page, ONE, TWO))
    assert answer.status_code == 422
    assert texts(case) == {TWO: "v" * (limit + 1)}
    assert rows(answer)[ONE].form["text"].value() == "w" * (4 * limit + 1)
    assert f"Deze tekst heeft {4 * limit + 1} tekens" in page_text(answer)


def test_without_a_tick_nothing_is_saved_and_the_page_says_so(client: Client, case: "scenarios.Case") -> None:
    page = shown(client, case, **{ONE: "Een."})
    answer = client.post(taking(case), sent(page, unplaced="Losse tekst"))
    assert answer.status_code == 422
    assert "Er is niets opgeslagen: vink aan wat u wilt overnemen" in page_text(answer)
    assert "Losse tekst" in page_text(answer)
    assert rows(answer)[ONE].form["text"].value() == "Een."
    assert texts(case) == {}


def test_what_stands_outside_the_answers_is_shown(client: Client, case: "scenarios.Case") -> None:
    def change(document: Opened) -> None:
        document.paragraphs[0].insert_paragraph_before("Beste Anna, kijk jij dit na?")
        document.tables[0].rows[1].cells[1].text = "12.500"

    page = client.post(page_of(case), upload(filled(case.call, {ONE: "Een."}, change=change)))
    unplaced = page.context["unplaced"]
    assert "Beste Anna, kijk jij dit na?" in unplaced
    assert "Begroting\n" in unplaced
    assert "| 12.500" in unplaced
    # Of what the form itself says, nothing.
    assert len(unplaced.split("\n")) == 4, unplaced


def test_after_submission_nothing_is_read_or_saved(client: Client, case: "scenarios.Case") -> None:
    content = filled(case.call, {ONE: "Te laat."})
    page = shown(client, case, **{ONE: "Te laat."})
    values = sent(page, ONE)
    scenarios.submitted(case)
    for address, sending in ((page_of(case), upload(content)), (taking(case), values)):
        answer = client.post(address, sending)
        assert answer.status_code == 422
        assert "Deze aanvraag is ingediend" in page_text(answer)
        assert client.get(address)["Location"] == reverse("applications:status", args=[case.reference])
    assert "Te laat." not in texts(case).values()


def test_who_writes_along_brings_a_form_in_and_nobody_else_does(
    client: Client, case: "scenarios.Case"
) -> None:
    content = filled(case.call, {ONE: "Van mij."})
    outsiders = (person(), speaker_for(case.partners[0].organisation), person(Role.OFFICER))
    for outsider in outsiders:
        log_in(client, outsider)
        answers = [
            client.get(page_of(case)),
            client.post(page_of(case), upload(content)),
            client.post(
                taking(case), {f"{ONE}-text": "x", f"{ONE}-is_taken": "on", f"{ONE}-seen_version": "0"}
            ),
        ]
        assert [each.status_code for each in answers] == [404, 404, 404]
    # Who was only asked to write along, and said nothing yet, does not either.
    asked = person(email=invited(case).email)
    log_in(client, asked)
    assert client.get(page_of(case)).status_code == 404
    assert texts(case) == {}
    log_in(client, joined(case))
    page = client.post(page_of(case), upload(content))
    assert client.post(taking(case), sent(page, ONE)).status_code == 302
    assert texts(case) == {ONE: "Van mij."}


def test_who_only_reads_along_brings_nothing_in(client: Client, case: "scenarios.Case") -> None:
    log_in(client, joined(case, right=CollaboratorRight.READ))
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case), upload(filled(case.call, {ONE: "x"}))).status_code == 404


def test_who_was_logged_out_keeps_what_was_chosen(client: Client, case: "scenarios.Case") -> None:
    page = shown(client, case, **{ONE: "Een lange tekst."})
    values = sent(page, ONE)
    client.logout()
    kept = client.post(taking(case), values)
    assert kept.status_code == 403
    assert all(f'name="{name}"' in kept.content.decode() for name in values)
    log_in(client, case.applicant)
    assert client.post(taking(case), values).status_code == 302
    assert texts(case) == {ONE: "Een lange tekst."}


@pytest.mark.parametrize("keys", [[ONE], [ONE, TWO, THREE]])
def test_the_page_takes_the_same_queries_however_many_sections(
    client: Client,
    case: "scenarios.Case",
    keys: list[str],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    content = filled(case.call, dict.fromkeys(keys, "Een tekst."))
    with django_assert_num_queries(23):
        page = client.post(page_of(case), upload(content))
    assert list(rows(page)) == keys


def test_a_form_without_its_own_headings_is_refused(client: Client, case: "scenarios.Case") -> None:
    def change(document: Opened) -> None:
        for each in list(document.paragraphs)[2:]:
            each._p.getparent().remove(each._p)

    answer = client.post(page_of(case), upload(filled(case.call, {}, change=change)))
    assert answer.status_code == 422
    assert "We vinden in dit bestand geen enkel onderdeel" in page_text(answer)
    nothing = shown(client, case)
    assert nothing.status_code == 422
    assert "In dit formulier is niets ingevuld." in page_text(nothing)
