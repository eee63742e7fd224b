"""Pages of office and map are closed to who takes part in a call that goes on: they would tell of rivals, or hold them up (rules 26 and 29)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from call_questions.domain.answering import draft_for_question
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.office.domain.failed_mails import settle_mail, state_in_short
from mapping.permissions import may_recommend
from organisations.models import Representative
from organisations.permissions import may_end, may_settle, may_vouch_as_office
from reviews.enums import AffiliationKind
from reviews.models import Affiliation, InterestDeclaration
from takeovers.domain.deciding import refuse_takeover, state_of
from takeovers.permissions import may_decide_takeover
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.asking_about import asked_about
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.factories.organisations import pending_for
from tests.factories.scenarios import started, submitted
from tests.factories.taking_over import DECIDE_AT, claimant, warned
from tests.pages import page_text
from tests.pictures.pictured import mapper_of

pytestmark = pytest.mark.django_db
EMPTY = "Daarom doet een collega wat hier staat"


@pytest.fixture
def own() -> Any:
    """What the person takes part in, once they do."""
    return submitted()


def joins(own: Any, user: User) -> None:
    own.writers.create(user=user)


def test_an_officer_finds_nobody_who_represents_a_rival_and_reads_why(client: Client) -> None:
    own, rival = submitted(), started()
    officer = person(Role.OFFICER)
    log_in(client, officer)
    search = f"{reverse('admin:representatives')}?zoek={rival.lead.kvk_number}"
    assert rival.applicant.email in client.get(search).content.decode()
    own.writers.create(user=officer)
    shown = client.get(search)
    assert rival.applicant.email not in shown.content.decode()
    assert "U doet zelf mee aan een oproep die nog loopt" in page_text(shown)


def test_an_officer_who_takes_part_reads_and_answers_no_question_about_a_call(client: Client) -> None:
    """Who asks is about to apply (rules 26 and 29)."""
    own, officer = submitted(), person(Role.OFFICER)
    question = asked_about(own.call, actor=UserFactory.create())
    pages = [
        reverse("admin:call_questions"),
        reverse("admin:call_answers"),
        reverse("admin:call_question", args=[question.key]),
    ]
    log_in(client, officer)
    assert [client.get(each).status_code for each in pages] == [200, 200, 200]
    own.writers.create(user=officer)
    assert [client.get(each).status_code for each in pages] == [200, 404, 404]
    shown = page_text(client.get(pages[0]))
    assert ("Daarom beantwoordt een collega de vragen" in shown, question.text in shown) == (True, False)
    panels = client.get(reverse("admin:index")).context["panels"]
    assert "Vragen over oproepen" not in {str(each.title) for each in panels}
    with pytest.raises(NotAllowed):
        draft_for_question(
            question_key=question.key, wording="Mag het?", answer="Ja.", seen=0, actor=officer, at=AT
        )


def test_an_officer_decides_about_no_dossier_of_another_call_either(own: Any, client: Client) -> None:
    """Whoever is given one speaks for the organisation everywhere."""
    rival, officer = started(), person(Role.OFFICER)
    takeover = warned(rival, claimant(rival))
    page = reverse("admin:takeovers")
    log_in(client, officer)
    assert may_decide_takeover.allows(officer, takeover)
    assert "Nina Nieuw" in page_text(client.get(page))
    joins(own, officer)
    assert not may_decide_takeover.allows(officer, takeover)
    shown = page_text(client.get(page))
    assert ("Nina Nieuw" in shown, EMPTY in shown) == (False, True)
    assert client.get(reverse("admin:takeover", args=[takeover.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        refuse_takeover(
            takeover_id=takeover.pk,
            reason="Nee.",
            answer="Nee.",
            seen=state_of(takeover),
            actor=officer,
            at=DECIDE_AT,
        )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_nobody_of_the_office_reads_or_settles_to_whom_mails_of_rivals_go(
    own: Any, client: Client, role: Role
) -> None:
    mail, user = (
        queued_mail(kind="call_question_answered", recipient="rivaal@voorbeeld.example"),
        person(role),
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=MailStatus.FAILED, claimed_at=AT, attempts=8, problem="vol"
    )
    mail.refresh_from_db()
    log_in(client, user)
    pages = [reverse("admin:mails"), reverse("admin:mails_back")]
    assert mail.recipient in page_text(client.get(pages[0]))
    joins(own, user)
    for each in pages:
        shown = page_text(client.get(each))
        assert (mail.recipient in shown, EMPTY in shown) == (False, True)
    assert client.get(reverse("admin:mail", args=[mail.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        settle_mail(mail_id=mail.pk, send_again=False, seen=state_in_short(mail), actor=user, at=AT)


def test_an_administrator_reads_no_events_and_for_whom_nobody_speaks(own: Any, client: Client) -> None:
    rival, user = started(), person(Role.ADMINISTRATOR)
    log_in(client, user)
    events, of_rival = reverse("admin:events"), reverse("admin:person", args=[rival.applicant.pk])
    assert rival.applicant.full_name in page_text(client.get(events))
    assert f"Spreekt voor: {rival.lead.name}" in page_text(client.get(of_rival))
    joins(own, user)
    shown = page_text(client.get(events))
    assert (rival.applicant.full_name in shown, EMPTY in shown) == (False, True)
    shown = page_text(client.get(of_rival))
    assert ("Spreekt voor" in shown, "Daarom geeft of ontneemt een collega rollen" in shown) == (False, True)


def test_a_kwartiermaker_gives_no_word_on_who_represents_an_organisation(own: Any, client: Client) -> None:
    """A word could hold a rival up."""
    rival = started()
    mapper = mapper_of(rival.coalition.region)
    claim = Representative.objects.get(user=pending_for(rival.lead, full_name="Nina Nieuw (fictief)"))
    page = reverse("mapping:representatives", args=[rival.coalition.region.slug])
    log_in(client, mapper)
    assert may_recommend.allows(mapper, claim)
    assert "Nina Nieuw" in page_text(client.get(page))
    joins(own, mapper)
    assert not may_recommend.allows(mapper, claim)
    assert "Nina Nieuw" not in page_text(client.get(page))


@pytest.mark.parametrize("how", ["declared", "position"])
def test_an_officer_settles_nobody_who_speaks_for_an_organisation_in_which_they_have_an_interest(
    how: str,
) -> None:
    case, officer = started(), person(Role.OFFICER)
    speaker = Representative.objects.get(user=case.applicant)
    claim = Representative.objects.get(user=pending_for(case.lead))
    if how == "declared":
        InterestDeclaration.objects.create(
            application=case,
            user=officer,
            has_interest=True,
            declared_at=AT,
            explanation="Mijn zus werkt er.",
        )
    else:
        Affiliation.objects.create(
            user=officer,
            kind=AffiliationKind.BOARD,
            organisation=case.lead,
            name=case.lead.name,
            noted_at=AT,
        )
    for may, row in ((may_end, speaker), (may_settle, speaker), (may_vouch_as_office, claim)):
        assert (may.allows(officer, row), may.allows(person(Role.OFFICER), row)) == (False, True)
