"""The demo app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock


class DemoConfig(AppConfig):
    """The demo."""

    name = "demo"
    verbose_name = _("demo")

    def ready(self) -> None:
        """Apply the shared clock offset to this process."""
        from demo.domain.clock import read_offset  # models load after the app

        clock.move_with(read_offset)
