"""Every move is recorded with who, when and why, and can be proved untampered afterwards (rule 21)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hubportal.accounts.models import User
from hubportal.audit.domain.events import FIRST_PREVIOUS, link_events, record, record_all
from hubportal.audit.domain.verification import breaches
from hubportal.audit.events import Act, Fact
from hubportal.audit.invariants import violations
from hubportal.audit.models import AuditBatch, AuditEvent, AuditLink
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.racing import held_open, race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

DONE = Act("tests.act", "something done", (Fact("n"), Fact("from"), Fact("why")))


def some_events(count: int = 3) -> list[AuditEvent]:
    user = UserFactory.create()
    return [record(DONE, subject=user, actor=user, at=AT, facts={"n": each}) for each in range(count)]


def tamper(statement: str, *values: Any) -> None:
    """Write past the triggers, as somebody with the database's own powers could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_event_says_who_did_what_when_and_nothing_personal() -> None:
    user = UserFactory.create()
    event = record(DONE, subject=user, actor=None, at=AT, facts={"from": "draft"})
    event.refresh_from_db()
    assert (event.act, event.actor_id, event.happened_at) == ("tests.act", None, AT)
    assert (event.subject_type, event.subject_id, event.facts) == (
        "accounts.user",
        user.pk,
        {"from": "draft"},
    )


def test_a_fact_that_its_act_does_not_declare_is_refused() -> None:
    user = UserFactory.create()
    with pytest.raises(ValueError, match=r"tests\.act does not declare secret"):
        record(DONE, subject=user, actor=user, at=AT, facts={"n": 1, "secret": "x"})
    with pytest.raises(ValueError, match=r"tests\.act does not declare secret"):
        record_all(DONE, subjects=User.objects.all(), actor=user, at=AT, facts={"secret": "x"})
    assert not AuditEvent.objects.exists()


def test_events_are_linked_once_in_batches_that_follow_each_other() -> None:
    some_events(5)
    assert link_events(at=AT, limit=3) == 3
    assert link_events(at=AT, limit=3) == 2
    assert link_events(at=AT) == 0
    first, second = AuditBatch.objects.order_by("number")
    assert (first.number, first.events, first.previous_digest) == (1, 3, FIRST_PREVIOUS)
    assert (second.number, second.events, second.previous_digest) == (2, 2, first.digest)
    assert list(breaches()) == []


def test_an_event_that_commits_late_is_linked_by_a_later_sweep() -> None:
    early, late = some_events(2)
    batch = AuditBatch.objects.create(
        number=1, linked_at=AT, events=0, previous_digest=FIRST_PREVIOUS, digest="x" * 64
    )
    AuditLink.objects.create(event=late, batch=batch)
    assert link_events(at=AT) == 1
    assert AuditLink.objects.get(event=early).batch.number == 2


def test_recording_many_at_once_records_each() -> None:
    people = UserFactory.create_batch(3)
    UserFactory.create()
    chosen = User.objects.filter(pk__in=[each.pk for each in people], full_name__contains="")
    record_all(DONE, subjects=chosen, actor=people[0], at=AT, facts={"why": "deadline"})
    kept = AuditEvent.objects.filter(act="tests.act").values_list("subject_id", "actor_id", "facts")
    assert sorted(kept) == [(each.pk, people[0].pk, {"why": "deadline"}) for each in people]
    assert {each.subject_type for each in AuditEvent.objects.filter(act="tests.act")} == {"accounts.user"}


def test_recording_an_act_on_nothing_records_nothing() -> None:
    record_all(DONE, subjects=User.objects.none(), actor=None, at=AT)
    record_all(DONE, subjects=User.objects.filter(pk=0), actor=None, at=AT)
    assert not AuditEvent.objects.filter(act="tests.act").exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_auditevent SET actor_id = 1 WHERE id = %s",
        "UPDATE audit_auditevent SET act = 'other' WHERE id = %s",
        "UPDATE audit_auditevent SET facts = '{\"n\": 9}' WHERE id = %s",
        "UPDATE audit_auditevent SET happened_at = happened_at + interval '1 microsecond' WHERE id = %s",
        "UPDATE audit_auditevent SET subject_id = subject_id + 1 WHERE id = %s",
        "DELETE FROM audit_auditlink WHERE event_id = %s",
    ],
)
def test_a_changed_event_is_found(change: str) -> None:
    event = some_events(3)[1]
    link_events(at=AT)
    assert list(breaches()) == []
    tamper(change, event.pk)
    assert list(breaches()) == ["link 1 of the audit chain does not match its events"]
    assert [each.rule for each in violations()] == [21]


def test_a_link_taken_out_of_the_chain_is_found() -> None:
    for _turn in range(3):
        some_events(1)
        link_events(at=AT)
    gone = AuditBatch.objects.get(number=2)
    tamper("DELETE FROM audit_auditlink WHERE batch_id = %s", gone.pk)
    tamper("DELETE FROM audit_auditbatch WHERE id = %s", gone.pk)
    assert "link 3 of the audit chain does not follow the link before it" in list(breaches())


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_a_change_of_an_event(act: str) -> None:
    event = some_events(1)[0]
    rows = AuditEvent.objects.filter(pk=event.pk)
    with refused_by("audit_events_never_change"):
        rows.update(act="other") if act == "update" else rows._raw_delete(rows.db)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_a_change_of_a_link(act: str) -> None:
    some_events(1)
    link_events(at=AT)
    links, batches = AuditLink.objects.all(), AuditBatch.objects.all()
    with refused_by("audit_links_never_change"):
        links.update(batch=None) if act == "update" else links._raw_delete(links.db)
    with refused_by("audit_batches_never_change"):
        batches.update(events=9) if act == "update" else batches._raw_delete(batches.db)


def test_the_chain_does_not_fork() -> None:
    some_events(1)
    link_events(at=AT)
    with refused_by("audit_chain_does_not_fork"):
        AuditBatch.objects.create(
            number=2, linked_at=AT, events=0, previous_digest=FIRST_PREVIOUS, digest="1" * 64
        )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_link_each_event_once() -> None:
    some_events(40)
    linked = race(*(lambda: link_events(at=AT) for _each in range(3)))
    link_events(at=AT + timedelta(seconds=1))
    assert all(isinstance(each, int) for each in linked)
    assert (AuditLink.objects.count(), sum(AuditBatch.objects.values_list("events", flat=True))) == (40, 40)
    assert list(breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_finds_another_at_work_leaves_it_alone() -> None:
    some_events(2)
    with held_open(lambda: link_events(at=AT)) as meanwhile:
        assert meanwhile(lambda: link_events(at=AT)).result() == 0
    assert AuditBatch.objects.count() == 1


def test_users_are_not_needed_to_prove_what_they_did() -> None:
    event = some_events(1)[0]
    link_events(at=AT)
    User.objects.all().delete()
    event.refresh_from_db()
    assert (event.actor_id is not None, list(breaches())) == (True, [])
