"""What the office asks to complete, and what the applicants answer (rules 12, 24, 33 and 42)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.attaching import check_size
from completions.domain.answering import LONGEST_ANSWER
from completions.domain.asking import LONGEST_EXPLANATION, LONGEST_QUESTION, MOST_POINTS, RequestAsTyped
from completions.models import CompletionRequest
from hubportal.documents.domain.uploads import upload_limit
from hubportal.forms import PlainTextField
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from hubportal.versions.forms import VersionedForm
from mapping.forms.fields import DayField


class RequestForm(VersionedForm):
    """What is asked: an explanation, a last day, and points; a draft may lack any of them."""

    explanation = PlainTextField(
        label=_("Explanation"),
        help_text=_("Why you ask, in plain Dutch. The applicants read it above the points."),
        max_length=LONGEST_EXPLANATION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    last_day = DayField(label=_("Last day to complete it"), required=False)

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_POINTS + 1):
            self.fields[f"about_{number}"] = forms.ChoiceField(
                label=_("Point %(number)d is about") % {"number": number},
                choices=list(parts.items()),
                required=False,
                error_messages={"invalid_choice": _("Choose a part of this application.")},
            )
            self.fields[f"question_{number}"] = PlainTextField(
                label=_("Point %(number)d: what is missing?") % {"number": number},
                max_length=LONGEST_QUESTION,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def as_typed(self) -> RequestAsTyped:
        """Return what was typed in the shape that is saved: points that ask something, in their order."""
        typed = self.typed
        rows = (
            (typed[f"about_{number}"], typed[f"question_{number}"]) for number in range(1, MOST_POINTS + 1)
        )
        points = tuple((about, question) for about, question in rows if question)
        return RequestAsTyped(typed["explanation"], typed["last_day"], points)


def fields_of(request: CompletionRequest) -> dict[str, Any]:
    """Return what is kept of a request, as the form of the office shows it."""
    shown: dict[str, Any] = {"explanation": request.explanation, "last_day": request.last_day}
    points = {each.number: each for each in request.points.all()}
    for number in range(1, MOST_POINTS + 1):
        point = points.get(number)
        shown[f"about_{number}"] = point.about if point else ""
        shown[f"question_{number}"] = point.question if point else ""
    return shown


class AnswersForm(VersionedForm):
    """The answers to the points of a request, complete or not."""

    def __init__(self, *args: Any, asked: CompletionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [each.number for each in asked.points.all()]
        for number in self.numbers:
            self.fields[f"answer_{number}"] = PlainTextField(
                label=_("Your answer to point %(number)d") % {"number": number},
                max_length=LONGEST_ANSWER,
                required=False,
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def answers(self) -> dict[int, str]:
        """Return what was typed, by number of the point."""
        return {number: self.typed[f"answer_{number}"] for number in self.numbers}


def answers_shown(request: CompletionRequest) -> dict[str, str]:
    """Return what is kept of the answers, as the form of the applicants shows it."""
    return {f"answer_{each.number}": each.answer for each in request.points.all()}


class SeenForm(forms.Form):
    """Being sure of what was shown: its digest or version; what is none is as if nothing was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)


class FileForm(forms.Form):
    """A PDF to go with an answer."""

    file = forms.FileField(
        label=_("PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("Choose a PDF file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Only PDF, at most %(limit)s for one file.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> Any:
        """Refuse a file that is too large before any of it is read."""
        file = self.cleaned_data["file"]
        try:
            check_size(file)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file

    @property
    def title(self) -> str:
        """Return the name of the file."""
        return visible(self.cleaned_data["file"].name or "")
