"""Consent is bound to what was read: to the text with its attachments, and to the own share of the budget (rule 9)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from applications.domain.attachments import add_attachment, remove_attachment
from applications.domain.budget import PlannedLine, save_budget
from applications.domain.consents import (
    ContentChanged,
)
from applications.domain.content import reading_digest
from applications.domain.drafting import save_section
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from coalitions.domain.coalitions import change_contact
from tests.applications.consenting import HOUR, answer, ask, states
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.scenarios import (
    budget_lines,
    consented,
    join,
    ready,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return written(partners=2)


class TestBoundToContent:
    """Consent is bound to the text and to the own share of the budget (rule 9)."""

    @pytest.fixture
    def agreed(self):
        return ready(partners=2)

    def test_both_count_while_nothing_changes(self, agreed) -> None:
        assert states(agreed) == [(True, False), (True, False)]

    def test_a_changed_text_makes_every_consent_stale(self, agreed) -> None:
        spec = agreed.call.sections.last()
        save_section(
            reference=agreed.reference,
            key=spec.key,
            text="Anders",
            seen_version=1,
            actor=agreed.applicant,
            at=AT,
        )
        assert states(agreed) == [(False, True), (False, True)]

    def test_a_changed_share_makes_only_that_consent_stale(self, agreed) -> None:
        lines = budget_lines(agreed, 48_000)
        own = next(each for each in lines if each.participation == agreed.partners[0])
        lines[lines.index(own)] = PlannedLine(own.heading, own.participation, own.description, own.amount + 1)
        save_budget(
            application_id=agreed.pk,
            lines=lines,
            seen_version=agreed.budget_version,
            actor=agreed.applicant,
            at=AT,
        )
        assert states(agreed) == [(False, True), (True, False)]

    def test_other_hours_for_the_same_amount_make_the_consent_of_that_partner_stale_alone(
        self, agreed
    ) -> None:
        """Ten hours at a hundred euros are not a hundred hours at ten."""
        lines = budget_lines(agreed, 48_000)
        own = next(each for each in lines if each.participation == agreed.partners[0])
        lines[lines.index(own)] = replace(own, hours=Decimal(100), rate=own.amount / 100)
        save_budget(
            application_id=agreed.pk,
            lines=lines,
            seen_version=agreed.budget_version,
            actor=agreed.applicant,
            at=AT,
        )
        assert states(agreed) == [(False, True), (True, False)]

    def test_a_budget_saved_unchanged_makes_no_consent_stale(self, agreed) -> None:
        save_budget(
            application_id=agreed.pk,
            lines=budget_lines(agreed, 48_000),
            seen_version=agreed.budget_version,
            actor=agreed.applicant,
            at=AT,
        )
        assert states(agreed) == [(True, False), (True, False)]

    def test_a_changed_attachment_makes_every_consent_stale_until_it_is_as_it_was(self, agreed) -> None:
        kept = add_attachment(
            application_id=agreed.pk, title="Plan", content=letter_pdf(), actor=agreed.applicant, at=AT
        )
        assert states(agreed) == [(False, True), (False, True)]
        remove_attachment(application_id=agreed.pk, attachment_id=kept.pk, actor=agreed.applicant, at=AT)
        assert states(agreed) == [(True, False), (True, False)]

    def test_another_partner_makes_every_consent_stale(self, agreed) -> None:
        join(agreed.coalition_id, agreed.coalition.region, actor=agreed.applicant)
        assert states(agreed) == [(False, True), (False, True), (False, False)]

    @pytest.mark.parametrize("is_same", [True, False])
    def test_another_contact_person_asks_that_partner_again_and_another_name_nobody(
        self, agreed, is_same
    ) -> None:
        partner = agreed.partners[0]
        change_contact(
            participation_id=partner.pk,
            contact_name="Nieuw",
            contact_email=partner.contact_email if is_same else "nieuw@elders.example",
            actor=agreed.applicant,
            at=AT,
        )
        assert states(agreed) == [(is_same, not is_same), (True, False)]

    def test_text_put_back_as_it_was_counts_again(self, agreed) -> None:
        spec = agreed.call.sections.last()
        before = agreed.sections.get(spec=spec).text
        for version, text in ((1, "Anders"), (2, before)):
            save_section(
                reference=agreed.reference,
                key=spec.key,
                text=text,
                seen_version=version,
                actor=agreed.applicant,
                at=AT,
            )
        assert states(agreed) == [(True, False), (True, False)]

    def test_asking_again_gives_a_consent_that_counts(self, agreed) -> None:
        spec = agreed.call.sections.last()
        save_section(
            reference=agreed.reference,
            key=spec.key,
            text="Anders",
            seen_version=1,
            actor=agreed.applicant,
            at=AT,
        )
        consented(agreed, agreed.partners[0], at=AT + HOUR)
        assert states(agreed) == [(True, False), (False, True)]

    def test_what_changed_behind_the_readers_back_must_be_read_again(self, case) -> None:
        link = ask(case)
        seen = reading_digest(snapshot_of(case))
        spec = case.call.sections.first()
        save_section(
            reference=case.reference, key=spec.key, text="Anders", seen_version=1, actor=case.applicant, at=AT
        )
        with pytest.raises(ContentChanged):
            answer(case, link, seen_digest=seen)
        link.refresh_from_db()
        assert link.used_at is None

    def test_yes_after_no_counts_and_no_after_yes_too(self, agreed) -> None:
        partner = agreed.partners[0]
        answer(agreed, ask(agreed), answer=ConsentAnswer.DECLINED, reason="Toch niet", at=AT + HOUR)
        assert states(agreed)[0] == (False, False)
        answer(agreed, ask(agreed, partner), at=AT + 2 * HOUR)
        assert states(agreed)[0] == (True, False)
