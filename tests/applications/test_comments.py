"""Comments on a draft: written, answered, resolved, changed and deleted, and never part of what is submitted (rules 22 and 32)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from applications.domain import comments as acts
from applications.domain.comments import (
    Place,
    answer_comment,
    change_comment,
    delete_comment,
    mark_of,
    reopen_comment,
    resolve_comment,
    write_comment,
)
from applications.domain.content import content_of, reading_digest
from applications.domain.drafting import save_section
from applications.domain.erasing import erase_draft
from applications.domain.lifecycle import WrongStatus
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import withdraw
from applications.enums import Part
from applications.models import Application, Comment
from applications.queries.comments import passages, with_open_comments
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from tests.factories import scenarios
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
KEY = "opgave"
LATER = AT + timedelta(hours=1)


@pytest.fixture
def case() -> "scenarios.Case":
    return scenarios.started(partners=1)


@pytest.fixture
def colleague(case: "scenarios.Case") -> User:
    return speaker_for(case.lead, full_name="Cor Collega (fictief)")


def commented(case: "scenarios.Case", text: str = "Klopt dit?", actor: Any = None, **values: Any) -> Comment:
    """Comment on a whole text, unless told otherwise."""
    how = {"place": Place(Part.SECTION, KEY), "added_with": uuid4(), "at": AT, **values}
    return write_comment(reference=case.reference, text=text, actor=actor or case.applicant, **how)


def answered(comment: Comment, text: str, actor: User, **values: Any) -> Comment:
    how = {"added_with": uuid4(), "at": AT, **values}
    return answer_comment(
        reference=comment.application.reference, comment_id=comment.pk, text=text, actor=actor, **how
    )


def typed(case: "scenarios.Case", text: str, seen: int) -> None:
    save_section(reference=case.reference, key=KEY, text=text, seen_version=seen, actor=case.applicant, at=AT)


def on(comment: Comment, actor: User, **values: Any) -> dict[str, Any]:
    """Return what every act on a comment is told."""
    return {
        "reference": comment.application.reference,
        "comment_id": comment.pk,
        "actor": actor,
        "at": LATER,
        **values,
    }


def open_in(case: "scenarios.Case") -> list[str]:
    return with_open_comments(Application.objects.all()).get(pk=case.pk).open_comments


def done_to(case: "scenarios.Case") -> list[str]:
    made = AuditEvent.objects.filter(act__startswith="applications.comment").order_by("pk")
    return [each.act.removeprefix("applications.comment") for each in made]


def test_a_paragraph_is_remembered_by_what_it_said(case: "scenarios.Case") -> None:
    typed(case, "Eerste alinea.\n\nTweede alinea.\n  \nTweede alinea.", 0)
    assert passages(case, part=Part.SECTION, key=KEY) == ["Eerste alinea.", "Tweede alinea."]
    place = Place(Part.SECTION, KEY, mark_of("Tweede alinea."))
    comment = commented(case, place=place)
    typed(case, "Eerste alinea.", 1)
    comment.refresh_from_db()
    assert (comment.quoted, comment.text, comment.spec.key) == ("Tweede alinea.", "Klopt dit?", KEY)
    # Nobody quotes what does not stand there.
    with pytest.raises(RuleViolation, match="Kies opnieuw") as refusal:
        commented(case, place=place)
    assert (refusal.value.field, case.comments.count()) == ("passage", 1)


def test_the_budget_is_quoted_by_line_and_title_and_dates_by_title() -> None:
    case = scenarios.written()
    assert passages(case, part=Part.PARTICULARS) == [case.title]
    [line, *_more] = passages(case, part=Part.BUDGET)
    assert commented(case, place=Place(Part.BUDGET, "", mark_of(line))).quoted == line
    assert sorted(open_in(case)) == ["budget"]


def test_a_second_click_adds_and_records_nothing(case: "scenarios.Case", colleague: User) -> None:
    key = UUID(int=1)
    first = commented(case, added_with=key)
    assert commented(case, "Iets anders", added_with=key) == first
    answer = answered(first, "Ja.", colleague, added_with=UUID(int=2))
    assert answered(first, "Ja.", colleague, added_with=UUID(int=2)) == answer
    for _click in range(2):
        change_comment(**on(answer, colleague, text="Ja hoor.", seen_version=1))
        resolve_comment(**on(first, colleague, seen_last=answer.pk))
    for _click in range(2):
        reopen_comment(**on(first, case.applicant))
        delete_comment(**on(answer, colleague))
    assert done_to(case) == ["ed", "_answered", "_changed", "_resolved", "_reopened", "_deleted"]


def test_only_who_wrote_it_changes_or_deletes_it(case: "scenarios.Case", colleague: User) -> None:
    comment = commented(case)
    with pytest.raises(NotAllowed):
        change_comment(**on(comment, colleague, text="Van een ander", seen_version=1))
    with pytest.raises(NotAllowed):
        delete_comment(**on(comment, colleague))
    change_comment(**on(comment, case.applicant, text="Klopt dit wel?", seen_version=1))
    comment.refresh_from_db()
    assert (comment.text, comment.version, comment.changed_at) == ("Klopt dit wel?", 2, LATER)
    with pytest.raises(NewerVersion):
        change_comment(**on(comment, case.applicant, text="Uit een ander venster", seen_version=1))
    delete_comment(**on(comment, case.applicant))
    comment.refresh_from_db()
    assert (comment.text, comment.deleted_at) == ("", LATER)
    with pytest.raises(NotAllowed):
        change_comment(**on(comment, case.applicant, text="Terug", seen_version=3))


def test_an_open_comment_counts_and_a_deleted_one_only_while_an_answer_stands(
    case: "scenarios.Case", colleague: User
) -> None:
    first, second = commented(case), commented(case, place=Place(Part.BUDGET))
    answer = answered(first, "Ik zoek het uit.", colleague)
    assert open_in(case) == ["section-opgave", "budget"]
    resolve_comment(**on(second, colleague, seen_last=second.pk))
    delete_comment(**on(first, case.applicant))
    assert open_in(case) == ["section-opgave"]
    delete_comment(**on(answer, colleague))
    assert open_in(case) == []
    reopen_comment(**on(second, case.applicant))
    assert open_in(case) == ["budget"]


def test_nobody_resolves_what_was_answered_meanwhile_and_nobody_answers_what_was_resolved(
    case: "scenarios.Case", colleague: User
) -> None:
    comment = commented(case)
    answer = answered(comment, "Nee!", colleague)
    with pytest.raises(NewerVersion):
        resolve_comment(**on(comment, case.applicant, seen_last=comment.pk))
    resolve_comment(**on(comment, case.applicant, seen_last=answer.pk))
    with pytest.raises(RuleViolation) as refusal:
        answered(comment, "Toch niet.", colleague)
    assert (refusal.value.field, comment.answers.count()) == ("text", 1)
    for act, values in ((resolve_comment, {"seen_last": answer.pk}), (reopen_comment, {})):
        with pytest.raises(Comment.DoesNotExist):
            act(**on(answer, case.applicant, **values))
    with pytest.raises(Comment.DoesNotExist):
        answered(answer, "Op een antwoord", colleague)


def test_who_may_not_write_the_draft_does_nothing_with_its_comments(case: "scenarios.Case") -> None:
    """Rule 22."""
    comment = commented(case)
    for stranger in (person(), speaker_for(case.partners[0].organisation)):
        acts_of_stranger: list[Any] = [
            lambda stranger=stranger: commented(case, actor=stranger),
            lambda stranger=stranger: answered(comment, "Hoi", stranger),
            lambda stranger=stranger: resolve_comment(**on(comment, stranger, seen_last=comment.pk)),
            lambda stranger=stranger: reopen_comment(**on(comment, stranger)),
            lambda stranger=stranger: delete_comment(**on(comment, stranger)),
        ]
        for act in acts_of_stranger:
            with pytest.raises(NotAllowed):
                act()
    # Nor through another draft that one may write.
    other = scenarios.started(coalition_name="Andere coalitie")
    with pytest.raises(Comment.DoesNotExist):
        delete_comment(**{**on(comment, other.applicant), "reference": other.reference})
    assert done_to(case) == ["ed"]


def test_there_is_a_most_for_a_draft_and_for_a_person_in_a_day(
    case: "scenarios.Case", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_A_DAY", 2)
    for _each in range(2):
        commented(case)
    with pytest.raises(TooMuch) as day:
        commented(case)
    # What was deleted counts too, and so does another draft.
    delete_comment(**on(case.comments.first(), case.applicant))
    with pytest.raises(TooMuch):
        answered(case.comments.last(), "Nog iets", case.applicant)
    assert commented(case, at=AT + timedelta(days=1, seconds=1)).pk
    monkeypatch.setattr(acts, "MOST_IN_A_DRAFT", 3)
    with pytest.raises(RuleViolation) as draft:
        commented(case, at=AT + timedelta(days=3))
    assert (day.value.field, draft.value.field, case.comments.count()) == ("text", "text", 3)


def test_comments_change_nothing_of_the_draft_and_go_when_it_is_submitted() -> None:
    case = scenarios.ready()
    before = snapshot_of(Application.objects.get(pk=case.pk))
    comment = commented(case, "Kanarie in een opmerking", at=LATER)
    answered(comment, "Kanarie in een antwoord", case.applicant, at=LATER)
    after = snapshot_of(Application.objects.get(pk=case.pk))
    assert (content_of(after), reading_digest(after)) == (content_of(before), reading_digest(before))
    assert after.stood_at(case.changed_at)
    submitted = scenarios.submitted(case, at=LATER)
    assert not Comment.objects.exists()
    assert b"Kanarie" not in bytes(submitted.frozen.content)
    with pytest.raises(WrongStatus):
        commented(case)


def test_comments_stay_with_a_discarded_draft_and_are_erased_with_it(case: "scenarios.Case") -> None:
    answered(commented(case), "Ja.", case.applicant)
    withdraw(application_id=case.pk, actor=case.applicant, at=LATER)
    assert Comment.objects.count() == 2
    with pytest.raises(WrongStatus):
        commented(case)
    erase_draft(Application.objects.get(pk=case.pk), at=AT)
    assert not Comment.objects.exists()


def test_the_database_keeps_a_comment_whole(case: "scenarios.Case") -> None:
    comment = commented(case)
    answer = answered(comment, "Ja.", case.applicant)
    row = Comment.objects.filter(pk=comment.pk)
    for name, wrong in (
        ("comment_on_a_known_part", {"part": "iets", "spec": None}),
        ("comment_on_a_text_names_its_section", {"spec": None}),
        ("comment_says_something_until_deleted", {"text": ""}),
        ("comment_resolved_by_somebody", {"resolved_at": AT}),
        ("comment_sent_once", {"added_with": answer.added_with}),
    ):
        with refused_by(name):
            row.update(**wrong)
    with refused_by("comment_says_something_until_deleted"):
        row.update(deleted_at=AT)
    with refused_by("comment_answer_quotes_and_resolves_nothing"):
        Comment.objects.filter(pk=answer.pk).update(quoted="Iets")
