"""Moving the demo's clock."""

from datetime import UTC, datetime, timedelta

from demo.models import ClockOffset


def read_offset() -> timedelta:
    """Return the offset that all processes share."""
    row = ClockOffset.objects.filter(pk=1).only("offset").first()
    return row.offset if row is not None else timedelta(0)


def set_clock(moment: datetime) -> None:
    """Set the clock of every process to this moment."""
    ClockOffset.objects.update_or_create(pk=1, defaults={"offset": moment - datetime.now(UTC)})


def restore_clock() -> None:
    """Reset the clock to the present."""
    ClockOffset.objects.all().delete()
