"""Forms of comments on a draft."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from applications.domain.comments import mark_of
from hubportal.forms import PlainTextField
from hubportal.kernel.languages import dutch
from hubportal.versions.forms import VersionedForm

_MOST_CHARACTERS = 2000
# Of a passage, where one chooses among them.
_SHOWN_CHARACTERS = 70


def _text(label: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=_MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4}))


class CommentForm(forms.Form):
    """A comment on a passage of a part of a draft, or on the whole part."""

    passage = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        error_messages={
            "invalid_choice": _(
                "This paragraph changed after you opened the page. Choose again what your comment is about."
            )
        },
    )
    text = _text(_("Your comment"))

    def __init__(self, *args: Any, passages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(mark_of(each), dutch(Truncator(each).chars(_SHOWN_CHARACTERS))) for each in passages]
        self.fields["passage"].choices = [("", _("All of this part")), *shown]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer to a comment."""

    text = _text(_("Your answer"))


class ChangeCommentForm(VersionedForm):
    """What somebody wrote, to change it."""

    text = _text(_("Your comment"))
