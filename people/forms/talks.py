"""The form of a talk."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.versions.forms import VersionedForm
from mapping.forms.fields import DayField
from people.domain.talks import TalkFacts
from people.forms.health import NoHealthField
from people.models import PersonTalk


class TalkForm(VersionedForm):
    """What was said in a talk, and when to come back to it."""

    held_on = DayField(label=_("Day of the talk"))
    text = NoHealthField(
        label=_("What was said?"),
        max_length=3000,
        help_text=_(
            "This person can read it. Write nothing about health: no illness, disability, diagnosis or treatment, of this"
            " person or of others."
        ),
    )
    follow_up_on = DayField(label=_("Come back to it on"), required=False)

    def __init__(self, *args: Any, is_new: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        # What is new has no version yet.
        self.fields["seen_version"].required = not is_new

    def facts(self) -> TalkFacts:
        """Return what was typed for the domain."""
        return TalkFacts(**self.typed)


def content_of(talk: PersonTalk) -> dict[str, Any]:
    """Return what is kept of a talk, as the form reads it."""
    return {name: getattr(talk, name) for name in TalkForm.names()}
