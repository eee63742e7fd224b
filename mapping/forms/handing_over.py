"""To whom a region is handed over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from mapping.assignment_queries import kwartiermakers_not_in
from regions.models import Region


class _NameField(forms.ModelChoiceField):
    """A colleague, by name and address."""

    def label_from_instance(self, obj: User) -> str:
        """Return name and address."""
        return f"{obj.full_name} ({obj.email})"


class HandOverForm(forms.Form):
    """Who goes on with a region."""

    user = _NameField(
        label=_("Who goes on?"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose who goes on.")},
        help_text=_(
            "Is somebody missing? Then ask the programme office to give them the role of kwartiermaker."
        ),
    )
    is_sure = forms.BooleanField(
        label=_("I no longer map this region, and no longer see its people and talks"),
        error_messages={"required": _("Tick this box to hand the region over.")},
    )

    def __init__(self, *args: Any, region: Region, **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = kwartiermakers_not_in(region)
        self.has_anybody = bool(field.queryset)
