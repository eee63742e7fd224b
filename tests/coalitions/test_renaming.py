"""A coalition gets another name, until it submits (rules 4 and 9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consent_states import consent_states
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from coalitions.domain.coalitions import start_coalition
from coalitions.domain.correcting import rename_coalition
from coalitions.models import Coalition
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
NAME = "Samen verder (fictief)"


def renamed(case: Any, name: str = NAME, **values: Any) -> Coalition:
    how = {"seen": case.coalition.name, "actor": case.applicant, "at": LATER, **values}
    return rename_coalition(coalition_id=case.coalition_id, name=name, **how)


def agreed(case: Any) -> list[bool]:
    snapshot = snapshot_of(Application.objects.get(pk=case.pk))
    return [each.is_valid for each in consent_states(snapshot)]


def test_it_has_the_new_name_and_who_agreed_to_the_former_agrees_anew() -> None:
    case = scenarios.ready()
    assert agreed(case) == [True] * len(case.partners)
    for _twice in range(2):
        assert renamed(case).name == NAME
    assert agreed(case) == [False] * len(case.partners)
    assert AuditEvent.objects.filter(act="coalitions.renamed").count() == 1


def test_a_partner_and_a_stranger_rename_nothing() -> None:
    case = scenarios.written()
    for somebody in (speaker_for(case.partners[0].organisation), UserFactory.create()):
        with pytest.raises(NotAllowed):
            renamed(case, actor=somebody)


def test_a_name_that_a_colleague_gave_meanwhile_is_not_overwritten() -> None:
    case = scenarios.written()
    shown = case.coalition.name
    renamed(case, "Van de collega (fictief)", actor=speaker_for(case.lead))
    with pytest.raises(NewerVersion):
        renamed(case, seen=shown)
    assert Coalition.objects.get(pk=case.coalition_id).name == "Van de collega (fictief)"


def test_what_was_submitted_keeps_its_name() -> None:
    case = scenarios.submitted()
    with pytest.raises(RuleViolation, match="is een aanvraag ingediend") as refusal:
        renamed(case)
    assert refusal.value.field == "name"


def test_two_coalitions_of_one_organisation_have_two_names() -> None:
    case = scenarios.written()
    region = {"region": case.coalition.region, "lead_organisation": case.lead}
    start_coalition(name=NAME, **region, actor=case.applicant, at=AT)
    with pytest.raises(RuleViolation, match="andere coalitie van deze organisatie") as refusal:
        renamed(case)
    assert refusal.value.field == "name"


class TestPage:
    def test_it_shows_the_name_keeps_what_was_typed_and_leads_back(self, client: Client) -> None:
        case = scenarios.written()
        page, back = (
            reverse(f"coalitions:{each}", args=[case.coalition_id]) for each in ("rename", "detail")
        )
        log_in(client, case.applicant)
        with at_moment(LATER):
            assert page in client.get(back).content.decode()
            assert f'value="{case.coalition.name}"' in client.get(page).content.decode()
            refused = client.post(page, {"name": "", "seen": case.coalition.name})
            assert refused.status_code == 422
            stale = client.post(page, {"name": NAME, "seen": "Iets anders"})
            assert (stale.status_code, NAME in stale.content.decode()) == (422, True)
            answer = client.post(page, {"name": NAME, "seen": case.coalition.name})
            assert (answer.status_code, answer.headers["Location"]) == (302, back)
            assert NAME in page_text(client.get(back))

    def test_it_is_not_offered_once_it_was_submitted(self, client: Client) -> None:
        case = scenarios.submitted()
        log_in(client, case.applicant)
        with at_moment(LATER):
            shown = client.get(reverse("coalitions:detail", args=[case.coalition_id])).content.decode()
        assert reverse("coalitions:rename", args=[case.coalition_id]) not in shown
