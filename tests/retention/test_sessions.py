"""A session that ended is not kept: the privacy page says twelve hours."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from hubportal.kernel import clock
from retention.domain.sessions import forget_ended_sessions
from retention.tasks import forget_sessions_task
from tests.factories.accounts import UserFactory, log_in

pytestmark = pytest.mark.django_db


def test_a_session_is_kept_for_twelve_hours_and_then_forgotten(client: Client) -> None:
    log_in(client, UserFactory.create())
    (session,) = Session.objects.all()
    began = clock.of_this_machine()
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert abs(session.expire_date - began - timedelta(hours=12)) < timedelta(minutes=2)
    forget_sessions_task()
    assert forget_ended_sessions(at=session.expire_date) == 0
    assert forget_ended_sessions(at=session.expire_date + timedelta(seconds=1)) == 1
    assert Session.objects.count() == 0


def test_a_clock_that_was_moved_ends_nobodys_session(client: Client) -> None:
    log_in(client, UserFactory.create())
    clock.move_with(lambda: timedelta(days=400))
    forget_sessions_task()
    assert Session.objects.count() == 1
