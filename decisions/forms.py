"""Forms of applicants about their grant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decisions.domain.bank_accounts import LONGEST_HOLDER
from decisions.domain.ibans import in_groups, normal_iban
from hubportal.forms import NameField, ShownForm
from hubportal.kernel.errors import RuleViolation


class IbanField(forms.CharField):
    """An IBAN, in groups of four or however people write it; on an error it stays as it was typed."""

    widget = forms.TextInput(
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    )

    def to_python(self, value: Any) -> str:
        """Return the number in capitals without spaces."""
        typed = super().to_python(value) or ""
        if not typed:
            return ""
        try:
            return normal_iban(typed)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def prepare_value(self, value: Any) -> Any:
        """Show a number that is right in groups of four."""
        try:
            return in_groups(normal_iban(str(value or "")))
        except RuleViolation:
            return value


class BankAccountForm(ShownForm):
    """The account to which a grant is paid, and what the page showed of earlier ones."""

    iban = IbanField(
        label=_("Account number (IBAN)"),
        help_text=_("Spaces do not matter. For example: NL91 ABNA 0417 1643 00."),
    )
    holder = NameField(
        label=_("In the name of"),
        help_text=_("As your bank writes it, for instance on a statement."),
        max_length=LONGEST_HOLDER,
        is_printed=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
