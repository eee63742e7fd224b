"""Who does the background work while a call is played."""

import time
from collections.abc import Callable
from datetime import datetime

from applications.models import Receipt
from applications.tasks import produce_receipts_task, seal_due_rounds_task
from calls.models import Call
from calls.queries import due_for_sealing
from decisions.post_queries import letters_to_make
from decisions.queries import rounds_to_settle
from decisions.tasks import produce_letters_task, settle_rounds_task
from demo.domain.clock import read_offset, set_clock
from hubportal.audit.models import AuditEvent
from hubportal.audit.tasks import link_events_task
from hubportal.kernel import clock
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.mail.tasks import send_due_task
from letters.queries import letters_just_sent, letters_to_print, runs_to_bundle
from letters.tasks import (
    bundle_post_task,
    date_anew_task,
    fix_moments_of_sending_task,
    print_letters_task,
)
from reviews.queries import rounds_to_assign
from reviews.tasks import assign_reviewers_task
from website.tasks import keep_coverage_task


class JobsStuckError(Exception):
    """The worker did not finish the due jobs; the message says which are left."""


class WorkerJobs:
    """The real broker, beat and worker, waited for."""

    def __init__(self, *, patience_seconds: float = 120.0) -> None:
        self.patience_seconds = patience_seconds

    def move_clock(self, moment: datetime) -> None:
        """Move the clock that every process shares."""
        set_clock(moment)

    def finish(self, call: Call) -> None:
        """Wait until no job is due any more. Raises ``JobsStuckError``."""
        until = time.monotonic() + self.patience_seconds
        while left := what_is_left(at=clock.now()):
            if time.monotonic() > until:
                raise JobsStuckError(f"after {self.patience_seconds:.0f} s there is still: {', '.join(left)}")
            # Each look asks the database nine things, of which the worker has the other half of the machine.
            time.sleep(0.25)


class OwnHands:
    """The same jobs, run in this process: for seeding, before any worker is there."""

    def move_clock(self, moment: datetime) -> None:
        """Set the clock of this process only."""
        # The offset is fixed here, so that the moment goes on from there.
        set_clock(moment)
        offset = read_offset()
        clock.move_with(lambda: offset)

    def finish(self, call: Call) -> None:
        """Run the sweeps until nothing is due. Raises ``JobsStuckError``."""
        sweeps: tuple[Callable[[], object], ...] = (
            seal_due_rounds_task,
            assign_reviewers_task,
            produce_receipts_task,
            produce_letters_task,
            date_anew_task,
            print_letters_task,
            bundle_post_task,
            send_due_task,
            fix_moments_of_sending_task,
            settle_rounds_task,
            keep_coverage_task,
            link_events_task,
        )
        for _turn in range(3):
            for sweep in sweeps:
                sweep()
            if not what_is_left(at=clock.now()):
                return
        raise JobsStuckError(f"there is still: {', '.join(what_is_left(at=clock.now()))}")


def what_is_left(*, at: datetime) -> list[str]:
    """Return in words which jobs are due at a moment."""
    waiting = {
        "rounds to seal": due_for_sealing(at=at).exists(),
        "reviewers to assign": rounds_to_assign().exists(),
        "receipts to make": Receipt.objects.filter(document=None).exists(),
        "letters to make": letters_to_make().exists() or letters_to_print(at=at).exists(),
        "post to put together": runs_to_bundle(at=at).exists(),
        "mails to send": OutgoingMail.objects.filter(
            status__in=[MailStatus.QUEUED, MailStatus.CLAIMED], due_at__lte=at
        ).exists(),
        "moments of sending to fix": letters_just_sent().exists(),
        "rounds to settle": rounds_to_settle().exists(),
        "events to link": AuditEvent.objects.filter(link__isnull=True).exists(),
    }
    return [words for words, is_waiting in waiting.items() if is_waiting]
