"""Where a request to complete an application is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompletionState(models.TextChoices):
    """What became of a request."""

    DRAFT = "draft", _("being written")
    OPEN = "open", _("waits for the applicants")
    SENT = "sent", _("completed")
    LAPSED = "lapsed", _("not completed in time")
