"""The acts on background work that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

RETRIED = Act("sweeps.retried", _("stuck work tried again"), (Fact("sweep", _("job")),))
