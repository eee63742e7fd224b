"""Forms of who does what for a draft, and by when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.forms import LineField
from hubportal.kernel.languages import dutch
from hubportal.versions.forms import VersionedForm

_NO_DAY = _("Enter a day, for example 01-09-2024.")


class TaskForm(VersionedForm):
    """What is to be done, by whom and by which day."""

    what = LineField(label=_("What is to be done?"), max_length=200, is_printed=False)
    person = forms.ChoiceField(
        label=_("Who does it?"),
        error_messages={"invalid_choice": _("Choose somebody who takes part in this application now.")},
    )
    due_on = forms.DateField(
        label=_("By which day?"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(date(2000, 1, 1), _NO_DAY),
            MaxValueValidator(date(2099, 12, 31), _NO_DAY),
        ],
        error_messages={"invalid": _NO_DAY},
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(each.pk), dutch(each.full_name)) for each in people]  # type: ignore[attr-defined]
