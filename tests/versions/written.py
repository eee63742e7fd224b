"""The forms that people write with a version, each as somebody fills it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.models import ApplicationPeople
from decisions.models import DecisionDraft
from hubportal.accounts.models import User
from letters.models import CorrectionDraft
from reviews.models import AdviceDraft, Score
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.accounts import log_in

JSON = {"Accept": "application/json"}


# Forms whose text is a line, or one of several rows: of two versions one is chosen, not both in one text.
WITHOUT_MERGING = {"particulars", "people", "budget"}


@dataclass
class Written:
    """One form of one application, and the person who writes it."""

    name: str
    case: "scenarios.Case"
    writer: User
    address: str
    # What the person sends for a text, what is kept of it, and the version of a form that nobody saved yet.
    sends: Callable[[str], dict[str, Any]]
    kept: Callable[[], str]
    first_version: int = 1

    def client(self) -> Client:
        """Return a browser of the person."""
        return log_in(Client(), self.writer)

    def save(
        self, client: Client, text: str, *, seen: int, script: bool = False, **more: Any
    ) -> HttpResponse:
        """Send the form, as a button or a script does."""
        typed = {**self.sends(text), "seen_version": str(seen), **more}
        return client.post(self.address, typed, headers=JSON if script else {})


def _draft(
    name: str, sends: Callable[["scenarios.Case"], Callable[[str], dict[str, Any]]], kept: Any
) -> Written:
    case = scenarios.started()
    address = reverse(f"applications:{name}", args=[case.reference])
    return Written(name, case, case.applicant, address, sends(case), lambda: kept(case))


def particulars() -> Written:
    """Title and dates; the text is the title."""

    def kept(case: "scenarios.Case") -> str:
        case.refresh_from_db()
        return case.title

    dates = {"starts_on": "2024-07-01", "duration_months": "6"}
    return _draft("particulars", lambda _case: lambda text: {"title": text, **dates}, kept)


def people() -> Written:
    """The three people; the text is the name of the project leader."""

    def fields(case: "scenarios.Case") -> Callable[[str], dict[str, Any]]:
        typed = scenarios.people_typed(case)
        others = {name: value for name, value in typed.items() if not name.startswith("signatory")}
        return lambda text: {**others, "leader_name": text}

    return _draft("people", fields, lambda case: ApplicationPeople.objects.get(application=case).leader_name)


def section() -> Written:
    """The first section."""
    case = scenarios.started()
    spec = case.call.sections.all()[0]
    address = reverse("applications:section", args=[case.reference, spec.key])

    def kept() -> str:
        return "".join(case.sections.values_list("text", flat=True))

    return Written("section", case, case.applicant, address, lambda text: {"text": text}, kept, 0)


def budget() -> Written:
    """A budget of one line; the text is what it is for."""

    def sends(case: "scenarios.Case") -> Callable[[str], dict[str, Any]]:
        heading, member = case.call.headings.first(), case.coalition.participations.first()
        return lambda text: {
            "lines-TOTAL_FORMS": 1,
            "lines-INITIAL_FORMS": 0,
            "lines-0-heading": heading.pk,
            "lines-0-participation": member.pk,
            "lines-0-description": text,
            "lines-0-amount": "1.250,00",
        }

    return _draft(
        "budget", sends, lambda case: "".join(case.budget_lines.values_list("description", flat=True))
    )


def review() -> Written:
    """A review; the text is the reason on the first criterion."""
    case = scenarios.assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    first = case.call.criteria.all()[0]

    def kept() -> str:
        return "".join(Score.objects.filter(criterion=first).values_list("reason", flat=True))

    return Written(
        "review",
        case,
        reviewer,
        reverse("admin:review", args=[case.reference]),
        lambda text: {"remark": "", f"score-{first.key}": "4", f"reason-{first.key}": text},
        kept,
        0,
    )


def advice() -> Written:
    """A draft of an advice; the text is its reasons."""
    case = scenarios.reviewed()
    chair = scenarios.committee().chair
    scenarios.open_to(case, chair)

    def kept() -> str:
        return "".join(AdviceDraft.objects.values_list("text", flat=True))

    address = reverse("admin:advice", args=[case.reference])
    return Written(
        "advice", case, chair, address, lambda text: {"outcome": "rejected", "text": text}, kept, 0
    )


def decision() -> Written:
    """A draft of a decision; the text is its reasons."""
    case = scenarios.advised()
    officer = scenarios.committee().officer
    scenarios.open_to(case, officer)

    def kept() -> str:
        return "".join(DecisionDraft.objects.values_list("reasons", flat=True))

    address = reverse("admin:decision", args=[case.reference])
    return Written(
        "decision", case, officer, address, lambda text: {"outcome": "granted", "reasons": text}, kept, 0
    )


def correction() -> Written:
    """A draft of the correction of a letter; the text is its explanation."""
    case = scenarios.produced()
    send(case.decision.letter)
    address = reverse("admin:correct_letter", args=[case.reference])

    def kept() -> str:
        return "".join(CorrectionDraft.objects.values_list("explanation", flat=True))

    return Written(
        "correction",
        case,
        scenarios.committee().officer,
        address,
        lambda text: {"explanation": text, "addressee": "Stichting", "attention": "mevrouw", "reasons": "x"},
        kept,
        0,
    )


FORMS = [particulars, people, section, budget, review, advice, decision, correction]
