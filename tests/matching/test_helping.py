"""A coalition asks the kwartiermaker of its region for help, who proposes published organisations (rules 22, 23, 26, 27 and 30)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coalitions.domain.coalitions import start_coalition
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from mapping.domain.publishing import withdraw_publication
from matching.domain.helping import ask_for_help, end_help, propose_partners, take_back_proposal
from matching.models import HelpRequest, PartnerProposal
from organisations.domain.representing import end_representation
from organisations.models import Organisation
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, pending_for, speaker_for
from tests.factories.regions import RegionFactory
from tests.matching.test_partners import published_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)


@pytest.fixture
def case() -> "scenarios.Case":
    return scenarios.started(partners=0)


@pytest.fixture
def mapper(case: "scenarios.Case") -> User:
    return mapper_of(case.coalition.region)


def mapper_of(region: Any) -> User:
    mapper = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=mapper, region=region)
    return mapper


def asked(case: "scenarios.Case", wish: str = "Bewoners (fictief)", at: Any = AT) -> HelpRequest:
    return ask_for_help(coalition_id=case.coalition_id, wish=wish, actor=case.applicant, at=at)


def proposed(
    case: "scenarios.Case", mapper: User, *organisations: Organisation, reason: str = ""
) -> list[PartnerProposal]:
    return propose_partners(
        help_request_id=asked(case).pk,
        region=case.coalition.region,
        organisation_keys=[each.map_key for each in organisations],
        reason=reason,
        actor=mapper,
        at=AT,
    )


def test_asking_mails_the_kwartiermaker_without_a_name_and_twice_asks_once(
    case: "scenarios.Case", mapper: User
) -> None:
    """Rules 25 and 26."""
    asked(case)
    asked(case, "Anders (fictief)")
    assert HelpRequest.objects.get().wish == "Anders (fictief)"
    mail = OutgoingMail.objects.get(kind="help_asked")
    assert mail.recipient == mapper.email
    assert case.coalition.name not in mail.subject + mail.body
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    asked(case)
    assert OutgoingMail.objects.filter(kind="help_asked").count() == 1
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    asked(case, at=LATER)
    assert OutgoingMail.objects.filter(kind="help_asked").count() == 2


def test_one_person_mails_the_kwartiermaker_once_a_day_however_many_coalitions_they_start(
    case: "scenarios.Case", mapper: User
) -> None:
    asked(case)
    for number in range(2):
        another = start_coalition(
            name=f"Coalitie {number} (fictief)",
            region=case.coalition.region,
            lead_organisation=case.lead,
            actor=case.applicant,
            at=AT,
        )
        ask_for_help(coalition_id=another.pk, wish="", actor=case.applicant, at=AT)
    assert HelpRequest.objects.count() == 3
    assert OutgoingMail.objects.filter(kind="help_asked").count() == 1


def test_only_who_is_proved_to_speak_for_the_lead_asks_and_ends(case: "scenarios.Case") -> None:
    """Rule 27."""
    partner = scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
    asked(case)
    for user in (pending_for(case.lead), speaker_for(partner.organisation), person()):
        with pytest.raises(NotAllowed):
            ask_for_help(coalition_id=case.coalition_id, wish="", actor=user, at=AT)
        with pytest.raises(NotAllowed):
            end_help(coalition_id=case.coalition_id, actor=user, at=AT)


def test_a_kwartiermaker_sees_a_coalition_only_while_it_asks(
    client: Client, case: "scenarios.Case", mapper: User
) -> None:
    """Rule 26: neither the coalition nor what it applies for shows before it asks, or after."""
    log_in(client, mapper, second_factor=True)
    address = reverse("matching:helped", args=[case.coalition.region.slug])
    before = page_text(client.get(address))
    asked(case)
    during = page_text(client.get(address))
    assert (case.coalition.name in during, case.reference in during) == (True, False)
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    assert page_text(client.get(address)) == before


def test_who_asked_and_no_longer_speaks_for_the_lead_is_not_named(
    client: Client, case: "scenarios.Case", mapper: User
) -> None:
    asked(case)
    log_in(client, mapper, second_factor=True)
    address = reverse("matching:helped", args=[case.coalition.region.slug])
    assert case.applicant.email in page_text(client.get(address))
    row = case.applicant.representations.get()
    end_representation(representative_id=row.pk, reason="", actor=case.applicant, at=LATER)
    shown = page_text(client.get(address))
    assert (case.coalition.name in shown, "niet meer vertegenwoordigt" in shown) == (True, True)
    assert case.applicant.email not in shown
    assert case.applicant.full_name not in shown


def test_proposing_twice_proposes_once_and_leaves_out_what_is_not_public(
    case: "scenarios.Case", mapper: User
) -> None:
    """Rule 23."""
    region = case.coalition.region
    public, hidden = published_in(region), organisation_in(region)
    elsewhere = published_in(RegionFactory.create())
    assert [each.organisation for each in proposed(case, mapper, public, hidden, elsewhere)] == [public]
    assert proposed(case, mapper, public) == []
    assert list(PartnerProposal.objects.values_list("organisation", flat=True)) == [public.pk]


def test_nobody_proposes_but_a_kwartiermaker_of_the_region_to_who_asks(
    case: "scenarios.Case", mapper: User
) -> None:
    """Rules 22 and 26."""
    public = published_in(case.coalition.region)
    other = RegionFactory.create()
    help_request = asked(case)

    def propose(actor: User, region: Any = case.coalition.region) -> None:
        propose_partners(
            help_request_id=help_request.pk,
            region=region,
            organisation_keys=[public.map_key],
            reason="",
            actor=actor,
            at=AT,
        )

    KwartiermakerAssignmentFactory.create(user=mapper, region=other)
    for actor, region in (
        (mapper_of(other), other),
        (mapper, other),
        (person(Role.OFFICER), case.coalition.region),
    ):
        with pytest.raises(NotAllowed):
            propose(actor, region)
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    with pytest.raises(NotAllowed):
        propose(mapper)
    assert not PartnerProposal.objects.exists()


def test_so_many_are_not_proposed_at_once(case: "scenarios.Case", mapper: User) -> None:
    with pytest.raises(RuleViolation, match="50"):
        proposed(case, mapper, *[published_in(case.coalition.region)] * 51)


def test_the_coalition_reads_what_was_proposed_until_it_is_no_longer_public(
    client: Client, case: "scenarios.Case", mapper: User
) -> None:
    public = published_in(case.coalition.region)
    proposed(case, mapper, public, reason="Kent de wijk (fictief)")
    log_in(client, case.applicant)
    address = reverse("matching:partners", args=[case.coalition_id])
    assert "De kwartiermaker schrijft: Kent de wijk (fictief)" in page_text(client.get(address))
    end_help(coalition_id=case.coalition_id, actor=case.applicant, at=AT)
    assert len(client.get(address).context["proposed"]) == 1
    public.refresh_from_db()
    withdraw_publication(organisation_id=public.pk, actor=mapper, at=AT)
    assert client.get(address).context["proposed"] == []


def test_a_proposal_is_taken_back_once_and_by_a_kwartiermaker_of_the_region(
    case: "scenarios.Case", mapper: User
) -> None:
    (proposal,) = proposed(case, mapper, published_in(case.coalition.region))
    with pytest.raises(NotAllowed):
        take_back_proposal(proposal_id=proposal.pk, actor=mapper_of(RegionFactory.create()), at=AT)
    take_back_proposal(proposal_id=proposal.pk, actor=mapper, at=AT)
    take_back_proposal(proposal_id=proposal.pk, actor=mapper, at=AT)
    assert not PartnerProposal.objects.exists()


def test_chosen_rows_are_shown_before_they_are_proposed(
    client: Client, case: "scenarios.Case", mapper: User
) -> None:
    """Rule 30."""
    public, hidden = published_in(case.coalition.region), organisation_in(case.coalition.region)
    log_in(client, mapper, second_factor=True)
    address = reverse("matching:propose", args=[case.coalition.region.slug])
    rows = {"rij": [str(public.map_key), str(hidden.map_key), "geen sleutel"]}
    assert client.post(address)["Location"] == reverse("mapping:workspace", args=[case.coalition.region.slug])
    shown = client.post(address, rows)
    assert (shown.context["chosen"], shown.context["hidden"], shown.context["is_asked"]) == (
        [public],
        [hidden],
        False,
    )
    help_request = asked(case)
    assert client.post(address, {**rows, "propose": "1"}).status_code == 422
    assert not PartnerProposal.objects.exists()
    sent = client.post(address, {**rows, "propose": "1", "help_request": help_request.pk, "reason": "Past"})
    assert sent["Location"] == reverse("matching:helped", args=[case.coalition.region.slug])
    assert PartnerProposal.objects.get().organisation == public
    # Rule 32: who says it otherwise the second time reads that the first words stay; who presses twice reads nothing of it.
    for reason, is_told in (("Past", False), ("Past nog beter", True)):
        again = {**rows, "propose": "1", "help_request": help_request.pk, "reason": reason}
        told = page_text(client.post(address, again, follow=True))
        assert (f"niet bewaard bij {public.name}" in told) == is_told
    assert PartnerProposal.objects.get().reason == "Past"
    taken = client.post(
        reverse("matching:take_back", args=[case.coalition.region.slug, PartnerProposal.objects.get().pk])
    )
    assert taken["Location"] == sent["Location"]
    assert not PartnerProposal.objects.exists()


def test_asking_on_the_page_says_first_what_the_kwartiermaker_will_see(
    client: Client, case: "scenarios.Case", mapper: User
) -> None:
    log_in(client, case.applicant)
    address = reverse("matching:ask_help", args=[case.coalition_id])
    assert "Dit ziet de kwartiermaker" in page_text(client.get(address))
    assert client.post(address, {"wish": "x" * 501}).status_code == 422
    client.post(address, {"wish": "Bewoners"})
    assert HelpRequest.objects.get().wish == "Bewoners"
    client.post(reverse("matching:end_help", args=[case.coalition_id]))
    assert HelpRequest.objects.get().ended_by == case.applicant


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_coalitions_and_proposals(
    client: Client, case: "scenarios.Case", mapper: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        proposed(case, mapper, published_in(case.coalition.region, f"Kring {number} (fictief)"))
        other = scenarios.started(
            region=case.coalition.region, partners=0, coalition_name=f"Coalitie {number} (fictief)"
        )
        asked(other)
    log_in(client, mapper, second_factor=True)
    address = reverse("matching:helped", args=[case.coalition.region.slug])
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
