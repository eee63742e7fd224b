"""A link of the event log that was tampered with is named (rule 21)."""

import pytest

from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.domain.events import link_events, record
from hubportal.audit.events import Act, Fact
from hubportal.audit.models import AuditBatch, AuditEvent
from tests.breaking import broken, copy_of, force, remove, sound
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db

DONE = Act("tests.act", "something done", (Fact("n"),))


@pytest.fixture
def links() -> list[AuditBatch]:
    user = UserFactory.create()
    for number in range(6):
        record(DONE, subject=user, actor=user, at=AT, facts={"n": number})
        if number % 2:
            link_events(at=AT)
    return sound(list(AuditBatch.objects.order_by("number")))


def does_not_match(link: AuditBatch) -> str:
    return f"link {link.number} of the audit chain does not match its events"


def does_not_follow(link: AuditBatch) -> str:
    return f"link {link.number} of the audit chain does not follow the link before it"


def test_a_changed_event_names_its_link(links: list[AuditBatch]) -> None:
    event = AuditEvent.objects.get(link__batch=links[1], facts={"n": 2})
    force(event, facts={"n": 3})
    assert list(every_violation()) == [broken(21, links[1], does_not_match(links[1]))]


def test_an_event_smuggled_into_a_link_names_it(links: list[AuditBatch]) -> None:
    event = AuditEvent.objects.get(link__batch=links[2], facts={"n": 4})
    copy_of(event.link, event=copy_of(event))
    assert list(every_violation()) == [broken(21, links[2], does_not_match(links[2]))]


def test_a_link_taken_out_names_the_next(links: list[AuditBatch]) -> None:
    for each in AuditEvent.objects.filter(link__batch=links[1]).select_related("link"):
        remove(each.link)
        remove(each)
    remove(links[1])
    assert list(every_violation()) == [broken(21, links[2], does_not_follow(links[2]))]


def test_a_link_made_to_fit_its_changed_events_names_the_next(links: list[AuditBatch]) -> None:
    force(links[0], digest="0" * 64)
    assert list(every_violation()) == [
        broken(21, links[0], does_not_match(links[0])),
        broken(21, links[1], does_not_follow(links[1])),
    ]
