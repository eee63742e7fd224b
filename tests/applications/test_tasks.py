"""Who does what for a draft and by when: between those who write or read it, and gone when it is submitted (rule 22 and rule 37)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.domain import tasks as acts
from applications.domain.collaborating import end_collaboration
from applications.domain.content import reading_digest
from applications.domain.erasing import erase_draft
from applications.domain.lifecycle import WrongStatus
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit, withdraw
from applications.domain.tasks import Planned, add_task, change_task, finish_task, remove_task, reopen_task
from applications.enums import CollaboratorRight
from applications.models import Task
from applications.queries.tasks import assignable_in
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 13)
READ = CollaboratorRight.READ


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def planned(person: User, what: str = "Het plan herlezen", due_on: date = DAY) -> Planned:
    return Planned(what, person.pk, due_on)


def added(case: Any, person: Any = None, **values: Any) -> Task:
    arguments = {
        "reference": case.reference,
        "planned": planned(person or case.applicant),
        "added_with": uuid4(),
        "actor": case.applicant,
        "at": AT,
    }
    return add_task(**{**arguments, **values})


class TestActs:
    def test_who_writes_gives_somebody_of_the_room_something_to_do(self, case) -> None:
        helper = joined(case)
        task = added(case, case.applicant, actor=helper)
        assert (task.what, task.assigned_to, task.due_on, task.added_by) == (
            "Het plan herlezen",
            case.applicant,
            DAY,
            helper,
        )

    def test_who_only_reads_adds_changes_and_removes_nothing_but_ticks_off_their_own(self, case) -> None:
        reader = joined(case, right=READ)
        own, other = added(case, reader), added(case)
        which = {"reference": case.reference, "actor": reader, "at": AT}
        with pytest.raises(NotAllowed):
            added(case, reader, actor=reader)
        with pytest.raises(NotAllowed):
            change_task(task_id=own.pk, planned=planned(reader, "X"), seen_version=1, **which)
        with pytest.raises(NotAllowed):
            remove_task(task_id=own.pk, **which)
        with pytest.raises(NotAllowed):
            finish_task(task_id=other.pk, **which)
        assert finish_task(task_id=own.pk, **which).done_by == reader
        assert reopen_task(task_id=own.pk, **which).done_at is None

    def test_outsiders_do_nothing(self, case) -> None:
        task = added(case)
        for somebody in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
            with pytest.raises(NotAllowed):
                added(case, somebody, actor=somebody)
            with pytest.raises(NotAllowed):
                finish_task(reference=case.reference, task_id=task.pk, actor=somebody, at=AT)

    def test_nobody_outside_the_room_is_given_a_task_nor_who_left(self, case) -> None:
        helper = joined(case)
        key = case.collaborators.get().key
        waiting = UserFactory.create(email="wacht@elders.example")
        invited(case, waiting.email)
        for somebody in (UserFactory.create(), waiting):
            with pytest.raises(RuleViolation) as refusal:
                added(case, somebody)
            assert refusal.value.field == "person"
        task = added(case, helper)
        end_collaboration(key=key, actor=case.applicant, at=AT)
        with pytest.raises(RuleViolation):
            added(case, helper)
        # Who left keeps what they had, until somebody gives it to another.
        changed = change_task(
            reference=case.reference,
            task_id=task.pk,
            planned=planned(helper, due_on=DAY + timedelta(days=1)),
            seen_version=1,
            actor=case.applicant,
            at=AT,
        )
        assert changed.assigned_to == helper

    def test_who_speaks_for_the_lead_is_offered_to_who_does_and_else_only_who_is_known(self, case) -> None:
        """Rule 26: a form does not tell whose account is one of the lead, neither by its choices nor by refusing."""
        hidden = speaker_for(case.lead)
        helper = joined(case)
        assert hidden in assignable_in(case, case.applicant)
        assert set(assignable_in(case, helper)) == {helper, case.applicant}
        with pytest.raises(RuleViolation) as refused:
            added(case, hidden, actor=helper)
        with pytest.raises(RuleViolation) as unknown:
            added(case, UserFactory.create(), actor=helper)
        assert str(refused.value) == str(unknown.value)

    def test_a_second_click_adds_and_changes_nothing(self, case) -> None:
        key = uuid4()
        first = added(case, added_with=key)
        assert added(case, added_with=key) == first
        which = {"reference": case.reference, "task_id": first.pk, "actor": case.applicant}
        done = finish_task(at=AT, **which)
        assert finish_task(at=AT + timedelta(hours=1), **which).done_at == done.done_at
        remove_task(at=AT, **which)
        remove_task(at=AT, **which)
        assert not Task.objects.exists()

    def test_nobody_overwrites_what_they_did_not_see(self, case) -> None:
        """Rule 32."""
        task = added(case)
        which = {"reference": case.reference, "task_id": task.pk, "actor": case.applicant, "at": AT}
        change_task(planned=planned(case.applicant, "Eerst"), seen_version=1, **which)
        with pytest.raises(NewerVersion):
            change_task(planned=planned(case.applicant, "Tweede"), seen_version=1, **which)
        # The same once more is no other version.
        assert change_task(planned=planned(case.applicant, "Eerst"), seen_version=1, **which).version == 2

    def test_a_draft_and_a_day_have_a_maximum(self, case, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(acts, "MOST_IN_A_DRAFT", 1)
        task = added(case)
        with pytest.raises(RuleViolation, match="maximum"):
            added(case)
        monkeypatch.setattr(acts, "MOST_A_DAY", 1)
        remove_task(reference=case.reference, task_id=task.pk, actor=case.applicant, at=AT)
        with pytest.raises(TooMuch):
            added(case)

    @pytest.mark.django_db(transaction=True)
    def test_two_who_send_the_same_at_once_add_once(self) -> None:
        case, key = scenarios.written(), uuid4()
        race(*(lambda: added(case, added_with=key) for _each in range(2)))
        assert Task.objects.count() == 1


class TestLifetime:
    def test_tasks_go_with_the_submission_and_change_nothing_of_it(self) -> None:
        case = scenarios.ready()
        before = reading_digest(snapshot_of(case))
        added(case)
        assert reading_digest(snapshot_of(case)) == before
        submit(
            application_id=case.pk,
            for_round_id=case.call.rounds.get(number=1).pk,
            actor=case.applicant,
            at=AT,
        )
        assert not Task.objects.exists()
        assert b"herlezen" not in bytes(case.frozen.content)
        with pytest.raises(WrongStatus):
            added(case)

    def test_they_stay_with_a_discarded_draft_until_it_is_erased(self, case) -> None:
        added(case)
        withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen="draft")
        assert Task.objects.count() == 1
        case.refresh_from_db()
        erase_draft(case, at=AT)
        assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("task_says_what", {"what": ""}),
        ("task_done_by_somebody", {"done_at": AT}),
        ("task_changed_by_somebody", {"changed_at": AT}),
    ],
)
def test_the_database_keeps_it(case, name: str, values: dict[str, Any]) -> None:
    task = added(case)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**values)


def test_a_key_is_of_one_task(case) -> None:
    one, other = added(case), added(case)
    with pytest.raises(IntegrityError, match="task_sent_once"), transaction.atomic():
        Task.objects.filter(pk=other.pk).update(added_with=one.added_with)


class TestPages:
    def page(self, case: Any, name: str = "tasks", *more: Any) -> str:
        return reverse(f"applications:{name}", args=[case.reference, *more])

    def typed(self, person: User, **values: Any) -> dict[str, Any]:
        return {
            "what": "Het plan herlezen",
            "person": str(person.pk),
            "due_on": "13-05-2024",
            "seen_version": 0,
            "key": str(uuid4()),
            **values,
        }

    def test_a_task_is_added_and_stands_on_the_room_and_on_the_start_page_of_who_does_it(
        self, client: Client, case
    ) -> None:
        helper = joined(case)
        log_in(client, case.applicant)
        typed = self.typed(helper)
        for _click in range(2):
            assert client.post(self.page(case), typed).status_code == 302
        assert Task.objects.count() == 1
        assert "Het plan herlezen" in page_text(client.get(self.page(case, "coalition")))
        assert "Uw taak" not in page_text(client.get(reverse("website:start")))
        log_in(client, helper)
        assert "Uw taak: Het plan herlezen" in page_text(client.get(reverse("website:start")))
        client.post(self.page(case, "finish_task", Task.objects.get().pk), {"from": "coalition"})
        assert "Uw taak" not in page_text(client.get(reverse("website:start")))

    def test_who_left_reads_nothing_of_it_on_their_start_page(self, client: Client, case) -> None:
        """Rule 22."""
        helper = joined(case)
        added(case, helper)
        end_collaboration(key=case.collaborators.get().key, actor=case.applicant, at=AT)
        log_in(client, helper)
        assert "Het plan herlezen" not in page_text(client.get(reverse("website:start")))
        assert client.get(self.page(case)).status_code == 404

    @pytest.mark.parametrize(
        "values", [{"due_on": "morgen"}, {"what": "x" * 201}, {"person": "x"}, {"due_on": ""}]
    )
    def test_bad_input_keeps_what_was_typed(self, client: Client, case, values: dict[str, str]) -> None:
        """Rule 32."""
        log_in(client, case.applicant)
        shown = client.post(self.page(case), self.typed(case.applicant) | values)
        assert shown.status_code == 422
        assert not Task.objects.exists()
        assert list(shown.context["form"].errors) == list(values)

    def test_who_reads_sees_them_without_a_form(self, client: Client, case) -> None:
        reader = joined(case, right=READ)
        task = added(case)
        log_in(client, reader)
        shown = client.get(self.page(case))
        assert (shown.context["form"], "Het plan herlezen" in page_text(shown)) == (None, True)
        assert client.post(self.page(case), self.typed(reader)).status_code == 404
        for name in ("change_task", "remove_task"):
            assert client.get(self.page(case, name, task.pk)).status_code == 404
        assert client.post(self.page(case, "finish_task", task.pk)).status_code == 404

    def test_changing_over_a_newer_version_shows_both(self, client: Client, case) -> None:
        """Rule 32."""
        task = added(case)
        log_in(client, case.applicant)
        page = self.page(case, "change_task", task.pk)
        assert client.post(page, self.typed(case.applicant, what="Eerst", seen_version=1)).status_code == 302
        shown = client.post(page, self.typed(case.applicant, what="Tweede", seen_version=1))
        assert shown.status_code == 409
        text = page_text(shown)
        assert ("Eerst" in text, "Tweede" in text) == (True, True)

    def test_a_task_is_removed_on_a_page_of_its_own(self, client: Client, case) -> None:
        """Rule 30."""
        task = added(case)
        log_in(client, case.applicant)
        page = self.page(case, "remove_task", task.pk)
        assert client.get(page).status_code == 200
        assert Task.objects.count() == 1
        client.post(page)
        assert not Task.objects.exists()

    def test_of_another_draft_is_404(self, client: Client, case) -> None:
        other = scenarios.started(coalition_name="Andere coalitie")
        task = added(other)
        log_in(client, case.applicant)
        for name in ("change_task", "remove_task"):
            assert client.get(self.page(case, name, task.pk)).status_code == 404
        assert client.post(self.page(case, "finish_task", task.pk)).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries_however_many(
        self, client: Client, case, django_assert_num_queries: Any, count: int
    ) -> None:
        for _each in range(count):
            added(case)
        log_in(client, case.applicant)
        with django_assert_num_queries(7):
            client.get(self.page(case))
