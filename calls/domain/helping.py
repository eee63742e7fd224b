"""Help at the questions of a call: which words to explain, and what its texts may hold."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calls.domain.conditions import NAMES, SENTENCES, names_in
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.names import refuse_link
from hubportal.kernel.text import visible


class Explained(Protocol):
    """A word, and how texts have it too."""

    @property
    def word(self) -> str:
        """Return the word."""

    @property
    def forms(self) -> list[str]:
        """Return how texts have it too."""


Word = TypeVar("Word", bound=Explained)


def words_in(texts: Iterable[str], words: Iterable[Word]) -> list[Word]:
    """Return the words that stand in one of the texts, in their own order; an abbreviation only in capitals."""
    text = "\n".join(texts)
    return [each for each in words if any(_stands_in(text, form) for form in (each.word, *each.forms))]


def _stands_in(text: str, form: str) -> bool:
    flags = re.NOFLAG if form.isupper() else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, flags) is not None


def check_help(spec: Mapping[str, Any]) -> None:
    """Refuse help that is no plain text, or that names what the call does not have.

    Raises ``RuleViolation`` for an invisible sign or an address in it (rule 33), for a section whose criterion is not there,
    and for a condition that names another value than ``NAMES``.
    """
    criteria = {each["key"] for each in spec["criteria"]}
    if any(set(each.get("criteria", [])) - criteria for each in spec["sections"]):
        raise RuleViolation(_("A section names a criterion that the call does not have."), field="sections")
    for text in _texts(spec):
        _check_plain(text)
    for sentence in _sentences(spec.get("conditions", [])):
        _check_plain(sentence)
        if not _names_known(sentence):
            raise RuleViolation(
                _("A condition names a value that the call does not have."), field="conditions"
            )


def _texts(spec: Mapping[str, Any]) -> Iterator[str]:
    for section in spec["sections"]:
        yield from section.get("examples", [])
    for word in spec.get("words", []):
        yield from (word["word"], word["meaning"], *word.get("forms", []))
    for kind in spec["call"].get("attachment_kinds", []):
        yield from (kind["label"], kind.get("explanation", ""))


def _sentences(conditions: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for each in conditions:
        yield from (each[name] for name in SENTENCES)
        yield from (each.get(f"{name}_en", "") for name in SENTENCES)


def _check_plain(text: str) -> None:
    try:
        refuse_link(text)
    except ValidationError as link:
        raise RuleViolation(_("Help at a question is plain text, without addresses."), field="help") from link
    if visible(text) != text:
        raise RuleViolation(_("Help at a question holds signs that nobody sees."), field="help")


def _names_known(sentence: str) -> bool:
    try:
        return names_in(sentence) <= NAMES
    except ValueError:
        return False
