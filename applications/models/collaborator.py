"""Who else writes or reads a draft by invitation."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import CollaborationState, CollaboratorRight
from applications.models.application import Application
from coalitions.models import Participation

_JOINED = Q(user__isnull=False, answered_at__isnull=False)


class Collaborator(models.Model):
    """Somebody who was invited to write or read a draft with the lead organisation (meeschrijver, rule 37).

    They never submit, ask, consent or sign by it; everybody who writes the draft sees who they are. It opens a draft alone:
    once it is submitted, nothing.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="collaborators")
    # By which addresses of pages name it.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    # The member of the coalition to which they belong; empty for a helper of the lead without an organisation in it.
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, null=True, related_name="collaborators"
    )
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    mailbox = models.EmailField(max_length=254)
    right = models.CharField(max_length=5, choices=CollaboratorRight)
    state = models.CharField(max_length=8, choices=CollaborationState, default=CollaborationState.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    # When somebody with an account of that mailbox first read it, since it was last sent.
    opened_at = models.DateTimeField(null=True, editable=False)
    # The account that accepted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="collaborations"
    )
    answered_at = models.DateTimeField(null=True)
    # For who speaks for the lead alone.
    declined_because = models.TextField(blank=True, db_default="")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("person who writes along")
        verbose_name_plural = _("people who write along")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="collaborator_once_per_mailbox",
                fields=["application", "mailbox"],
                condition=Q(state__in=["invited", "joined"]),
            ),
            models.CheckConstraint(
                name="collaborator_of_a_known_right", condition=Q(right__in=["read", "write"])
            ),
            models.CheckConstraint(
                name="collaborator_state_as_answered",
                condition=Q(state="invited", user=None, answered_at=None, ended_at=None)
                | (Q(state="joined", ended_at=None) & _JOINED)
                | Q(state="declined", user=None, answered_at__isnull=False, ended_at=None)
                | Q(state="ended", ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="collaborator_reason_of_who_declined",
                condition=Q(declined_because="") | Q(state="declined"),
            ),
            models.CheckConstraint(
                name="collaborator_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.key} {self.state}"

    @property
    def has_left(self) -> bool:
        """Tell whether they ended it themselves."""
        return self.ended_by_id is not None and self.ended_by_id == self.user_id
