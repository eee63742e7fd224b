"""A grant in part says of each budget line what is refused and why, and the lines come to the grant (rule 31)."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from decisions.domain.budget_lines import TypedLine
from decisions.domain.withdrawing import withdraw_decision
from decisions.models import Decision, DecisionDraft, GrantedLine, WithdrawnDecision
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from tests.decisions.deciding import check_of, page_of, record, write
from tests.decisions.letters import seen
from tests.decisions.test_deciding import LATER, decide, open_case
from tests.decisions.test_deciding_pages import officer_with
from tests.factories.scenarios import advised, committee, decided
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

# The budget of a scenario: 47,500 of the lead, 1,000 of the partner, less 500 of the municipality.
LEAD, PARTNER, MUNICIPALITY = 1, 2, 3


def line(position: int, accepted: str, reason: str = "Dat kan soberder.") -> TypedLine:
    return TypedLine(position, Decimal(accepted), reason)


def kept(case: Any) -> list[tuple[Any, ...]]:
    lines = GrantedLine.objects.filter(decision__application=case)
    return list(lines.values_list("position", "is_contribution", "asked", "accepted", "reason"))


def test_the_lines_of_a_grant_in_part_are_kept_whole_and_come_to_it() -> None:
    case = open_case()
    decide(case, amount=Decimal(40_000), lines=[line(LEAD, "40500"), line(PARTNER, "0", "Niet nodig.\n")])
    assert kept(case) == [
        (LEAD, False, 47_500, 40_500, "Dat kan soberder."),
        (PARTNER, False, 1_000, 0, "Niet nodig."),
        (MUNICIPALITY, True, 500, 500, ""),
    ]
    assert [str(each) for each in every_violation()] == []


def test_a_contribution_that_falls_away_with_a_cost_counts() -> None:
    case = open_case()
    decide(case, amount=Decimal(47_900), lines=[line(LEAD, "46900"), line(MUNICIPALITY, "0", "Vervalt mee.")])
    assert [each[3] for each in kept(case)] == [46_900, 1_000, 0]


def test_a_grant_of_all_that_was_asked_and_a_rejection_keep_no_lines() -> None:
    assert kept(decided()) == []


@pytest.mark.parametrize(
    ("amount", "lines", "field"),
    [
        ("40000", [], "amount"),
        ("40000", [line(LEAD, "40000")], "amount"),
        ("40000", [line(LEAD, "39500", " \u200b")], "line_1_reason"),
        ("48000", [line(LEAD, "47500.01")], "line_1_accepted"),
        ("47000", [line(LEAD, "-1")], "line_1_accepted"),
        ("48000", [line(LEAD, "47000"), line(MUNICIPALITY, "0")], "amount"),
        ("47500", [line(MUNICIPALITY, "500.01")], "line_3_accepted"),
        ("48000", [line(PARTNER, "1000", "Toch niet.")], "line_2_reason"),
        ("40500", [line(LEAD, "40000"), TypedLine(PARTNER, None, "Toch niet.")], "line_2_reason"),
    ],
)
def test_lines_that_do_not_say_what_is_refused_and_why_are_refused(
    amount: str, lines: list[TypedLine], field: str
) -> None:
    case = open_case()
    with pytest.raises(RuleViolation) as refusal:
        decide(case, amount=Decimal(amount), lines=lines)
    assert refusal.value.field == field
    assert not Decision.objects.exists()


class TestDatabase:
    """What the database refuses, whoever writes it."""

    def test_a_grant_in_part_without_its_lines(self) -> None:
        case = advised()
        with refused_by("decision_is_the_sum_of_its_lines"):
            Decision.objects.create(
                application=case,
                seal=case.seal,
                advice=case.advice,
                outcome="granted",
                amount=1,
                requested_amount=case.requested_amount,
                reasons="x",
                recorded_by=committee().officer,
                recorded_at=LATER,
            )
            connection.check_constraints()

    def test_lines_of_a_decision_that_refuses_none(self) -> None:
        case = decided()
        connection.check_constraints()
        with refused_by("granted_lines_come_to_the_decision"):
            GrantedLine.objects.create(
                decision=case.decision, position=1, is_contribution=False, asked=1, accepted=1
            )
            connection.check_constraints()

    def test_another_line(self) -> None:
        case = decided(granted=40_000)
        first = case.decision.lines.first()
        with refused_by("granted_line_never_changes"):
            GrantedLine.objects.filter(pk=first.pk).update(accepted=0)
        with refused_by("granted_line_never_removed"):
            first.delete()

    @pytest.mark.parametrize(
        ("name", "changes"),
        [
            ("granted_line_no_higher_than_asked", {"accepted": Decimal("1000.01")}),
            ("granted_line_no_higher_than_asked", {"accepted": Decimal("-0.01"), "reason": "x"}),
            ("granted_line_says_why_it_is_lower", {"accepted": Decimal(1), "reason": " "}),
            ("granted_line_once_per_position", {"position": 1}),
        ],
    )
    def test_a_line_that_cannot_be(self, name: str, changes: dict[str, Any]) -> None:
        case = decided(granted=40_000)
        with refused_by(name):
            GrantedLine.objects.create(
                **{
                    "decision": case.decision,
                    "position": 9,
                    "is_contribution": False,
                    "asked": Decimal(1_000),
                    "accepted": Decimal(1_000),
                    **changes,
                }
            )


def test_what_is_taken_back_keeps_its_lines_and_can_be_recorded_again() -> None:
    case = decided(granted=40_000)
    lowered = [{"position": LEAD, "accepted": "39500.00", "reason": "Dat kan soberder"}]
    withdraw_decision(decision_id=case.decision.pk, reason="Anders.", actor=committee().officer, at=LATER)
    assert not GrantedLine.objects.exists()
    assert WithdrawnDecision.objects.get().lines == lowered
    assert DecisionDraft.objects.get().lines == lowered
    connection.check_constraints()


def test_what_was_typed_that_a_decision_has_no_use_for_is_there_again_when_it_is_taken_back(
    client: Any,
) -> None:
    """Rule 32."""
    case = advised()
    officer_with(case, client)
    typed = {"line_1_accepted": "40.000,00", "line_1_reason": "Dat kan soberder."}
    ground = str(case.call.rejection_grounds.first().pk)
    assert (
        record(client, case, outcome="rejected", amount="40.000", ground=ground, **typed).status_code == 302
    )
    draft = DecisionDraft.objects.get()
    before = (draft.amount, draft.deviation, draft.lines)
    withdraw_decision(
        decision_id=Decision.objects.get().pk, reason="Toch niet.", actor=committee().officer, at=LATER
    )
    draft.refresh_from_db()
    assert (draft.amount, draft.deviation, draft.lines) == before


def test_the_letter_says_what_is_refused_of_each_line_and_which_budget_holds() -> None:
    """Awb 3:46, 3:47 and 4:31."""
    case = decided(granted=40_000)
    content = seen(case)
    [refused] = [each for each in content["sections"] if each["heading"] == "Wat wij afwijzen"]
    heading = case.call.headings.filter(is_contribution=False)[0].title
    assert refused["items"] == [
        f"{heading}, Coördinatie ({case.lead.name}): gevraagd €\u00a047.500,00, "
        "wij accepteren €\u00a039.500,00. Dat kan soberder."
    ]
    assert refused["paragraphs"][0].endswith("De begroting die nu geldt, vindt u in bijlage 2.")
    [annex] = content["further_annexes"]
    assert annex["title"] == "Begroting die nu geldt"
    costs, contributions, together = annex["sections"]
    assert (costs["head"], costs["numbers"]) == (
        ["Begrotingsregel", "Organisatie", "Gevraagd", "Geldt nu"],
        2,
    )
    partner = case.partners[0].organisation.name
    assert costs["rows"] == [
        [f"{heading}: Coördinatie", case.lead.name, "€\u00a047.500,00", "€\u00a039.500,00"],
        [f"{heading}: Uren", partner, "€\u00a01.000,00", "€\u00a01.000,00"],
    ]
    assert [each[2:] for each in contributions["rows"]] == [["€\u00a0500,00", "€\u00a0500,00"]]
    assert together["rows"] == [
        ["Kosten", "€\u00a048.500,00", "€\u00a040.500,00"],
        ["Bijdragen van derden", "− €\u00a0500,00", "− €\u00a0500,00"],
        ["Subsidie, ten hoogste", "€\u00a048.000,00", "€\u00a040.000,00"],
    ]
    assert "zit als bijlage 1 bij deze brief" in json.dumps(content, ensure_ascii=False)


def test_a_grant_of_all_that_was_asked_has_one_annex() -> None:
    assert "further_annexes" not in seen(decided())


class TestPages:
    """The form keeps whatever was typed, and the check shows the budget that will hold."""

    def test_lines_are_saved_as_a_draft_complete_or_not(self, client: Any) -> None:
        """Rule 32."""
        case = advised()
        officer_with(case, client)
        typed = {"line_1_accepted": "1", "line_1_reason": "", "line_2_accepted": "", "line_2_reason": "Half"}
        assert write(client, case, button="save", **typed).url == page_of(case)
        assert DecisionDraft.objects.get().lines == [
            {"position": 1, "accepted": "1.00", "reason": ""},
            {"position": 2, "accepted": None, "reason": "Half"},
        ]
        shown = client.get(page_of(case))
        form = shown.context["form"]
        assert [form[name].value() for name in ("line_1_accepted", "line_2_reason")] == ["1,00", "Half"]
        # 1 and 1,000 of costs, less 500.
        assert "De begrotingsregels komen, zoals opgeslagen, uit op een subsidie van € 501,00" in page_text(
            shown
        ).replace("\u00a0", " ")

    def test_a_refusal_stands_at_its_line_and_keeps_what_was_typed(self, client: Any) -> None:
        case = advised()
        officer_with(case, client)
        refused = write(client, case, line_1_reason="")
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["line_1_reason"])
        assert refused.context["form"]["line_1_accepted"].value() == "44.500,00"
        assert "<details" in refused.content.decode()
        unreadable = write(client, case, line_2_accepted="veel")
        assert (unreadable.status_code, list(unreadable.context["form"].errors)) == (422, ["line_2_accepted"])
        assert unreadable.context["form"]["line_2_accepted"].value() == "veel"

    def test_the_check_and_the_decision_show_the_budget_that_will_hold(self, client: Any) -> None:
        case = advised()
        officer_with(case, client)
        write(client, case)
        shown = page_text(client.get(check_of(case))).replace("\u00a0", " ")
        for words in ("Dat kan soberder", "€ 44.500,00", "komen uit op een subsidie van € 45.000,00"):
            assert words in shown, words
        record(client, case)
        assert Decision.objects.get().amount == 45_000
        assert "Dat kan soberder" in page_text(client.get(page_of(case)))
