"""Producing 500 letters: per process beside bare WeasyPrint on the same letter, and by a real worker."""

import gc
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import weasyprint
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from applications.domain.sealing import seal_round
from bench.population import copy_released, prepare, submitted_in
from decisions.domain.releasing import produce_letter_of_decision
from demo.cast import APPLICANT
from demo.domain import assessing
from demo.domain.clock import set_clock
from demo.processes import running, start_jobs
from hubportal.documents.domain.pictures import qr_picture
from hubportal.mail.domain.composing import address_of
from letters.domain.days import days_of
from letters.domain.printing import letter_pdf
from letters.domain.structure import filled
from letters.models import Letter
from reviews.domain.assigning import assign_reviewers

LETTERS = 500
SAMPLE = 20


def measure(count: int = LETTERS, sample_size: int = SAMPLE) -> None:
    """Make letters in one process and by a worker, and print the figures."""
    letter = _released()
    copy_released(letter, count + sample_size)
    waiting = list(Letter.objects.filter(document=None).values_list("pk", flat=True))
    at = letter.released_at + timedelta(minutes=1)
    bare = _bare_weasyprint(letter, at)
    # One of each unmeasured: fonts, style sheet and key are read once per process.
    produce_letter_of_decision(letter_id=waiting[0], make_pdf=letter_pdf, at=at)
    bare()
    sample = iter(waiting[1:])
    ours = _median(
        lambda: produce_letter_of_decision(letter_id=next(sample), make_pdf=letter_pdf, at=at), sample_size
    )
    beside = _median(bare, sample_size)
    print(
        f"a letter, rendered, signed, stored, mails and status written: {ours * 1000:.0f} ms "
        f"({1 / ours:.1f} a second per process); bare WeasyPrint on the same letter: {beside * 1000:.0f} ms "
        f"({1 / beside:.1f} a second); ratio {ours / beside:.2f}"
    )
    _by_worker(at)


def _median(act: Callable[[], object], sample_size: int) -> float:
    times = []
    for _turn in range(sample_size - 2):
        gc.collect()
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def _released() -> Letter:
    """Bring one application to the release of its letter."""
    call, people, case = prepare()
    review_round = call.rounds.get(number=2)
    application = submitted_in(review_round, case, people[APPLICANT.key])
    at = review_round.deadline_at + timedelta(minutes=5)
    seal_round(round_id=review_round.pk, at=at)
    assign_reviewers(round_id=review_round.pk, at=at)
    application.refresh_from_db()
    assessing.review(application, case, at=at)
    assessing.advise(application, case, people, at=at)
    application.refresh_from_db()
    assessing.decide(application, case, people, at=at)
    application.refresh_from_db()
    assessing.release(application, people, at=at)
    return Letter.objects.get(decision__application=application)


def _bare_weasyprint(letter: Letter, at: datetime) -> Callable[[], bytes]:
    """Return what renders the same page with WeasyPrint alone, fonts and style sheet reused."""
    content = filled(
        json.loads(bytes(letter.content)), days_of(letter.text.call, at.date(), at.date(), at=at)
    )
    code = "HP-0000-0000-0000"
    link = address_of("documents:verify_code", code)
    verification = {
        "code": code,
        "address": address_of("documents:verify"),
        "link": link,
        "picture": qr_picture(link),
    }
    context = {
        "content": {**content, "verification": verification},
        "title": content["subject"],
        "language": "nl",
    }
    html = render_to_string("letters/document.html", context)
    fonts = FontConfiguration()
    found = finders.find("css/letters.css")
    assert isinstance(found, str)
    style = weasyprint.CSS(filename=found, font_config=fonts)
    base = Path(found).parent.as_uri() + "/"

    def render() -> bytes:
        page = weasyprint.HTML(string=html, base_url=base)
        pdf: bytes = page.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
        )
        return pdf

    return render


def _by_worker(at: datetime) -> None:
    """Let a worker with two processes make the rest, and wait for the last."""
    set_clock(at)
    count = Letter.objects.filter(document=None).count()
    with running(settings.STORAGE_DIR / "run", {}) as processes:
        began = time.perf_counter()
        start_jobs(processes)
        while Letter.objects.filter(document=None).exists():
            processes.check()
            time.sleep(0.2)
        seconds = time.perf_counter() - began
    print(
        f"{count} letters by a worker with two processes, started cold: {seconds:.1f} s, {count / seconds:.1f} a second"
    )
