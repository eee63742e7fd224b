"""The pages of comments on a draft: who sees them, what they say and count, and what is kept of what was typed (rules 22 and 32)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain import comments as acts
from applications.domain.comments import Place, delete_comment, mark_of, resolve_comment
from applications.domain.submitting import withdraw
from applications.enums import Part
from applications.models import Comment
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from tests.applications.test_comments import KEY, answered, commented, on, typed
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
KEY_OF_PAGE = str(UUID(int=7))


@pytest.fixture(autouse=True)
def _two_hours_later() -> Iterator[None]:
    with at_moment(LATER):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=1)
    log_in(client, case.applicant)
    return case


@pytest.fixture
def colleague(case: "scenarios.Case") -> User:
    return speaker_for(case.lead, full_name="Cor Collega (fictief)")


def of(case: "scenarios.Case", part: str = "section") -> str:
    key = [KEY] if part == "section" else []
    return reverse(f"applications:{part}_comments", args=[case.reference, *key])


def at(comment: Comment, name: str = "answer") -> str:
    return reverse(f"applications:{name}_comment", args=[comment.application.reference, comment.pk])


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_however_many_comments(
    client: Client, case: "scenarios.Case", colleague: User, django_assert_num_queries: Any, rows: int
) -> None:
    typed(case, "Een alinea.", 0)
    for number in range(rows):
        place = Place(Part.SECTION, KEY, mark_of("Een alinea."))
        answered(commented(case, f"Opmerking {number}", place=place), "Ja", colleague)
    with django_assert_num_queries(7):
        shown = client.get(of(case))
    assert [len(each.answers) for each in shown.context["open_threads"]] == [1] * rows


def test_a_comment_is_placed_once_with_what_it_quotes_and_leads_to_itself(
    client: Client, case: "scenarios.Case"
) -> None:
    typed(case, "Een alinea.\n\nNog een.", 0)
    data = {"passage": mark_of("Nog een."), "text": "Klopt dit?", "key": KEY_OF_PAGE}
    answers = [client.post(of(case), data) for _click in range(2)]
    comment = case.comments.get()
    assert {each["Location"] for each in answers} == {f"{of(case)}#opmerking-{comment.pk}"}
    assert (comment.quoted, comment.text) == ("Nog een.", "Klopt dit?")
    typed(case, "Een alinea.", 1)
    assert "Dit is daarna gewijzigd of weggehaald." in page_text(client.get(of(case)))


@pytest.mark.parametrize(
    "data", [{"passage": "weg", "text": "Mijn woorden"}, {"text": ""}, {"text": "w" * 2001}]
)
def test_what_cannot_be_placed_is_said_and_kept(
    client: Client, case: "scenarios.Case", data: dict[str, str]
) -> None:
    shown = client.post(of(case), {**data, "key": KEY_OF_PAGE})
    assert (shown.status_code, case.comments.count()) == (422, 0)
    assert shown.context["form"]["text"].value() == data["text"]
    assert str(shown.context["key"]) == KEY_OF_PAGE


def test_too_many_in_a_day_are_refused_with_a_sentence_and_kept(
    client: Client, case: "scenarios.Case", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_A_DAY", 1)
    commented(case)
    shown = client.post(of(case), {"text": "Nog iets", "key": KEY_OF_PAGE})
    assert shown.status_code == 422
    assert "Dat is het maximum" in page_text(shown)
    assert shown.context["form"]["text"].value() == "Nog iets"


def test_each_part_and_the_overview_say_how_many_are_open(
    client: Client, case: "scenarios.Case", colleague: User
) -> None:
    first = commented(case)
    commented(case, place=Place(Part.BUDGET), actor=colleague)
    section = reverse("applications:section", args=[case.reference, KEY])
    assert "Opmerkingen: 1 staat open" in page_text(client.get(section))
    overview = page_text(client.get(reverse("applications:overview", args=[case.reference])))
    assert "Begroting: 1 open opmerking" in overview
    resolve_comment(**on(first, colleague, seen_last=first.pk))
    shown = client.get(section)
    assert (shown.context["open_comments"], of(case) in shown.content.decode()) == (0, True)


def test_a_colleague_answers_and_resolves_and_who_wrote_it_opens_it_again(
    client: Client, case: "scenarios.Case", colleague: User
) -> None:
    comment = commented(case)
    other = log_in(Client(), colleague)
    assert other.post(at(comment), {"text": "Ja.", "key": KEY_OF_PAGE}).status_code == 302
    # Who did not see the answer resolves nothing.
    client.post(at(comment, "resolve"), {"seen_last": comment.pk})
    assert "Iemand antwoordde nadat u deze pagina opende." in page_text(client.get(of(case)))
    client.post(at(comment, "resolve"), {"seen_last": comment.answers.get().pk})
    refused = other.post(at(comment), {"text": "Wacht!", "key": str(UUID(int=8))})
    assert (refused.status_code, refused.context["form"]["text"].value()) == (422, "Wacht!")
    shown = client.get(of(case))
    assert [len(shown.context[each]) for each in ("open_threads", "resolved_threads")] == [0, 1]
    client.post(at(comment, "reopen"))
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_what_one_wrote_is_changed_beside_a_newer_version_and_deleted(
    client: Client, case: "scenarios.Case", colleague: User
) -> None:
    comment = commented(case)
    assert client.post(at(comment, "change"), {"text": "Nieuw", "seen_version": 1}).status_code == 302
    beside = client.post(at(comment, "change"), {"text": "Anders", "seen_version": 1})
    assert beside.status_code == 409
    assert beside.context["newer"].kept.content == {"text": "Nieuw"}
    other = log_in(Client(), colleague)
    for name in ("change", "delete"):
        assert [other.get(at(comment, name)).status_code, other.post(at(comment, name)).status_code] == [
            404
        ] * 2
    assert "Nieuw" in page_text(client.get(at(comment, "delete")))
    assert client.post(at(comment, "delete")).status_code == 302
    shown = page_text(other.get(of(case)))
    assert "De schrijver heeft deze opmerking verwijderd" in shown
    assert "Nieuw" not in shown


def test_nobody_else_reads_comments_and_after_submission_nobody(client: Client) -> None:
    """Rules 22 and 26."""
    case = scenarios.ready()
    comment = commented(case, "Kanarie in een opmerking")
    pages = [of(case), of(case, "budget"), of(case, "particulars"), at(comment)]
    partner = speaker_for(case.partners[0].organisation)
    roles = [person(role) for role in (Role.OFFICER, Role.REVIEWER, Role.KWARTIERMAKER)]
    for stranger in (person(), partner, *roles):
        log_in(client, stranger, second_factor=True)
        assert [client.get(each).status_code for each in pages] == [404] * len(pages)
        assert [client.post(each, {"text": "Hoi"}).status_code for each in pages] == [404] * len(pages)
    scenarios.submitted(case, at=LATER)
    log_in(client, case.applicant)
    status = reverse("applications:status", args=[case.reference])
    assert [client.get(each)["Location"] for each in pages] == [status] * len(pages)
    late = client.post(of(case), {"text": "Te laat", "key": KEY_OF_PAGE})
    assert (late.status_code, late.context["form"]["text"].value()) == (422, "Te laat")
    assert client.post(at(comment), {"text": "Te laat"})["Location"] == status
    assert "Kanarie" not in client.get(status).content.decode()


def test_a_deleted_comment_without_answers_asks_nothing_more(client: Client, case: "scenarios.Case") -> None:
    comment = commented(case)
    delete_comment(**on(comment, case.applicant))
    shown = client.get(of(case))
    assert at(comment, "resolve") not in shown.content.decode()
    assert [each.comment for each in shown.context["resolved_threads"]] == [comment]


def test_an_old_tab_on_comments_of_a_discarded_draft_does_not_say_that_it_was_submitted(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 13."""
    comment = commented(case)
    withdraw(application_id=case.pk, actor=case.applicant, at=LATER)
    resolve = reverse("applications:resolve_comment", args=[case.reference, comment.pk])
    shown = page_text(client.post(resolve, {"seen_last": comment.pk}, follow=True))
    assert "Dit concept is ingetrokken en nooit ingediend" in shown
