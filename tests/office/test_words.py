"""The event log speaks in words: none of what the code records is shown as a code."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils.translation import override

from applications.enums import ConsentAnswer, SigningRole, Status
from hubportal.accounts.enums import Role
from hubportal.audit.domain.events import record
from hubportal.audit.models import AuditEvent
from hubportal.office.admin.events import _JUDGING
from hubportal.office.admin.words import ACTS, FACTS, VALUES, facts_in_words, subject_in_words
from tests.architecture.sources import PORTAL_MODULES
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory

# What stands for the part of an act that is known only when it is done.
_FILLED_IN = {
    "applications.{to.value}": [f"applications.{each.value}" for each in Status if each != Status.DRAFT],
    "applications.consent_{answer.value}": [f"applications.consent_{each.value}" for each in ConsentAnswer],
}
_REASONS = re.compile(r'why="([^"]+)"')


def recorded() -> Iterator[tuple[str, ast.Call]]:
    """Yield every act that the code records, with the call that does it."""
    for module in PORTAL_MODULES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"record", "record_all"}:
                act = ast.unparse(node.args[0]).removeprefix("f").strip("'") if node.args else ""
                yield from ((each, node) for each in _FILLED_IN.get(act, [act]))


def facts_of(call: ast.Call) -> Iterator[str]:
    """Yield the names of the facts that a call writes down."""
    for keyword in call.keywords:
        if keyword.arg == "facts" and isinstance(keyword.value, ast.Dict):
            yield from (ast.literal_eval(each) for each in keyword.value.keys if each is not None)


def test_every_act_that_is_recorded_has_words_and_no_other() -> None:
    assert {act for act, _call in recorded()} == set(ACTS)


def test_every_fact_that_is_shown_has_a_label() -> None:
    shown = {name for act, call in recorded() if not act.startswith(_JUDGING) for name in facts_of(call)}
    assert shown <= set(FACTS)
    assert {"role", "sha256", "members"} <= shown


def test_every_status_role_and_reason_has_words() -> None:
    reasons = {each for module in PORTAL_MODULES for each in _REASONS.findall(module.text)}
    assert {"deadline", "letter produced"} <= reasons
    assert {*Status.values, *Role.values, *SigningRole.values, *reasons} <= set(VALUES)
    with override("nl"):
        assert all(str(VALUES[each.value]) == str(each.label) for each in (*Status, *Role, *SigningRole))


def test_facts_read_as_labels_and_words() -> None:
    event = AuditEvent(
        subject_type="organisations.organisation",
        subject_id=7,
        facts={
            "from": "advised", "to": "rejected", "why": "", "members": 1, "send_again": True, "sha256": "ab" * 32,
            "fields": ["name", "sort_name"], "new": "as it is",
        },
    )  # fmt: skip
    with override("en"):
        assert subject_in_words(event) == "organisation 7"
        found = {str(label): str(value) for label, value in facts_in_words(event).items()}
    assert found == {
        "status before": "advice fixed",
        "status now": "rejected",
        "applications": "1",
        "sent again": "yes",
        "digital fingerprint": "abababababab…",
        "changed": "name",
        "new": "as it is",
    }


def test_an_event_of_what_is_gone_from_the_code_is_shown_as_it_was_written() -> None:
    event = AuditEvent(subject_type="gone.thing", subject_id=7, facts={"fields": ["name"], "role": "jester"})
    assert subject_in_words(event) == "gone.thing 7"
    assert "jester" in facts_in_words(event).values()


@pytest.mark.django_db
def test_the_log_and_its_choice_of_an_act_speak_in_words(client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    record("mapping.organisation_published", subject=OrganisationFactory.create(), actor=None, at=AT)
    log_in(client, person(Role.ADMINISTRATOR))
    address = reverse("admin:events")
    for shown in (client.get(address), client.get(address, {"handeling": "mapping.organisation_published"})):
        words = re.sub(r"<[^>]*>", "", shown.content.decode())
        assert "organisation made public" in words
        assert "organisation_published" not in words
    assert shown.context["unlinked"] == 1
