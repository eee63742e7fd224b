"""Asking for the draft of a colleague who left: proof, the warning of all roles, and what who asks learns of it (rules 26 and 41)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from applications.domain.consents import ask_consent
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import read_file
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.periods import is_working_day
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.domain.representing import end_representation
from organisations.models import Representative
from organisations.permissions import may_vouch_as_office
from takeovers.domain.asking import MOST_A_DAY, Proof, ask_for_dossier, take_back_request
from takeovers.domain.waiting import begin_wait
from takeovers.models import Takeover, TakeoverProof
from takeovers.queries import MOST_WARNED_A_DAY, asked_by_mailbox, partners_of, takeovers_to_warn_of
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import (
    OrganisationFactory,
    RepresentativeFactory,
    office,
    pending_for,
    speaker_for,
)
from tests.factories.regions import RegionFactory
from tests.factories.taking_over import DECIDE_AT, PROOF, asked, claim_by, claimant, refused, warned
from tests.racing import race

pytestmark = pytest.mark.django_db
_A_DAY = timedelta(days=1)


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_who_asks_is_kept_with_their_proof_and_the_first_of_two_clicks_counts(case, newcomer: User) -> None:
    content = letter_pdf()
    first = asked(case, newcomer, proof=Proof(PROOF, "Brief.pdf", content))
    assert asked(case, newcomer, proof=Proof("Nog eens")) == first
    kept = TakeoverProof.objects.get()
    assert (kept.text, kept.title, read_file(kept.stored_as, kept.sha256)) == (PROOF, "Brief.pdf", content)
    assert list(AuditEvent.objects.filter(act__startswith="takeovers.").values_list("act", "actor_id")) == [
        ("takeovers.asked", newcomer.pk)
    ]


def test_everybody_with_a_role_is_warned_and_nobody_else(case, newcomer: User) -> None:
    asked_partner, silent = case.partners[0], speaker_for(case.lead, is_active=False)
    ask_consent(application_id=case.pk, participation_id=asked_partner.pk, actor=case.applicant, at=AT)
    helper, colleague = joined(case), speaker_for(case.lead)
    takeover = warned(case, newcomer)
    people = case.people
    expected = {
        *(case.applicant.email, colleague.email, helper.email, asked_partner.contact_email),
        *(people.leader_email, people.signatory_email),
    }
    assert mailed("takeover_asked") == expected
    assert silent.email not in expected
    assert (takeover.application_id, takeover.holder, takeover.warned) == (
        case.pk,
        case.applicant,
        len(expected),
    )
    assert (takeover.warned_at, takeover.decide_from_at) == (AT, DECIDE_AT)
    links = {
        each.recipient: f"/aanvragen/{case.reference}/overname/" in each.body
        for each in OutgoingMail.objects.filter(kind="takeover_asked")
    }
    assert {email for email, is_led in links.items() if is_led} == {case.applicant.email, colleague.email}
    # What the person wrote is for the office alone.
    assert all(PROOF not in each.body for each in OutgoingMail.objects.all())


def test_the_wait_is_the_call_s_own(case, newcomer: User) -> None:
    """Rule 1."""
    case.call.takeover_days = 12
    case.call.save()
    assert warned(case, newcomer).decide_from_at == AT + timedelta(days=12)


def test_who_asks_cannot_tell_whether_there_is_a_draft(case, newcomer: User) -> None:
    """Rule 26: the same rows, mails and waits, for another region, and for an organisation that leads nothing."""
    elsewhere = pending_for(OrganisationFactory.create(), full_name="Nina Nieuw (fictief)")
    third = claimant(case, full_name="Nina Nieuw (fictief)")
    found = warned(case, newcomer)
    nothing = [warned(case, elsewhere), warned(case, third, region=RegionFactory.create())]
    assert [each.application for each in nothing] == [None, None]
    assert {each.decide_from_at for each in [found, *nothing]} == {DECIDE_AT}
    told = OutgoingMail.objects.filter(recipient__in=[newcomer.email, elsewhere.email, third.email])
    assert sorted(told.values_list("kind", "about")) == [("takeover_received", "")] * 3
    assert case.reference not in "".join(told.values_list("body", flat=True))


def test_of_several_drafts_the_one_that_was_changed_last_is_meant(case, newcomer: User) -> None:
    same = {
        "call": case.call,
        "applicant": case.applicant,
        "lead": case.lead,
        "region": case.coalition.region,
    }
    later = scenarios.written(coalition_name="Coalitie twee (fictief)", at=AT + _A_DAY, **same)
    assert warned(case, newcomer, at=AT + 2 * _A_DAY).application_id == later.pk


def test_what_was_submitted_is_not_meant() -> None:
    case = scenarios.submitted()
    assert warned(case, claimant(case)).application is None


def test_only_who_says_to_belong_to_the_lead_and_is_not_proved_asks(case, newcomer: User) -> None:
    claim = claim_by(newcomer)
    for actor in (case.applicant, UserFactory.create(), speaker_for(case.partners[0].organisation)):
        with pytest.raises(NotAllowed):
            asked_with(claim.pk, case, actor)
    with pytest.raises(NotAllowed):
        asked_with(Representative.objects.get(user=case.applicant).pk, case, case.applicant)
    with pytest.raises(NotAllowed):
        take_back_request(representative_id=claim.pk, actor=case.applicant, at=AT)


def asked_with(key: int, case: Any, actor: User) -> Takeover:
    return ask_for_dossier(
        representative_id=key, region=case.coalition.region, proof=Proof(PROOF), actor=actor, at=AT
    )


@pytest.mark.parametrize(
    ("proof", "field"), [(Proof("  "), "text"), (Proof(PROOF, "x", b"geen pdf"), "file")]
)
def test_proof_is_words_and_a_sound_pdf(case, newcomer: User, proof: Proof, field: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        asked(case, newcomer, proof=proof)
    assert (refusal.value.field or "file", Takeover.objects.exists()) == (field, False)


def test_a_mailbox_asks_a_few_times_a_day_under_whichever_account(case) -> None:
    """Rule 28."""
    spellings = ["nina@vragen.example", "nina+2@vragen.example", "nina+3@vragen.example"]
    people = [pending_for(OrganisationFactory.create(), email=each) for each in spellings]
    for person in people[:MOST_A_DAY]:
        asked(case, person)
    with pytest.raises(TooMuch):
        asked(case, people[MOST_A_DAY])
    assert asked(case, people[MOST_A_DAY], at=AT + _A_DAY).asked_by == people[MOST_A_DAY]


def test_who_has_the_mailbox_now_is_not_held_to_what_its_reader_of_before_asked(case) -> None:
    """A secretary who left, and the one who came: rule 41 is there for the second."""
    former = claimant(case, email="secretariaat@samen.example")
    EmailAddress.objects.create(user=former, email="thuis@elders.example", verified=True)
    former.email = "thuis@elders.example"
    former.save()
    EmailAddress.objects.filter(user=former, email="secretariaat@samen.example").delete()
    asked(case, former)
    successor = claimant(case, email="secretariaat@samen.example")
    assert not asked_by_mailbox(successor).exists()
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=former)
    assert not partners_of(warned(case, successor)).exists()


@pytest.mark.django_db(transaction=True)
def test_nor_does_a_mailbox_that_asks_at_one_moment_under_several_accounts() -> None:
    case = scenarios.written()
    people = [
        pending_for(OrganisationFactory.create(), email=f"nina+{each}@vragen.example") for each in range(5)
    ]
    race(*[lambda who=who: asked(case, who) for who in people])
    assert Takeover.objects.count() == MOST_A_DAY


def test_who_was_told_no_does_not_ask_again_and_again(case, newcomer: User) -> None:
    """Each time everybody with a role is mailed; taken back or refused, it counts."""
    asked(case, newcomer)
    take_back_request(representative_id=claim_by(newcomer).pk, actor=newcomer, at=AT)
    refused(warned(case, newcomer, at=AT + _A_DAY), at=DECIDE_AT + _A_DAY)
    again = AT + timedelta(days=30)
    with pytest.raises(TooMuch, match="programmabureau"):
        asked(case, newcomer, at=again - timedelta(seconds=1))
    assert asked(case, newcomer, at=again).asked_at == again


def test_who_is_asked_about_is_not_flooded_by_what_comes_at_one_moment_either(case) -> None:
    for _each in range(MOST_WARNED_A_DAY + 2):
        asked(case, claimant(case))
    together = list(takeovers_to_warn_of(at=AT))
    assert [begin_wait(takeover_id=each.pk, at=AT) for each in together] == [
        *[True] * MOST_WARNED_A_DAY,
        False,
        False,
    ]


def test_who_is_asked_about_is_not_flooded(case) -> None:
    people = [claimant(case) for _each in range(MOST_WARNED_A_DAY + 1)]
    asks = [asked(case, each) for each in people]
    for takeover in asks[:-1]:
        assert begin_wait(takeover_id=takeover.pk, at=AT)
    assert list(takeovers_to_warn_of(at=AT)) == []
    assert list(takeovers_to_warn_of(at=AT + _A_DAY)) == [asks[-1]]


def test_warning_twice_changes_nothing(case, newcomer: User) -> None:
    takeover = warned(case, newcomer)
    before = OutgoingMail.objects.count()
    assert begin_wait(takeover_id=takeover.pk, at=AT + _A_DAY) is False
    assert OutgoingMail.objects.count() == before


def test_who_takes_it_back_tells_who_was_warned(case, newcomer: User) -> None:
    takeover = warned(case, newcomer)
    claim = claim_by(newcomer)
    assert take_back_request(representative_id=claim.pk, actor=newcomer, at=AT) == takeover
    assert take_back_request(representative_id=claim.pk, actor=newcomer, at=AT) is None
    takeover.refresh_from_db()
    assert (takeover.state, takeover.told_at) == ("taken_back", AT)
    assert case.applicant.email in mailed("takeover_stopped")
    # They can ask again.
    assert asked(case, newcomer, at=AT + _A_DAY) != takeover


class TestTheOfficeElsewhere:
    def test_confirms_nobody_whose_request_waits(self, case, newcomer: User) -> None:
        """Rule 41: else the wait, and the warning, could be walked around."""
        claim = claim_by(newcomer)
        assert may_vouch_as_office.allows(office(), claim)
        takeover = asked(case, newcomer)
        assert not may_vouch_as_office.allows(office(), claim)
        take_back_request(representative_id=claim.pk, actor=takeover.asked_by, at=AT)
        assert may_vouch_as_office.allows(office(), claim)

    def test_also_not_once_they_said_it_anew(self, case, newcomer: User) -> None:
        claim = claim_by(newcomer)
        asked(case, newcomer)
        end_representation(representative_id=claim.pk, reason="", actor=newcomer, at=AT)
        facts = OrganisationFacts(
            case.lead.name, case.lead.legal_form, case.lead.municipality, kvk_number=case.lead.kvk_number
        )
        again = claim_organisation(facts=facts, actor=newcomer, at=AT)
        assert again != claim
        assert not may_vouch_as_office.allows(office(), again)


def test_when_who_asked_hears_of_a_no_tells_nothing(case) -> None:
    """Rule 26: at the very end of the wait no officer decides, so that moment would tell that somebody said no."""
    moments = set()
    for _each in range(12):
        takeover = asked(case, pending_for(OrganisationFactory.create()))
        begin_wait(takeover_id=takeover.pk, at=AT)
        takeover.refresh_from_db()
        assert takeover.decide_from_at is not None
        assert takeover.tell_from_at is not None
        told_at = timezone.localtime(takeover.tell_from_at)
        # Four working days at most: Ascension Day, the day after it and a weekend are none.
        assert timedelta() < takeover.tell_from_at - takeover.decide_from_at < timedelta(days=9)
        assert (is_working_day(told_at.date()), 9 <= told_at.hour < 17) == (True, True)
        moments.add(takeover.tell_from_at)
    assert len(moments) > 1
