"""The bank account to which a grant is paid."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from decisions.enums import AccountState


class BankAccount(models.Model):
    """An account that was given for a grant (rekening, Awb 4:89): its number never changes, only what became of it.

    It counts once an officer, who did not give it, compared it; another number is another row.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="bank_accounts")
    # Without spaces, in capitals.
    iban = models.CharField(_("IBAN"), max_length=34)
    holder = models.CharField(_("in the name of"), max_length=150)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))
    state = models.CharField(_("state"), max_length=10, choices=AccountState, default=AccountState.WAITING)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True)
    # Why it was sent back.
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="bank_account_one_waits_per_application",
                fields=["application"],
                condition=Q(state="waiting"),
            ),
            models.UniqueConstraint(
                name="bank_account_one_counts_per_application",
                fields=["application"],
                condition=Q(state="counts"),
            ),
            models.CheckConstraint(
                name="bank_account_checked_by_somebody_else",
                condition=Q(checked_by=None) | ~Q(checked_by=F("given_by")),
            ),
            models.CheckConstraint(
                name="bank_account_state_fits_its_check",
                condition=Q(state__in=["waiting", "replaced"], checked_by=None, checked_at=None, reason="")
                | Q(
                    state__in=["counts", "replaced"],
                    checked_by__isnull=False,
                    checked_at__isnull=False,
                    reason="",
                )
                | (Q(state="sent_back", checked_by__isnull=False, checked_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="bank_account_written_as_iban",
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$") & ~Q(holder=""),
            ),
        ]

    def __str__(self) -> str:
        # Never the number: this stands in logs and lists.
        return f"bank account {self.pk}"
