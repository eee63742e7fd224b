"""What a letter carries, and until which day it says so (rule 20)."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from applications.enums import Status
from calls.enums import Outcome
from coalitions.models import Participation
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.dates import dutch_day
from hubportal.mail.models import OutgoingMail
from letters.domain.composing import MissingFacts, NoMandate
from letters.domain.producing import date_anew
from letters.domain.structure import plain_text
from letters.models import Letter, Recipient
from organisations.models import Organisation
from regions.models import Region
from tests.decisions.letters import PRODUCED_AT, keeping, release, seen, words
from tests.factories.calls import another_call_spec, make_call
from tests.factories.moments import moment
from tests.factories.regions import MunicipalityFactory
from tests.factories.scenarios import (
    advised,
    committee,
    decided,
    join,
    open_to,
    produced,
    released,
)

pytestmark = pytest.mark.django_db


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

    def test_until_when_one_can_apply_again_is_told_on_the_day_the_letter_is_made(self) -> None:
        """Released before the last deadline, made after it, and made before it but dated anew after it."""
        again, none = "opnieuw aanvragen", "Er komt in deze oproep geen nieuwe ronde."
        case = released(outcome=Outcome.REJECTED)
        last = case.call.rounds.order_by("deadline_at").last().deadline_at
        frozen = json.dumps(words(case), ensure_ascii=False)
        assert [each for each in (again, none) if each in frozen] == []
        made_late = json.dumps(seen(case, produced_at=last), ensure_ascii=False)
        assert (again in made_late, none in made_late) == (False, True)

    def test_a_letter_dated_anew_after_the_last_deadline_names_no_deadline_that_passed(self) -> None:
        case = released(outcome=Outcome.REJECTED)
        last = case.call.rounds.order_by("deadline_at").last().deadline_at
        made = json.dumps(seen(case, produced_at=last - timedelta(minutes=1)), ensure_ascii=False)
        assert "Uw coalitie kan vóór 24 september 2024, 14.00 uur opnieuw aanvragen." in made
        kept: list[dict[str, Any]] = []
        letter_id = Letter.objects.get().pk
        assert date_anew(letter_id=letter_id, make_pdf=keeping(kept), at=last + timedelta(days=1))
        anew = json.dumps(kept, ensure_ascii=False)
        assert ("opnieuw aanvragen" in anew, "geen nieuwe ronde" in anew) == (False, True)

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
            "lines": ["Voorbeeldstraat 1", "1234 AB Voorbeelddorp"],
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
