"""A PDF of what is in a draft, at any moment: it says on each page what it is, and goes with the draft (rules 13, 26 and 37)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.domain import draft_copies
from applications.domain.collaborating import end_collaboration
from applications.domain.draft_copies import ask_for_copy, forget_copy, make_copy
from applications.domain.drafting import save_section
from applications.domain.lifecycle import WrongStatus
from applications.domain.submitting import submit, withdraw
from applications.enums import CollaboratorRight
from applications.invariants import writing
from applications.letters.draft_copy import draft_copy_pdf
from applications.models import Application, DraftCopy
from applications.queries.draft_copies import KEPT_FOR, copies_past_their_time, copies_to_make
from applications.tasks import forget_copies_task, make_copies_task
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain import bounded, rendering
from hubportal.documents.domain.files import every_stored_file
from hubportal.documents.domain.verification import verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.sweeps.models import PostponedRow
from tests.applications.collaborating import joined
from tests.documents.reading import marks_of, opened, unmarked_text, words_of
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

A_MINUTE = timedelta(minutes=1)
MARK = "Concept, niet ingediend."


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def ask(case: Any, actor: User | None = None, *, at: Any = AT) -> DraftCopy:
    return ask_for_copy(reference=case.reference, actor=actor or case.applicant, at=at)


def made(case: Any, actor: User | None = None) -> DraftCopy:
    copy = ask(case, actor)
    assert make_copy(copy_id=copy.pk, make_pdf=lambda each: b"%%PDF-1.7 %d" % each.pk, at=AT)
    copy.refresh_from_db()
    return copy


def write(case: Any, text: str) -> None:
    spec = case.call.sections.first()
    kept = case.sections.get(spec=spec)
    save_section(
        reference=case.reference,
        key=spec.key,
        text=text,
        seen_version=kept.version,
        actor=case.applicant,
        at=AT,
    )


def words(copy: DraftCopy) -> list[str]:
    with opened(draft_copy_pdf(copy)) as pdf:
        return [words_of(page) for page in pdf.pages]


class TestAsking:
    def test_the_same_draft_is_asked_once_and_another_text_anew(self, case) -> None:
        first = ask(case)
        assert (ask(case, at=AT + A_MINUTE), DraftCopy.objects.count()) == (first, 1)
        write(case, "Anders dan het was.")
        assert ask(case).pk != first.pk
        assert AuditEvent.objects.filter(act="applications.copy_asked").count() == 2

    def test_after_an_hour_the_same_text_is_of_a_new_moment(self, case) -> None:
        first = made(case)
        later = ask(case, at=AT + draft_copies.ONE_MOMENT)
        assert (later.pk != first.pk, later.asked_at, later.made_at) == (
            True,
            AT + draft_copies.ONE_MOMENT,
            None,
        )
        assert DraftCopy.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_clicks_at_once_ask_once(self) -> None:
        case = scenarios.written()
        race(*(lambda: ask(case) for _each in range(2)))
        assert DraftCopy.objects.count() == 1

    def test_who_may_not_read_the_draft_asks_nothing(self, case) -> None:
        scenarios.ready(case)
        for somebody in (person(), person(Role.OFFICER), speaker_for(case.partners[0].organisation)):
            with pytest.raises(NotAllowed):
                ask(case, somebody)
        submitted = scenarios.submitted(case)
        with pytest.raises(WrongStatus):
            ask(submitted)
        assert DraftCopy.objects.count() == 0

    def test_there_is_an_end_to_it(self, case, monkeypatch) -> None:
        monkeypatch.setattr(draft_copies, "MOST_WAITING", 1)
        ask(case)
        write(case, "Een ander.")
        with pytest.raises(RuleViolation) as refusal:
            ask(case)
        assert "eerdere" in str(refusal.value)
        # In all drafts together, and also once the copies of one are gone.
        other = scenarios.written(
            coalition_name="Andere coalitie",
            applicant=case.applicant,
            lead=case.lead,
            call=case.call,
            region=case.coalition.region,
        )
        with pytest.raises(RuleViolation):
            ask(other)
        monkeypatch.setattr(draft_copies, "MOST_BY_ONE_PERSON_A_DAY", 1)
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        assert DraftCopy.objects.count() == 0
        with pytest.raises(TooMuch):
            ask(other)

    def test_the_database_keeps_one_of_each_content_with_what_was_asked_or_its_file(self, case) -> None:
        first = made(case)
        again = {name: getattr(first, name) for name in ("application", "content_sha256", "asked_by")}
        with refused_by("draft_copy_once_per_content"):
            DraftCopy.objects.create(**again, with_people=True, content=b"{}", asked_at=AT)
        with refused_by("draft_copy_of_what_was_asked_or_made"):
            DraftCopy.objects.filter(pk=first.pk).update(stored_as="")
        with refused_by("draft_copy_of_what_was_asked_or_made"):
            DraftCopy.objects.create(**again, with_people=False, content=b"", asked_at=AT)


class TestTheFile:
    def test_each_page_says_that_it_is_a_draft_that_was_not_submitted_and_of_when(self, case) -> None:
        write(case, "\n\n".join(f"Alinea {number} van een lange tekst." for number in range(150)))
        copy = ask(case)
        pages = words(copy)
        assert len(pages) > 2
        assert [each.count(MARK) >= 1 for each in pages] == [True] * len(pages)
        assert ["om" not in each or "uur" in each for each in pages] == [True] * len(pages)
        with opened(draft_copy_pdf(copy)) as pdf:
            assert str(pdf.docinfo["/Title"]) == f"Concept {case.reference}, niet ingediend"
            assert [unmarked_text(page, marks_of(pdf, number)) for number, page in enumerate(pdf.pages)] == [
                [] for _each in pdf.pages
            ]
        assert draft_copy_pdf(copy) == draft_copy_pdf(copy)

    def test_it_tells_what_assessors_would_read_and_no_addresses(self, case) -> None:
        told = " ".join(words(ask(case)))
        for section in case.call.sections.all():
            assert (section.title in told, section.question.split()[0] in told) == (True, True)
        for each in ("Samen aan zet", "Projectleider (fictief)", "Coördinatie", "€ 48.000", case.lead.name):
            assert each in told.replace("\u00a0", " "), each
        people = case.people
        for address in (people.main_applicant_email, people.signatory_email, "Voorbeeldstraat 1"):
            assert address not in told
        assert case.partners[0].contact_email not in told

    def test_it_is_of_the_moment_that_it_was_asked_whatever_is_written_before_it_is_made(self, case) -> None:
        copy = ask(case)
        write(case, "Later geschreven.")
        assert "Later geschreven." not in " ".join(words(copy))

    def test_an_empty_draft_has_one_too(self) -> None:
        told = " ".join(words(ask(scenarios.started())))
        assert "Nog niet ingevuld" in told

    def test_who_was_invited_has_one_without_the_people(self, case) -> None:
        helper = joined(case, right=CollaboratorRight.READ)
        copy = ask(case, helper)
        assert (copy.with_people, "Projectleider" in " ".join(words(copy))) == (False, False)
        assert ask(case).pk != copy.pk

    def test_it_is_no_document_that_can_be_verified(self, case) -> None:
        assert verify_file(draft_copy_pdf(ask(case))).outcome == VerificationResult.UNKNOWN

    def test_the_job_makes_each_once_and_forgets_what_was_asked(self, case) -> None:
        ask(case)
        for _twice in range(2):
            make_copies_task()
        copy = DraftCopy.objects.get()
        assert (bytes(copy.content), AuditEvent.objects.filter(act="applications.copy_made").count()) == (
            b"",
            1,
        )
        assert ("copy of a draft", copy.sha256) in {(each.kind, each.sha256) for each in every_stored_file()}


class TestMaking:
    def test_a_text_that_takes_too_long_is_said_and_not_tried_again(
        self, client: Client, case, monkeypatch
    ) -> None:
        monkeypatch.setattr(rendering, "_BOUNDS", {**rendering._BOUNDS, "RLIMIT_CPU": 1})
        write(case, "a\n\n" * 3000)
        copy = ask(case)
        make_copies_task()
        copy.refresh_from_db()
        assert (copy.given_up_at is not None, copy.made_at, list(copies_to_make())) == (True, None, [])
        log_in(client, case.applicant)
        page = reverse("applications:read", args=[case.reference])
        assert "hiervan een pdf maken duurt te lang" in page_text(client.get(page))
        again = client.post(reverse("applications:ask_draft_copy", args=[case.reference]), follow=True)
        assert "Maak die eerst korter." in page_text(again)
        assert client.get(f"{page.removesuffix('lezen/')}afdruk/{copy.key}/").status_code == 404
        write(case, "Korter.")
        assert ask(case).pk != copy.pk
        assert PostponedRow.objects.count() == 0

    def test_while_another_is_made_they_wait_for_the_next_run_and_each_costs_nothing(
        self, case, monkeypatch
    ) -> None:
        copies = [ask(case), ask(case, joined(case, right=CollaboratorRight.READ))]
        tried: list[str] = []
        make = rendering.made_in_a_fork

        def trying(*given: Any, **values: Any) -> bytes:
            tried.append("")
            return make(*given, **values)

        monkeypatch.setattr(rendering, "made_in_a_fork", trying)
        with bounded._slot(bounded.SLOTS["paper"]):
            make_copies_task()
        assert (list(copies_to_make()), PostponedRow.objects.count(), len(tried)) == (copies, 0, 1)

    @pytest.mark.django_db(transaction=True)
    def test_nobody_waits_for_what_takes_long_and_what_was_submitted_meanwhile_has_none(self) -> None:
        case = scenarios.ready()
        copy = ask(case)

        def slowly(_copy: DraftCopy) -> bytes:
            assert not connection.in_atomic_block
            withdraw(application_id=case.pk, actor=case.applicant, at=AT)
            return b"%PDF-1.7"

        assert not make_copy(copy_id=copy.pk, make_pdf=slowly, at=AT)
        assert DraftCopy.objects.count() == 0


class TestTheEnd:
    def test_it_goes_after_two_days(self, case) -> None:
        copy = made(case)
        with at_moment(AT + KEPT_FOR - A_MINUTE):
            forget_copies_task()
        assert list(DraftCopy.objects.all()) == [copy]
        assert list(copies_past_their_time(at=AT + KEPT_FOR)) == [copy]
        assert forget_copy(copy_id=copy.pk, at=AT + KEPT_FOR)
        assert not forget_copy(copy_id=copy.pk, at=AT + KEPT_FOR)
        assert not make_copy(copy_id=copy.pk, make_pdf=draft_copy_pdf, at=AT)

    def test_it_goes_when_the_draft_is_discarded_or_submitted(self, case) -> None:
        scenarios.ready(case)
        made(case)
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        assert DraftCopy.objects.count() == 0
        other = scenarios.ready(coalition_name="Andere coalitie")
        made(other)
        submit(
            application_id=other.pk, for_round_id=other.call.rounds.first().pk, actor=other.applicant, at=AT
        )
        assert DraftCopy.objects.count() == 0

    def test_a_copy_of_what_is_no_draft_breaks_the_rule(self, case) -> None:
        copy = made(case)
        assert [each for each in writing.violations() if "copy" in each.sentence] == []
        Application.objects.filter(pk=case.pk).update(status="withdrawn", withdrawn_at=AT)
        found = [(each.rule, each.model, each.row) for each in writing.violations() if "copy" in str(each)]
        assert found == [(13, "applications.DraftCopy", copy.pk)]


class TestPages:
    def page(self, client: Client, case: Any, name: str = "read", *more: Any) -> Any:
        return client.get(reverse(f"applications:{name}", args=[case.reference, *more]))

    def test_it_is_being_made_and_then_there(self, client: Client, case) -> None:
        log_in(client, case.applicant)
        asked = client.post(reverse("applications:ask_draft_copy", args=[case.reference]), {"page": "check"})
        assert asked.url == f"{reverse('applications:check', args=[case.reference])}#copies"
        assert "wordt gemaakt" in page_text(self.page(client, case, "check"))
        copy = DraftCopy.objects.get()
        assert self.page(client, case, "draft_copy", copy.key).status_code == 404
        make_copies_task()
        assert (
            reverse("applications:draft_copy", args=[case.reference, copy.key])
            in self.page(client, case).content.decode()
        )
        file = self.page(client, case, "draft_copy", copy.key)
        assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
        assert "concept-niet-ingediend" in file["Content-Disposition"]

    def test_a_damaged_file_is_said(self, client: Client, case) -> None:
        copy = made(case)
        DraftCopy.objects.filter(pk=copy.pk).update(sha256="0" * 64)
        log_in(client, case.applicant)
        assert self.page(client, case, "draft_copy", copy.key).status_code == 503

    def test_who_no_longer_takes_part_or_never_did_gets_nothing(self, client: Client, case) -> None:
        helper = joined(case, right=CollaboratorRight.READ)
        of_lead, of_helper = made(case), made(case, helper)
        log_in(client, helper)
        answers = [
            self.page(client, case, "draft_copy", each.key).status_code for each in (of_helper, of_lead)
        ]
        assert answers == [200, 404]
        # What was taken out before somebody came may stand in a copy of before: each has their own.
        later = joined(case, right=CollaboratorRight.READ)
        log_in(client, later)
        assert self.page(client, case, "draft_copy", of_helper.key).status_code == 404
        assert ask(case, later).pk != of_helper.pk
        log_in(client, helper)
        end_collaboration(key=case.collaborators.get(user=helper).key, actor=case.applicant, at=AT)
        assert self.page(client, case, "draft_copy", of_helper.key).status_code == 404
        assert client.post(reverse("applications:ask_draft_copy", args=[case.reference])).status_code == 404
        other = scenarios.written(coalition_name="Andere coalitie")
        log_in(client, other.applicant)
        assert self.page(client, case, "draft_copy", of_lead.key).status_code == 404
        assert self.page(client, other, "draft_copy", of_lead.key).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_pages_take_the_same_queries_however_many_copies(
        self, client: Client, django_assert_num_queries: Any, case, count: int
    ) -> None:
        for number in range(count):
            write(case, f"Tekst {number}")
            made(case)
        log_in(client, case.applicant)
        with django_assert_num_queries(13):
            self.page(client, case)
        with django_assert_num_queries(13):
            self.page(client, case, "check")
