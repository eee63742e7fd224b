"""A kwartiermaker who takes part in a coalition of the region reads nothing that another one asks there (rules 22, 26 and 27)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from applications.domain.collaborating import accept_invitation, end_collaboration
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.snapshot import snapshot_of
from applications.enums import CollaboratorRight, ConsentAnswer
from applications.models import ApplicationPeople
from coalitions.domain.coalitions import start_coalition
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.models import OutgoingMail
from matching.domain.helping import propose_partners, take_back_proposal
from matching.invariants import violations
from matching.models import PartnerProposal
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import stated
from organisations.domain.representing import end_representation, restate
from organisations.models import Organisation
from regions.models import Region
from tests.applications.collaborating import invited
from tests.applications.leading import taken
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.organisations import (
    RepresentativeFactory,
    organisation_in,
    pending_for,
    speaker_for,
)
from tests.factories.regions import RegionFactory
from tests.matching.test_helping import asked, mapper_of
from tests.matching.test_partners import published_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def rival() -> "scenarios.Case":
    """Return an application of a coalition that will ask for help."""
    return scenarios.started(partners=0)


def speaks(user: User, organisation: Organisation, **values: Any) -> User:
    RepresentativeFactory.create(organisation=organisation, user=user, **values)
    return user


def of_same_region(rival: "scenarios.Case", **start: Any) -> "scenarios.Case":
    return scenarios.written(region=rival.coalition.region, call=rival.call, **start)


def answers(case: "scenarios.Case", user: User, answer: ConsentAnswer = ConsentAnswer.GIVEN) -> None:
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    case.refresh_from_db()
    answer_by_account(
        application_id=case.pk,
        participation_id=case.partners[0].pk,
        answer=answer,
        reason="Nu niet (fictief).",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=user,
        at=AT,
    )


def started_by(user: User, lead: Organisation, region: Region) -> None:
    start_coalition(name="Eigen coalitie (fictief)", region=region, lead_organisation=lead, actor=user, at=AT)


def speaks_for_a_lead(mapper: User, rival: "scenarios.Case") -> None:
    speaks(mapper, of_same_region(rival).lead)


def spoke_for_a_lead(mapper: User, rival: "scenarios.Case") -> None:
    speaks(mapper, of_same_region(rival).lead)
    row = mapper.representations.get()
    end_representation(representative_id=row.pk, reason="", actor=mapper, at=LATER)


def named_the_lead_otherwise_and_is_pending(mapper: User, rival: "scenarios.Case") -> None:
    lead = organisation_in(rival.coalition.region)
    row = RepresentativeFactory.create(organisation=lead, user=mapper, since_at=AT - 2 * DAY)
    restate(row, stated(scenarios.facts_of(lead)), actor=mapper, at=AT - DAY)
    of_same_region(rival, lead=lead, applicant=speaker_for(lead))


def began_one_before_it_was_proved(mapper: User, rival: "scenarios.Case") -> None:
    lead = organisation_in(rival.coalition.region)
    claim_organisation(facts=scenarios.facts_of(lead), actor=mapper, at=AT)
    started_by(mapper, lead, rival.coalition.region)


def began_one_with_another_account_of_the_same_mailbox(mapper: User, rival: "scenarios.Case") -> None:
    name, _at, host = mapper.email.partition("@")
    other = UserFactory.create(email=f"{name}+coalitie@{host}")
    lead = organisation_in(rival.coalition.region)
    started_by(speaks(other, lead), lead, rival.coalition.region)


def agreed_for_a_partner(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    answers(case, speaks(mapper, case.partners[0].organisation))


def speaks_for_a_partner_for_which_a_colleague_agreed(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    organisation = case.partners[0].organisation
    speaks(mapper, organisation)
    answers(case, speaker_for(organisation))


def agreed_through_a_link(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    force(case.partners[0], contact_email=mapper.email, mailbox=mapper.email)
    case.partners[0].refresh_from_db()
    scenarios.consented(case, case.partners[0])


def agreed_through_the_link_of_another(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    scenarios.consented(case, case.partners[0])
    case.consents.update(reader=mapper)


def agreed_in_a_second_mailbox(mapper: User, rival: "scenarios.Case") -> None:
    second = EmailAddress.objects.create(user=mapper, email="ander@werk.example", verified=True)
    case = of_same_region(rival)
    force(case.partners[0], contact_email=second.email, mailbox=second.email)
    case.partners[0].refresh_from_db()
    scenarios.consented(case, case.partners[0])


def signed_as_the_signatory(mapper: User, rival: "scenarios.Case") -> None:
    case = scenarios.submitted(region=rival.coalition.region, call=rival.call)
    force(case.signatures.get(link__isnull=False).link, email=mapper.email)


def writes_along(mapper: User, rival: "scenarios.Case") -> None:
    accept_invitation(key=invited(of_same_region(rival), mapper.email).key, actor=mapper, at=AT)


def read_along_for_a_while(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    row = invited(case, mapper.email, right=CollaboratorRight.READ)
    accept_invitation(key=row.key, actor=mapper, at=AT)
    end_collaboration(key=row.key, actor=mapper, at=AT)


def _removed(case: "scenarios.Case") -> None:
    case.budget_lines.all().delete()
    case.people.leader_organisation = case.lead
    case.people.save()
    remove_asked_partner(
        application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=LATER
    )


def agreed_for_a_partner_that_was_removed(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    force(case.partners[0], contact_email=mapper.email, mailbox=mapper.email)
    answers(case, mapper)
    _removed(case)


def speaks_for_a_partner_that_was_removed_after_a_colleague_agreed(
    mapper: User, rival: "scenarios.Case"
) -> None:
    case = of_same_region(rival)
    organisation = case.partners[0].organisation
    speaks(mapper, organisation)
    answers(case, speaker_for(organisation))
    _removed(case)


def speaks_for_who_led_before_and_was_removed(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    speaks(mapper, case.lead)
    led = case.coalition.participations.get(is_lead=True)
    taken(case)
    case.refresh_from_db()
    new = speaker_for(Organisation.objects.get(pk=case.coalition.lead_organisation_id))
    case.budget_lines.all().delete()
    ApplicationPeople.objects.filter(application=case).update(
        leader_organisation=case.coalition.lead_organisation_id,
        main_applicant_organisation=None,
        signatory_organisation=None,
    )
    remove_asked_partner(application_id=case.pk, participation_id=led.pk, actor=new, at=LATER)


def speaks_for_who_led_before(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    speaks(mapper, case.lead)
    taken(case)


TIES = [
    agreed_for_a_partner_that_was_removed,
    speaks_for_a_partner_that_was_removed_after_a_colleague_agreed,
    speaks_for_who_led_before_and_was_removed,
    speaks_for_who_led_before,
    agreed_in_a_second_mailbox,
    writes_along,
    read_along_for_a_while,
    speaks_for_a_lead,
    spoke_for_a_lead,
    named_the_lead_otherwise_and_is_pending,
    began_one_before_it_was_proved,
    began_one_with_another_account_of_the_same_mailbox,
    agreed_for_a_partner,
    speaks_for_a_partner_for_which_a_colleague_agreed,
    agreed_through_a_link,
    agreed_through_the_link_of_another,
    signed_as_the_signatory,
]


def page(client: Client, region: Region) -> str:
    return page_text(client.get(reverse("matching:helped", args=[region.slug])))


@pytest.mark.parametrize("tie", TIES)
def test_they_read_no_request_propose_nothing_and_get_no_mail(
    client: Client, rival: "scenarios.Case", tie: Callable[[User, "scenarios.Case"], None]
) -> None:
    region = rival.coalition.region
    mapper, colleague = mapper_of(region), mapper_of(region)
    tie(mapper, rival)
    log_in(client, mapper)
    before = page(client, region)
    assert "U doet mee in een coalitie in deze regio" in before
    public = published_in(region)
    help_request = asked(rival)
    assert page(client, region) == before

    def propose(actor: User) -> list[PartnerProposal]:
        return propose_partners(
            help_request_id=help_request.pk,
            region=region,
            organisation_keys=[public.map_key],
            reason="",
            actor=actor,
            at=LATER,
        )

    with pytest.raises(NotAllowed):
        propose(mapper)
    (proposal,) = propose(colleague)
    with pytest.raises(NotAllowed):
        take_back_proposal(proposal_id=proposal.pk, actor=mapper, at=LATER)
    shown = client.post(
        reverse("matching:propose", args=[region.slug]),
        {"rij": str(public.map_key), "propose": "1", "help_request": help_request.pk},
    )
    assert (shown.status_code, rival.coalition.name in page_text(shown)) == (422, False)
    assert client.post(reverse("matching:take_back", args=[region.slug, proposal.pk])).status_code == 404
    told = OutgoingMail.objects.filter(kind__in=["help_asked", "help_unread"])
    assert [each.recipient for each in told] == [colleague.email]


def named_as_contact_and_project_leader(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    force(case.partners[0], contact_email=mapper.email, mailbox=mapper.email)
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)


def whose_organisation_was_named_and_answered_through_a_mailbox_of_the_lead(
    mapper: User, rival: "scenarios.Case"
) -> None:
    case = of_same_region(rival)
    speaks(mapper, case.partners[0].organisation)
    scenarios.consented(case, case.partners[0])


def whose_organisation_was_answered_for_by_somebody_unproved(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    organisation = case.partners[0].organisation
    speaks(mapper, organisation)
    answers(case, pending_for(organisation, email=case.partners[0].contact_email))


def whose_organisation_was_asked_and_removed(mapper: User, rival: "scenarios.Case") -> None:
    """Else who applies would shut a kwartiermaker out by naming their organisation for a moment."""
    case = of_same_region(rival)
    speaks(mapper, case.partners[0].organisation)
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    _removed(case)


def who_declined(mapper: User, rival: "scenarios.Case") -> None:
    case = of_same_region(rival)
    answers(case, speaks(mapper, case.partners[0].organisation), ConsentAnswer.DECLINED)


def in_the_name_of_whose_organisation_a_stranger_began(mapper: User, rival: "scenarios.Case") -> None:
    lead = organisation_in(rival.coalition.region)
    speaks(mapper, lead)
    started_by(pending_for(lead), lead, rival.coalition.region)


def who_only_says_to_speak_for_the_lead(mapper: User, rival: "scenarios.Case") -> None:
    lead = of_same_region(rival).lead
    claim_organisation(facts=scenarios.facts_of(lead), actor=mapper, at=AT)


def who_tried_the_portal_out(mapper: User, rival: "scenarios.Case") -> None:
    region = rival.coalition.region
    lead = organisation_in(region)
    practice = CallFactory.create(is_rehearsal=True)
    scenarios.ready(call=practice, region=region, lead=lead, applicant=speaks(mapper, lead))


def who_leads_elsewhere(mapper: User, rival: "scenarios.Case") -> None:
    elsewhere = RegionFactory.create()
    lead = organisation_in(elsewhere)
    started_by(speaks(mapper, lead), lead, elsewhere)


@pytest.mark.parametrize(
    "named",
    [
        named_as_contact_and_project_leader,
        whose_organisation_was_named_and_answered_through_a_mailbox_of_the_lead,
        whose_organisation_was_answered_for_by_somebody_unproved,
        whose_organisation_was_asked_and_removed,
        who_declined,
        in_the_name_of_whose_organisation_a_stranger_began,
        who_only_says_to_speak_for_the_lead,
        who_tried_the_portal_out,
        who_leads_elsewhere,
    ],
)
def test_nobody_shuts_a_kwartiermaker_out_by_naming_her(
    client: Client, rival: "scenarios.Case", named: Callable[[User, "scenarios.Case"], None]
) -> None:
    """Rule 27."""
    region = rival.coalition.region
    mapper = mapper_of(region)
    named(mapper, rival)
    asked(rival)
    log_in(client, mapper)
    assert rival.coalition.name in page(client, region)
    assert OutgoingMail.objects.get(kind="help_asked").recipient == mapper.email


def test_the_office_hears_where_nobody_may_read_it_but_not_which_coalition_asks(
    client: Client, rival: "scenarios.Case"
) -> None:
    region = rival.coalition.region
    mapper, administrator = mapper_of(region), person(Role.ADMINISTRATOR)
    log_in(client, administrator)

    def figures() -> list[str]:
        panels = client.get(reverse("admin:index")).context["panels"]
        return [str(each.label) for panel in panels for each in panel.figures if "om hulp" in str(each.label)]

    speaks_for_a_lead(mapper, rival)
    assert figures() == []
    asked(rival)
    assert figures() == [f"{region.name}: een coalitie vraagt om hulp, en geen kwartiermaker mag dit lezen"]
    mail = OutgoingMail.objects.get(kind="help_unread")
    assert mail.recipient == administrator.email
    assert rival.coalition.name not in mail.subject + mail.body
    mapper_of(region)
    assert figures() == []


def test_an_administrator_who_takes_part_there_does_not_hear_it(
    client: Client, rival: "scenarios.Case"
) -> None:
    administrator = person(Role.ADMINISTRATOR)
    speaks_for_a_lead(administrator, rival)
    asked(rival)
    assert not OutgoingMail.objects.filter(kind="help_unread").exists()
    panels = client.get(reverse("admin:index")).context
    assert panels is None
    log_in(client, administrator)
    shown = client.get(reverse("admin:index")).context["panels"]
    assert [figure for panel in shown for figure in panel.figures if "om hulp" in str(figure.label)] == []


def test_who_asks_reads_the_same_whoever_may_read_it(client: Client, rival: "scenarios.Case") -> None:
    """Rule 26: whether the kwartiermaker of the region takes part in another coalition is not theirs to know."""
    mapper = mapper_of(rival.coalition.region)
    log_in(client, rival.applicant)
    address = reverse("matching:ask_help", args=[rival.coalition_id])
    before = page_text(client.get(address))
    assert "leest dit niet" in before
    speaks_for_a_lead(mapper, rival)
    assert page_text(client.get(address)) == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_takes_as_many_queries_however_many_regions_wait(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    log_in(client, person(Role.ADMINISTRATOR))
    for _each in range(count):
        case = scenarios.started(partners=0, region=RegionFactory.create())
        speaks_for_a_lead(mapper_of(case.coalition.region), case)
        asked(case)
    client.get(reverse("admin:index"))
    with django_assert_num_queries(15):
        client.get(reverse("admin:index"))


def test_a_proposal_of_who_had_begun_one_there_is_found(rival: "scenarios.Case") -> None:
    region = rival.coalition.region
    mapper = mapper_of(region)
    help_request = asked(rival)
    (made,) = propose_partners(
        help_request_id=help_request.pk,
        region=region,
        organisation_keys=[published_in(region).map_key],
        reason="",
        actor=mapper,
        at=AT,
    )
    lead = organisation_in(region)
    started_by(speaks(mapper, lead), lead, region)
    assert list(violations()) == []
    force(made, proposed_at=LATER)
    (found,) = violations()
    assert (found.rule, found.row) == (26, made.pk)
    assert found.sentence == "was proposed by who took part in a coalition of the region"
