"""One letter per decision, released by a second person, sent once, its term computed (rules 19 and 20)."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from coalitions.models import Participation
from decisions.domain.releasing import LetterChanged, produce_letter_of_decision, release_letter_of_decision
from decisions.enums import LetterOfDecision
from decisions.queries import letters_visible_to
from decisions.tasks import produce_letters_task
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant
from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_code, verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.kernel.dates import dutch_day
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.composing import MissingFacts, NoMandate
from letters.domain.printing import letter_pdf
from letters.domain.producing import fix_moment_of_sending
from letters.domain.structure import plain_text
from letters.models import Letter, Recipient
from letters.queries import letters_to_produce
from organisations.models import Organisation
from regions.models import Region
from reviews.domain.interests import declare_interest
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import another_call_spec, make_call
from tests.factories.granting import read
from tests.factories.moments import AT, moment
from tests.factories.organisations import speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.factories.scenarios import (
    advised,
    after_deadline,
    committee,
    decided,
    join,
    open_to,
    plain_pdf,
    produced,
    released,
    several_submitted,
)
from tests.racing import race

pytestmark = pytest.mark.django_db

RELEASED_AT = moment("2024-06-13T14:00")
PRODUCED_AT = moment("2024-06-26T10:00")


def release(case: Any, actor: Any) -> Letter:
    seen = read(case.decision, at=RELEASED_AT)
    return release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=actor, at=RELEASED_AT)


def words(case: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(Letter.objects.get(decision__application=case).content))
    return content


def seen(case: Any, **values: Any) -> dict[str, Any]:
    """Produce the letter and return what its PDF was made of."""
    kept: list[dict[str, Any]] = []

    def make(content: dict[str, Any], code: str, at: Any) -> bytes:
        kept.append(content)
        return plain_pdf(content, code, at)

    produced(case, make_pdf=make, **values)
    return kept[0]


class TestReleasing:
    def test_the_words_are_frozen_at_release(self) -> None:
        case = released()
        letter = case.decision.letter
        assert letter.content_sha256 == digest(bytes(letter.content))
        assert (letter.document, letter.dated_on, letter.sent_at) == (None, None, None)
        assert list(letters_to_produce(LetterOfDecision)) == [letter]
        assert Application.objects.get(pk=case.pk).status == Status.ADVISED

    def test_who_recorded_the_decision_does_not_release_it(self) -> None:
        """Rule 19, the two-person rule."""
        case = decided()
        officer = committee().officer
        RoleGrant.objects.create(user=officer, role=Role.RELEASER, granted_at=AT)
        with pytest.raises(NotAllowed):
            release(case, type(officer).objects.get(pk=officer.pk))
        assert not Letter.objects.exists()

    def test_a_second_account_of_the_same_mailbox_does_not_release_it_either(self) -> None:
        """Rules 19 and 28: one person with two accounts is not two."""
        case = decided()
        name, _at, domain = committee().officer.email.partition("@")
        second = person(Role.RELEASER, email=f"{name}+vrijgave@{domain}")
        open_to(case, second, committee().releaser)
        with pytest.raises(NotAllowed):
            release(case, second)
        assert not Letter.objects.exists()
        assert release(case, committee().releaser)

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.ADMINISTRATOR])
    def test_only_releasers_release(self, role: Role) -> None:
        case, user = decided(), person(role)
        if role != Role.ADMINISTRATOR:
            open_to(case, user)
        with pytest.raises(NotAllowed):
            release(case, user)

    def test_a_releaser_declares_first_and_with_an_interest_releases_nothing(self) -> None:
        """Rule 14."""
        case, releaser = decided(), person(Role.RELEASER)
        with pytest.raises(NotAllowed):
            release(case, releaser)
        declare_interest(application_id=case.pk, has_interest=True, explanation="Ja", actor=releaser, at=AT)
        with pytest.raises(NotAllowed):
            release(case, releaser)

    @pytest.mark.parametrize(
        "change",
        [
            lambda case: case.call.mandated.update(name="Een ander"),
            lambda case: type(case.call).objects.update(objection_address="Elders 1"),
            lambda case: case.call.criteria.filter(title="Past bij het doel").update(title="Past"),
        ],
        ids=["who signs", "where to object", "the annex"],
    )
    def test_what_is_released_is_the_letter_that_was_read(self, change: Callable[[Any], Any]) -> None:
        """Rule 30: the act compares it, under its lock."""
        case, releaser = decided(), committee().releaser
        open_to(case, releaser)
        shown = read(case.decision, at=RELEASED_AT)
        change(case)
        for seen_there in (shown, ""):
            with pytest.raises(LetterChanged):
                release_letter_of_decision(
                    decision_id=case.decision.pk, seen=seen_there, actor=releaser, at=RELEASED_AT
                )
        assert not Letter.objects.exists()
        assert release(case, releaser).released_by == releaser

    def test_releasing_is_idempotent(self) -> None:
        case = released()
        other = person(Role.RELEASER)
        open_to(case, other)
        again = release(case, other)
        assert (again, again.released_by) == (case.decision.letter, committee().releaser)

    @pytest.mark.django_db(transaction=True)
    def test_two_releasers_at_once_release_one_letter(self) -> None:
        case = decided()
        people = [committee().releaser, person(Role.RELEASER)]
        open_to(case, *people)
        first, second = race(*(lambda who=who: release(case, who) for who in people))
        assert first == second


class TestWords:
    """What a letter carries (rule 20)."""

    def test_a_grant_names_activities_amount_period_obligations_advance_and_account(self) -> None:
        case = decided(title="Samen aan zet", granted="40000.50", reasons="Wij volgen het advies.")
        content = seen(case, produced_at=PRODUCED_AT)
        text = json.dumps(content, ensure_ascii=False, default=str)
        assert content["kind"] == "decision_partly_granted"
        assert content["reference"] == case.reference
        assert content["addressee"]["name"] == case.lead.name
        assert content["addressee"]["attention"] == case.people.signatory_name
        assert content["dated_on"] == "26 juni 2024"
        assert content["sender"]["name"] == case.call.deciding_body
        signatory = case.call.mandated.get()
        assert content["closing"] == {
            "text": "Met vriendelijke groet,",
            "on_behalf_of": f"{case.call.deciding_organ},",
            "mandate": case.call.mandate,
            "name": signatory.name,
            "function": signatory.function,
        }
        assert content["mark"] == f"{case.reference}/B1"
        facts = dict(next(each["rows"] for each in content["sections"] if each["rows"]))
        assert facts["Verleend, ten hoogste"] == "€\u00a040.000,50"
        assert facts["Gevraagd"] == "€\u00a048.000,00"
        assert facts["Looptijd"] == "25 juni 2024 tot en met 24 december 2024 (6 maanden)"
        needed = (
            "“Samen aan zet”",
            f"digitale vingerafdruk {case.frozen.sha256[:8]}",
            "is verantwoordelijk voor het hele bedrag, ook voor het deel van de partners",
            "verplichtingen verbonden (artikel 4:37 en 4:38",
            "uiterlijk op 24 december 2024",
            "voorschot van 100 procent (artikel 4:95 Awb): €\u00a040.000,50",
            "rekeningnummer (IBAN)",
            "Uiterlijk op 25 maart 2025 vraagt u ons de subsidie vast te stellen (artikel 4:44 Awb)",
            "met een maximum van €\u00a040.000,50",
            "tot vijf jaar na de vaststelling",
            f"Wij nemen dit besluit op grond van {case.call.legal_basis}.",
            f"De {case.call.general_terms} horen bij dit besluit.",
            "De commissie heeft op 4 juni 2024 over uw aanvraag geadviseerd.",
            "Wij moeten uw bezwaar uiterlijk op 7 augustus 2024 hebben ontvangen.",
            f"naar {case.call.deciding_organ}, {case.call.objection_address}, of digitaal via",
            f"tegen welk besluit u bezwaar maakt: kenmerk {case.reference}/B1;",
            "voorlopige voorziening",
            "/privacy/",
        )
        assert [each for each in needed if each not in text] == []
        assert "Het deel van €\u00a07.999,50 wijzen wij af." in text
        assert not re.search(r"\b(ik|haar|mij)\b", text, re.IGNORECASE)
        assert content["subject"].endswith(": subsidie gedeeltelijk verleend")
        assert "bezwaar" in text
        assert "7 augustus 2024" in text
        assert not re.search(r"\{\w+\}", text)

    def test_a_grant_of_all_that_was_asked_refuses_nothing(self) -> None:
        content = seen(decided())
        assert (content["kind"], content["subject"].split(": ")[1]) == (
            "decision_granted",
            "subsidie verleend",
        )
        assert "wijzen wij af" not in json.dumps(content, ensure_ascii=False)

    def test_a_rejection_names_its_ground_and_grants_nothing(self) -> None:
        case = decided(outcome=Outcome.REJECTED, reasons="De begroting klopt niet.\n\nOok de aanpak is vaag.")
        content = seen(case)
        text = json.dumps(content, ensure_ascii=False, default=str)
        assert content["kind"] == "decision_rejected"
        assert "De begroting klopt niet." in text
        assert "Ook de aanpak is vaag." in text
        assert case.decision.ground.sentence in text
        assert "verlenen u subsidie" not in text
        assert "Uw coalitie kan vóór 24 september 2024, 14.00 uur opnieuw aanvragen." in text
        assert not any(each["rows"] for each in content["sections"])

    def test_after_the_last_round_a_rejection_offers_no_next_one(self) -> None:
        text = json.dumps(
            seen(decided(outcome=Outcome.REJECTED, at=moment("2024-09-20T10:00"))), ensure_ascii=False
        )
        assert "Er komt in deze oproep geen nieuwe ronde." in text
        assert "opnieuw aanvragen" not in text

    def test_the_ground_of_a_full_ceiling_names_the_ceiling(self) -> None:
        case = advised(outcome=Outcome.REJECTED)
        ground = case.call.rejection_grounds.get(key="plafond")
        text = json.dumps(seen(decided(case, outcome=Outcome.REJECTED, ground=ground)), ensure_ascii=False)
        assert "Het subsidieplafond is €\u00a01.550.000,00." in text

    @pytest.mark.parametrize(
        "mandate",
        [
            {"valid_until": date(2024, 6, 12)},
            {"valid_from": date(2024, 6, 14)},
            {"up_to": Decimal("47999.99")},
        ],
    )
    def test_nothing_is_released_outside_the_mandate(self, mandate: dict[str, Any]) -> None:
        """Awb 10:3: it holds that day, and covers the amount."""
        case = decided()
        case.call.mandated.update(**mandate)
        open_to(case, committee().releaser)
        with pytest.raises(NoMandate):
            release(case, committee().releaser)
        assert not Letter.objects.exists()

    def test_a_letter_that_names_what_the_call_does_not_say_is_not_released(self) -> None:
        case = decided()
        type(case.call).objects.update(objection_channel="")
        open_to(case, committee().releaser)
        with pytest.raises(MissingFacts, match="objection_channel"):
            release(case, committee().releaser)

    def test_the_advice_of_the_committee_is_attached_as_annex(self) -> None:
        annex = seen(decided())["annex"]
        text = json.dumps(annex, ensure_ascii=False)
        assert "De commissie adviseert subsidie te verlenen tot €\u00a048.000,00." in text
        assert "De begroting is sober." in text
        # The letter writes "Bijlage" beside it.
        assert annex["title"] == "Advies van de commissie"
        scores = annex["sections"][-1]["rows"]
        assert ["Past bij het doel", "25%", "4,00"] in scores
        assert annex["sections"][-1]["head"] == ["Criterium", "Gewicht", "Gemiddelde"]

    @pytest.mark.parametrize(
        ("produced_at", "deadline"),
        [
            ("2024-06-26T10:00", "7 augustus 2024"),
            ("2024-06-26T23:54", "7 augustus 2024"),
            ("2024-06-27T00:00", "8 augustus 2024"),
            ("2024-11-14T10:00", "30 december 2024"),
            ("2025-03-15T10:00", "28 april 2025"),
        ],
    )
    def test_it_is_dated_on_the_dutch_day_it_is_made_and_names_the_last_day_to_object(
        self, produced_at: str, deadline: str
    ) -> None:
        """Rule 34."""
        content = seen(released(), produced_at=moment(produced_at))
        text = json.dumps(content, ensure_ascii=False, default=str)
        letter = Letter.objects.get()
        day = moment(produced_at).date()
        assert (letter.dated_on, content["dated_on"]) == (day, dutch_day(day))
        assert deadline in text

    def test_braces_that_people_typed_stay_as_they_typed_them(self) -> None:
        typed = 'Uiterlijk {objection_deadline} {} {{reasons}} { {"fill": "dated_on"} \\u007b'
        case = decided(reasons=typed)
        content = seen(case)
        [reasons] = [each for each in content["sections"] if each["heading"] == "Waarom wij dit besluiten"]
        assert reasons["paragraphs"][0] == typed
        assert "7 augustus 2024" not in reasons["paragraphs"][0]

    def test_who_joined_the_coalition_after_submission_is_not_in_it(self) -> None:
        """Rules 4 and 9: the letter addresses the partners that applied and consented."""
        case = decided()
        stranger = join(case.coalition_id, case.coalition.region, actor=case.applicant)
        text = json.dumps(seen(case), ensure_ascii=False, default=str)
        assert case.partners[0].organisation.name in text
        assert stranger.organisation.name not in text
        assert not OutgoingMail.objects.filter(recipient=stranger.contact_email).exists()

    def test_nobody_changes_a_letter_by_changing_the_map(self) -> None:
        """Rule 4: what the letter says of the application is what was sealed, and so are those who get it."""
        case = decided(title="Samen aan zet")
        lead, partner = case.lead, case.partners[0].organisation
        addressee = {
            "name": lead.name,
            "attention": case.people.signatory_name,
            "lines": [lead.municipality.name],
        }
        readers = [
            (case.people.main_applicant_name, case.people.main_applicant_email),
            (case.partners[0].contact_name, case.partners[0].contact_email),
        ]
        region = case.coalition.region.name
        elsewhere = MunicipalityFactory.create(name="Elders")
        Organisation.objects.update(name="Andere naam", municipality=elsewhere)
        Region.objects.filter(pk=case.coalition.region_id).update(name="Andere regio")
        Participation.objects.update(contact_name="Een ander", contact_email="ander@elders.example")
        content = seen(case)
        text = json.dumps(content, ensure_ascii=False, default=str)
        assert content["addressee"] == addressee
        facts = dict(next(each["rows"] for each in content["sections"] if each["rows"]))
        assert [facts[each] for each in ("Project", "Penvoerder", "Partners", "Regio")] == [
            "Samen aan zet",
            lead.name,
            partner.name,
            region,
        ]
        assert [each for each in ("Ander", "Elders") if each in text] == []
        assert list(Recipient.objects.values_list("name", "email")) == readers
        assert [str(each) for each in every_violation() if each.rule in (19, 20)] == []


class TestProducing:
    def test_letter_document_mail_and_status_come_together_and_copies_once_it_was_sent(self) -> None:
        """Rules 34 and 35: each partner has its copy, of no other letter than the one that was sent."""
        case = produced()
        letter = case.decision.letter
        assert not OutgoingMail.objects.filter(kind="letter_copy").exists()
        sent_at = after_deadline(case, days=30, minutes=2)
        send_due_mails(now=lambda: sent_at)
        fix_moment_of_sending(letter_id=letter.pk, at=sent_at)
        assert case.status == Status.GRANTED
        assert letter.document.about == case.reference
        lead_mail = OutgoingMail.objects.get(kind="letter")
        letter.refresh_from_db()
        assert (lead_mail, lead_mail.recipient) == (letter.mail, case.people.main_applicant_email)
        copies = OutgoingMail.objects.filter(kind="letter_copy").values_list("recipient", flat=True)
        assert list(copies) == [case.partners[0].contact_email]
        for mail in OutgoingMail.objects.filter(kind__startswith="letter"):
            assert [each.stored_as for each in mail.attachments.all()] == [letter.document.stored_as]

    def test_producing_a_letter_is_idempotent(self) -> None:
        case = produced()
        assert not produce_letter_of_decision(
            letter_id=case.decision.letter.pk, make_pdf=plain_pdf, at=PRODUCED_AT
        )
        assert Document.objects.filter(kind="letter").count() == 1
        assert OutgoingMail.objects.filter(kind="letter").count() == 1

    def test_a_crash_halfway_leaves_nothing_and_the_next_sweep_makes_it(self, monkeypatch) -> None:
        case = released()
        with monkeypatch.context() as patch:
            patch.setattr("letters.domain.mails.queue_letter", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                produced(case)
        assert not Document.objects.filter(kind="letter").exists()
        case.refresh_from_db()
        assert produced(case).status == Status.GRANTED

    def test_a_letter_that_fails_does_not_keep_others_back(self, monkeypatch, caplog) -> None:
        first, second = several_submitted(2)
        for case in (first, second):
            case.refresh_from_db()
            released(case)

        def make(content: dict[str, Any], code: str, at: Any) -> bytes:
            if content["reference"] == first.reference:
                raise ValueError
            return plain_pdf(content, code, at)

        monkeypatch.setattr("decisions.tasks.letter_pdf", make)
        produce_letters_task()
        statuses = dict(Application.objects.values_list("reference", "status"))
        assert statuses == {first.reference: Status.ADVISED, second.reference: Status.GRANTED}
        assert "failed, attempt 1" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_make_one_letter(self) -> None:
        case = released()
        letter_id = case.decision.letter.pk
        outcomes = race(
            *(
                lambda: produce_letter_of_decision(letter_id=letter_id, make_pdf=plain_pdf, at=PRODUCED_AT)
                for _each in range(3)
            )
        )
        assert sorted(outcomes) == [False, False, True]
        assert OutgoingMail.objects.filter(kind="letter").count() == 1

    def test_the_real_letter_is_signed_and_verified_by_code_and_by_file(self) -> None:
        case = produced(make_pdf=letter_pdf)
        document = case.decision.letter.document
        pdf = read_document(document)
        assert verify_code(document.verification_code).outcome == VerificationResult.GENUINE
        assert verify_file(pdf).outcome == VerificationResult.GENUINE
        assert verify_file(pdf[:-7] + b"%%EOF\n ").outcome == VerificationResult.ALTERED


class TestSeeing:
    def test_lead_partners_and_who_handles_it_open_the_letter(self) -> None:
        """Rule 22."""
        case = produced()
        letter = case.decision.letter
        partner = speaker_for(case.partners[0].organisation)
        for user in (case.applicant, partner, committee().officer, committee().releaser):
            assert list(letters_visible_to(user)) == [letter]
        for user in (
            UserFactory.create(),
            person(Role.OFFICER),
            person(Role.KWARTIERMAKER),
            person(Role.ADMINISTRATOR),
        ):
            assert not letters_visible_to(user).exists()

    def test_nobody_opens_what_is_not_made(self) -> None:
        case = released()
        assert not letters_visible_to(case.applicant).exists()


def test_another_call_runs_to_letters_without_code() -> None:
    """Rule 1: EUR 120,000, 12 months, three partners, two rounds, other criteria, sections and letters."""
    call = make_call(spec=another_call_spec())
    at = moment("2025-02-10T10:00")
    first = produced(call=call, at=at, amount="119999.99")
    assert first.reference == "DBH25-0001"
    assert (first.duration_months, first.coalition.participations.count()) == (12, 3)
    assert first.assignments.count() == 3
    assert first.decision.letter.document is not None
    text = json.dumps(words(first), ensure_ascii=False)
    assert f"{first.lead.name} krijgt €\u00a0119.999,99" in text
    assert '["Nut", "60%", ' in text
    assert "schaal van 1 tot 4" in text
    assert Participation.objects.filter(coalition=first.coalition, is_lead=False).count() == 2
    assert Recipient.objects.filter(part="copy", letter__about=first.reference).count() == 2
    second = produced(
        call=call,
        at=moment("2025-04-15T10:00"),
        outcome=Outcome.REJECTED,
        ground=call.rejection_grounds.get(key="plafond"),
    )
    assert (second.review_round.number, second.status) == (2, Status.REJECTED)
    assert f"{second.lead.name} krijgt geen €\u00a048.000,00" in json.dumps(words(second), ensure_ascii=False)


@pytest.mark.parametrize(
    "reasons", ["Zie punt {1} van het advies.", "{} en {reference}", "- een\n- twee {dated_on}", "a\x0bb"]
)
def test_reasons_with_braces_stand_in_the_letter_as_typed(reasons: str) -> None:
    """Rule 20."""
    case = produced(released(reasons=reasons))
    assert reasons in plain_text(words(case))
    assert [str(each) for each in every_violation() if each.rule == 20] == []
