"""Forms of assessors."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from calls.enums import Outcome
from calls.models import Call, Criterion
from hubportal.accounts.models import User
from hubportal.forms import KvkField, MoneyField, NameField, PlainTextField, ShownForm, with_value
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.text import is_filled
from hubportal.versions.forms import VersionedForm
from reviews.domain.advice_drafts import AdviceAsTyped
from reviews.domain.reviewing import Incomplete, Judgement
from reviews.enums import AffiliationKind
from reviews.models import Assignment, Review


class DeclarationForm(forms.Form):
    """A declaration of interest."""

    sometimes_required: ClassVar = {"explanation"}

    has_interest = forms.TypedChoiceField(
        label=_("Do you have a personal interest in this application?"),
        choices=[("no", _("No, not as far as I know")), ("yes", _("Yes, or it could look like one"))],
        coerce=lambda typed: typed == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    explanation = PlainTextField(
        label=_("What is your interest?"),
        help_text=_("Only if you answered yes. Explain briefly who you are connected to and how."),
        max_length=1000,
        required=False,
    )


class MeasureForm(ShownForm):
    """A measure that allows somebody to take part in spite of an interest, and the ties that were shown."""

    measure = PlainTextField(
        label=_("Measure"),
        help_text=_(
            "Explain why this person can take part, and under which conditions. This opens the application."
        ),
        max_length=1000,
    )


class PutAsideForm(ShownForm):
    """Why an interest needs nothing, and the ties that were shown."""

    reason = PlainTextField(
        label=_("Why nothing is needed"),
        help_text=_("For example: two others review this application already."),
        max_length=1000,
    )


class EndAssignmentForm(forms.Form):
    """The assignment that ends, and why."""

    def __init__(self, assignments: QuerySet[Assignment], data: Any = None) -> None:
        super().__init__(data, prefix="end")
        choices = assignments.filter(ended_at=None, completed_at=None)
        self.fields["assignment"] = _AssignmentField(choices, label=_("Whose assignment ends?"))
        self.fields["explanation"] = PlainTextField(
            label=_("Why"), help_text=_("The reviewer does not see this."), max_length=1000
        )


class GiveAssignmentForm(forms.Form):
    """The reviewer who is assigned by hand, and why."""

    def __init__(self, reviewers: QuerySet[User], data: Any = None) -> None:
        super().__init__(data, prefix="give")
        self.fields["reviewer"] = forms.ModelChoiceField(
            reviewers,
            label=_("Who will review it?"),
            help_text=_("You can only choose people who have no interest in it and do not review it yet."),
        )
        self.fields["explanation"] = PlainTextField(
            label=_("Why"), help_text=_("The reviewer does not see this."), max_length=1000
        )


class _AssignmentField(forms.ModelChoiceField):
    """An assignment by the name of its reviewer."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.reviewer)


class CriterionRow(NamedTuple):
    """A criterion with its two fields."""

    criterion: Criterion
    score: forms.BoundField
    reason: forms.BoundField


class ReviewForm(VersionedForm):
    """A score and a reason on each criterion of a call, and a general remark."""

    remark = PlainTextField(label=_("General remark"), max_length=4000, required=False)

    def __init__(
        self, call: Call, criteria: Sequence[Criterion], *, review: Review | None, **values: Any
    ) -> None:
        super().__init__(initial=_initial(review), **values)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"score-{criterion.key}"] = _score_field(call, criterion)
            self.fields[f"reason-{criterion.key}"] = PlainTextField(
                label=filled_in(_("Reason: %(criterion)s"), criterion=dutch(criterion.title)),
                max_length=3000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def rows(self) -> Iterator[CriterionRow]:
        """Yield each criterion with its fields."""
        for each in self.criteria:
            yield CriterionRow(each, self[f"score-{each.key}"], self[f"reason-{each.key}"])

    def judgements(self) -> dict[Criterion, Judgement]:
        """Return what was typed."""
        typed = self.cleaned_data
        return {
            each: Judgement(typed[f"score-{each.key}"], typed[f"reason-{each.key}"]) for each in self.criteria
        }

    def kept(self, review: Review) -> dict[str, Any]:
        """Return the saved review in the shape of the form."""
        scores = {each.criterion_id: Judgement(each.value, each.reason) for each in review.scores.all()}
        found: dict[str, Any] = {}
        for each in self.criteria:
            score = scores.get(each.pk, Judgement(None, ""))
            found |= {f"score-{each.key}": score.value, f"reason-{each.key}": score.reason}
        return {**found, "remark": review.remark}

    def add_missing(self, refusal: Incomplete) -> None:
        """Show at each field what is missing for a complete review (rule 16)."""
        typed = self.judgements()
        for each in refusal.criteria:
            if typed[each].value is None:
                self.add_error(f"score-{each.key}", _("Choose a score."))
            if not is_filled(typed[each].reason):
                self.add_error(f"reason-{each.key}", _("Write down why."))


def _score_field(call: Call, criterion: Criterion) -> forms.TypedChoiceField:
    sentences = {each.score: each.sentence for each in criterion.steps.all()}
    return forms.TypedChoiceField(
        label=filled_in(
            _("%(criterion)s (weight %(weight)d%%)"),
            criterion=dutch(criterion.title),
            weight=criterion.weight,
        ),
        # Help of a field may hold markup; a question never does.
        help_text=dutch(criterion.question),
        choices=[
            (score, _step(score, sentences.get(score, "")))
            for score in range(call.lowest_score, call.highest_score + 1)
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


def _step(score: int, sentence: str) -> str:
    return format_html("{}: {}", score, dutch(sentence)) if sentence else str(score)


def _initial(review: Review | None) -> dict[str, Any]:
    if review is None:
        return {"seen_version": 0}
    found: dict[str, Any] = {"seen_version": review.version, "remark": review.remark}
    for each in review.scores.all():
        found[f"score-{each.criterion.key}"] = each.value
        found[f"reason-{each.criterion.key}"] = each.reason
    return found


class ReasonForm(forms.Form):
    """Why something is taken or sent back, and what was seen of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = PlainTextField(
        label=_("Reason"),
        help_text=_(
            "It is kept, with what you take back as it is now. Colleagues who may see this can read it."
        ),
        max_length=2000,
    )

    def show_seen(self, seen: int) -> None:
        """Mark this as seen for the next attempt; keep what was typed."""
        self.data = with_value(self.data, "seen", str(seen))


class AnswerForm(ShownForm):
    """The answer to a reviewer who asks to take a review back."""

    is_allowed = forms.TypedChoiceField(
        label=_("Can this reviewer change the review?"),
        choices=[
            ("yes", _("Yes: the review is taken back, and does not count until it is in again")),
            ("no", _("No: the review stays as it is")),
        ],
        coerce=lambda typed: typed == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    answer = PlainTextField(
        label=_("Why"), help_text=_("The reviewer reads this. It is kept beside the review."), max_length=2000
    )


class AdviceForm(VersionedForm):
    """The advice of the committee, complete or not."""

    sometimes_required: ClassVar = {"outcome", "amount", "text"}

    outcome = forms.ChoiceField(
        label=_("Advice"),
        choices=[
            (Outcome.GRANTED, _("Grant the application")),
            (Outcome.REJECTED, _("Reject the application")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    amount = MoneyField(
        label=_("Advised amount"), help_text=_("Only for an advice to grant."), required=False
    )
    text = PlainTextField(
        is_printed=True,
        label=_("Reasons of the committee"),
        help_text=_("The applicant reads this text: it is sent with the letter, in Dutch."),
        max_length=6000,
        required=False,
    )
    rank = forms.IntegerField(
        label=_("Position in the ranking"),
        min_value=1,
        max_value=9999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def as_typed(self) -> AdviceAsTyped:
        """Return what was typed."""
        return AdviceAsTyped(**self.typed)


class PositionForm(forms.Form):
    """An employer or a board seat."""

    kvk_number = KvkField(required=False)
    name = NameField(
        label=_("Name of the organisation"),
        help_text=_("As in the trade register. Also if the portal does not know this organisation yet."),
        max_length=150,
    )
    country = NameField(
        label=_("Country"),
        help_text=_("Only for an organisation abroad that has no KvK number."),
        max_length=80,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=AffiliationKind, widget=forms.RadioSelect)
