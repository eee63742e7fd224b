"""What somebody asks about a call, and what the office answers (rule 40)."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from call_questions.domain.asking import LONGEST_ANSWER, LONGEST_QUESTION
from calls.models import Call
from hubportal.forms import PlainTextField, with_value


class SeenVersionField(forms.IntegerField):
    """The version that a page showed; what is no version is as if nothing was seen."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, **values)

    def clean(self, value: Any) -> int:
        """Return the version, zero for what was never saved."""
        typed = str(value or "")
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else 0


class QuestionForm(forms.Form):
    """A question about a call."""

    text = PlainTextField(
        label=_("What do you want to know?"),
        max_length=LONGEST_QUESTION,
        help_text=_(
            "One question at a time. Leave out names: the answer, and the question in our words, become public."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(forms.Form):
    """A question as everybody will read it, with its answer; a draft may lack either."""

    wording = PlainTextField(
        label=_("The question, as everybody will read it"),
        max_length=LONGEST_QUESTION,
        required=False,
        help_text=_("Without names, and without what makes a coalition or a person recognisable."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answer = PlainTextField(
        label=_("The answer"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    seen_version = SeenVersionField()

    def show_seen(self, version: int) -> None:
        """Mark what stands there now as seen for the next attempt; keep what was typed."""
        self.data = with_value(self.data, "seen_version", str(version))


class NewAnswerForm(AnswerForm):
    """The same for what nobody asked in the portal, with the call that it is about."""

    field_order = ("call", "wording", "answer")

    call = forms.ModelChoiceField(Call.objects.none(), label=_("Call"), empty_label=None)

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]


class SureForm(forms.Form):
    """The version that a page of one button shows."""

    seen_version = SeenVersionField()


class TakeBackForm(SureForm):
    """Why an answer is taken back."""

    reason = PlainTextField(
        label=_("Why? Everybody reads this in place of the answer."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
