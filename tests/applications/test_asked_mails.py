"""Mails that somebody has sent to addresses of their choice are counted by what stays, and one after the other."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from applications.domain import attachments, drafting, links
from applications.domain.attachments import add_attachment
from applications.domain.consents import ask_consent
from applications.domain.drafting import save_section, start_application
from applications.domain.links import RESEND_COOL_DOWN, TooManyMails
from applications.domain.removing_partner import remove_asked_partner
from applications.models import AskedMail, OneTimeLink
from coalitions.domain import coalitions
from coalitions.domain.coalitions import add_partner, start_coalition
from coalitions.events import PARTNER_ADDED
from coalitions.models import Coalition, Participation
from hubportal.audit.queries import events_of
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.domain import claiming
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from tests.factories import scenarios
from tests.factories.drafts import write_sections
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.racing import held_open

pytestmark = pytest.mark.django_db


def begun() -> "scenarios.Case":
    """Return a draft in which there is something to agree to."""
    case = scenarios.started()
    write_sections(case)
    return case


def ask(case: "scenarios.Case", partner: Participation, *, at: datetime = AT) -> Any:
    return ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)


def again(case: "scenarios.Case", partner: Participation, *, at: datetime) -> Participation:
    """Remove a partner and add the same one, with the same contact person."""
    remove_asked_partner(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)
    return add_partner(
        coalition_id=case.coalition_id,
        facts=scenarios.facts_of(partner.organisation),
        works_in_region=True,
        contact_name=partner.contact_name,
        contact_email=partner.contact_email,
        actor=case.applicant,
        at=at,
    )


def test_asking_and_removing_over_and_over_mails_an_address_no_more_than_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "MAX_MAILS_PER_ADDRESS", 3)
    case = begun()
    [partner] = case.partners
    ask(case, partner)
    partner = again(case, partner, at=AT)
    ask(case, partner, at=AT + RESEND_COOL_DOWN)
    partner = again(case, partner, at=AT + RESEND_COOL_DOWN)
    with pytest.raises(TooManyMails, match="3 e-mails"):
        ask(case, partner, at=AT + timedelta(hours=1))
    mailed = OutgoingMail.objects.filter(recipient=partner.contact_email).order_by("pk")
    assert list(mailed.values_list("kind", flat=True)) == ["consent_request", "partner_removed"] * 2
    assert ask(case, partner, at=AT + timedelta(days=2)).email == partner.contact_email


def test_who_was_just_mailed_is_not_mailed_again_where_the_link_is_gone() -> None:
    case = begun()
    [partner] = case.partners
    ask(case, partner)
    partner = again(case, partner, at=AT)
    with pytest.raises(TooManyMails, match="Wacht een minuut"):
        ask(case, partner, at=AT + RESEND_COOL_DOWN - timedelta(seconds=1))
    assert ask(case, partner, at=AT + RESEND_COOL_DOWN).email == partner.contact_email


def test_who_may_ask_nothing_more_can_still_take_back_but_not_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "MAX_MAILS_PER_ADDRESS", 1)
    case = begun()
    [partner] = case.partners
    ask(case, partner)
    partner = again(case, partner, at=AT)
    for _each in range(2):
        links.note_asked_mail(case.applicant, partner.contact_email, at=AT)
    OneTimeLink.objects.create(
        application=case,
        purpose="consent",
        participation=partner,
        name="a",
        email=partner.contact_email,
        secret_digest="a" * 64,
        asked_by=case.applicant,
        asked_at=AT,
        expires_at=AT,
    )
    with pytest.raises(TooManyMails):
        remove_asked_partner(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    assert Participation.objects.filter(pk=partner.pk).exists()


def test_of_a_mailbox_only_the_digest_is_kept() -> None:
    case = begun()
    ask(case, case.partners[0])
    row = AskedMail.objects.values("asked_by", "mailbox_digest", "asked_at").get()
    assert (row["asked_by"], row["asked_at"]) == (case.applicant.pk, AT)
    assert "@" not in row["mailbox_digest"]
    assert len(row["mailbox_digest"]) == 64


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_questions_at_once_are_counted_one_after_the_other(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(links, "MAX_MAILS_PER_PERSON", 1)
        case = begun()
        other = self._other(case)
        second = start_application(coalition_id=other.pk, call=case.call, actor=case.applicant, at=AT)
        partner = scenarios.join(other.pk, case.coalition.region, actor=case.applicant)
        key = case.call.sections.all()[0].key
        save_section(
            reference=second.reference, key=key, text="Wij.", seen_version=0, actor=case.applicant, at=AT
        )
        with held_open(lambda: ask(case, case.partners[0])) as meanwhile:
            late = meanwhile(
                lambda: ask_consent(
                    application_id=second.pk, participation_id=partner.pk, actor=case.applicant, at=AT
                )
            )
            assert late.waits()
        with pytest.raises(TooManyMails):
            late.result()

    def test_two_coalitions_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = begun()
        monkeypatch.setattr(coalitions, "MAX_COALITIONS_A_DAY", 2)
        self._second_is_refused(lambda: self._other(case), lambda: self._other(case, "Derde"))

    def test_two_applications_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = begun()
        others = [self._other(case, name) for name in ("Tweede", "Derde")]
        monkeypatch.setattr(drafting, "MAX_APPLICATIONS_A_DAY", 2)

        def start(coalition: Coalition) -> Any:
            return start_application(coalition_id=coalition.pk, call=case.call, actor=case.applicant, at=AT)

        self._second_is_refused(lambda: start(others[0]), lambda: start(others[1]))

    def test_two_attachments_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = begun()
        other = start_application(
            coalition_id=self._other(case).pk, call=case.call, actor=case.applicant, at=AT
        )
        monkeypatch.setattr(attachments, "MAX_ATTACHMENTS_A_DAY", 1)
        monkeypatch.setattr(attachments, "check_pdf", lambda _file: None)

        def attach(application: int) -> Any:
            return add_attachment(
                application_id=application, title="a", content=b"%PDF a", actor=case.applicant, at=AT
            )

        self._second_is_refused(lambda: attach(case.pk), lambda: attach(other.pk))

    def test_two_organisations_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = begun()
        other = self._other(case)
        made = events_of(case.applicant.pk, PARTNER_ADDED).count()
        monkeypatch.setattr(coalitions, "MAX_PARTNERS_A_DAY", made + 1)

        def join(coalition: Coalition, number: str) -> Any:
            known = scenarios.facts_of(case.lead)
            return add_partner(
                coalition_id=coalition.pk,
                facts=OrganisationFacts(
                    name=f"Nieuw {number}",
                    legal_form="foundation",
                    municipality=known.municipality,
                    kvk_number=number,
                ),
                works_in_region=True,
                contact_name="Iemand",
                contact_email=f"a{number}@nieuw.example",
                actor=case.applicant,
                at=AT,
            )

        self._second_is_refused(lambda: join(case.coalition, "87654321"), lambda: join(other, "87654322"))

    def test_two_claims_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = begun()
        known = [organisation_in(case.coalition.region) for _each in range(2)]
        monkeypatch.setattr(claiming, "MAX_PENDING", 1)

        def claim(organisation: Organisation) -> Any:
            return claim_organisation(facts=scenarios.facts_of(organisation), actor=case.applicant, at=AT)

        self._second_is_refused(
            lambda: claim(known[0]), lambda: claim(known[1]), refusal=claiming.TooManyPending
        )

    def _other(self, case: "scenarios.Case", name: str = "Tweede") -> Coalition:
        return start_coalition(
            name=name,
            region=case.coalition.region,
            lead_organisation=case.lead,
            actor=case.applicant,
            at=AT,
        )

    def _second_is_refused(self, first: Any, second: Any, refusal: type[RuleViolation] = TooMuch) -> None:
        with held_open(first) as meanwhile:
            late = meanwhile(second)
            assert late.waits()
        with pytest.raises(refusal):
            late.result()
