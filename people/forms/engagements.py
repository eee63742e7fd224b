"""The form of a cell of the matrix of people."""

from typing import Any

from django import forms

from hubportal.forms import PlainTextField
from mapping.forms.engagements import InvolvementForm
from people.forms.health import NoHealthField


class PersonInvolvementForm(InvolvementForm):
    """In which forms a person takes part; of health there is nothing to tell (GDPR art. 9)."""

    def story_field(self, *, label: Any) -> PlainTextField:
        """Return the field in which is told how it went, which says where a word tells of health."""
        return NoHealthField(
            label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
        )
