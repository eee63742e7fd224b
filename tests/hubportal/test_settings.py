"""Production starts whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.factories.certificates import own_certificate

LOADS = "import hubportal.settings"


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """Return an environment with everything that production asks."""
    certificate = tmp_path / "signing.p12"
    own_certificate(certificate, b"secret")
    return {
        "PATH": os.environ["PATH"],
        "HUBPORTAL_ENVIRONMENT": "production",
        "HUBPORTAL_SECRET_KEY": "k7Hq" * 20 + "-a-key-of-our-own",
        "HUBPORTAL_HOSTS": "hubportaal.example",
        "HUBPORTAL_ADDRESS": "https://hubportaal.example",
        "HUBPORTAL_STORAGE": str(tmp_path / "storage"),
        "HUBPORTAL_SIGNING_CERTIFICATE": str(certificate),
        "HUBPORTAL_SIGNING_PASSWORD": "secret",
        "HUBPORTAL_MAIL_FROM": "Hubportaal <noreply@hubportaal.example>",
        "DATABASE_URL": "postgres://hubportal:secret@database:5432/hubportal",
        "REDIS_URL": "redis://:secret@broker:6379/0",
        "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with this environment alone."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_production_does_not_start_with_a_certificate_that_does_not_open(production: dict[str, str]) -> None:
    Path(production["HUBPORTAL_SIGNING_CERTIFICATE"]).write_bytes(b"")
    result = run(
        {**production, "DJANGO_SETTINGS_MODULE": "hubportal.settings"}, "-c", "import django; django.setup()"
    )
    assert result.returncode == 1
    assert "The signing certificate cannot be opened" in result.stderr


def test_production_starts_with_everything(production: dict[str, str]) -> None:
    result = run(production, "-c", LOADS)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("HUBPORTAL_SECRET_KEY", None, "HUBPORTAL_SECRET_KEY must be a key of your own"),
        ("HUBPORTAL_SECRET_KEY", "short", "HUBPORTAL_SECRET_KEY must be a key of your own"),
        ("DATABASE_URL", None, "DATABASE_URL must name a PostgreSQL server"),
        ("REDIS_URL", None, "REDIS_URL must name a Redis or Valkey server"),
        ("HUBPORTAL_HOSTS", None, "HUBPORTAL_HOSTS must list the host names"),
        ("HUBPORTAL_HOSTS", "*", "HUBPORTAL_HOSTS must list the host names"),
        ("HUBPORTAL_ADDRESS", None, "HUBPORTAL_ADDRESS must start with https://"),
        ("HUBPORTAL_ADDRESS", "http://hubportaal.example", "HUBPORTAL_ADDRESS must start with https://"),
        ("HUBPORTAL_SIGNING_CERTIFICATE", None, "HUBPORTAL_SIGNING_CERTIFICATE must name a PKCS#12 file"),
        (
            "HUBPORTAL_SIGNING_CERTIFICATE",
            "/nowhere.p12",
            "HUBPORTAL_SIGNING_CERTIFICATE must name a PKCS#12 file",
        ),
        ("HUBPORTAL_ANSWERS_ADDRESS", "answers.example.nl", "HUBPORTAL_ANSWERS_ADDRESS must be an address"),
        (
            "HUBPORTAL_ANSWERS_ADDRESS",
            "Answer@answers.example.nl",
            "HUBPORTAL_ANSWERS_ADDRESS must be an address",
        ),
        ("HUBPORTAL_STORAGE", None, "HUBPORTAL_STORAGE must name the folder"),
        ("EMAIL_URL", None, "EMAIL_URL must name a mail server"),
        (
            "HUBPORTAL_REGIONAL_STATISTICS",
            "http://c.example/{code}",
            "HUBPORTAL_REGIONAL_STATISTICS must start",
        ),
        ("HUBPORTAL_REGIONAL_STATISTICS", "https://c.example/", "HUBPORTAL_REGIONAL_STATISTICS must start"),
        ("HUBPORTAL_DEMO", "1", "HUBPORTAL_DEMO must be off"),
        ("HUBPORTAL_DEBUG", "1", "HUBPORTAL_DEBUG must be off"),
    ],
)
def test_production_refuses_to_start_and_names_missing_settings(
    production: dict[str, str], name: str, value: str | None, reason: str
) -> None:
    environment = {key: each for key, each in production.items() if key != name}
    if value is not None:
        environment[name] = value
    result = run(environment, "-c", LOADS)
    reasons = [line for line in result.stderr.splitlines() if line.startswith("- ")]
    assert (result.returncode, len(reasons), reasons[0].startswith(f"- {reason}")) == (1, 1, True)


def test_production_names_all_missing_settings_at_once() -> None:
    result = run({"HUBPORTAL_ENVIRONMENT": "production"}, "-c", LOADS)
    reasons = [line.split()[1] for line in result.stderr.splitlines() if line.startswith("- ")]
    assert reasons == [
        "HUBPORTAL_SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "HUBPORTAL_HOSTS",
        "HUBPORTAL_ADDRESS",
        "HUBPORTAL_SIGNING_CERTIFICATE",
        "HUBPORTAL_STORAGE",
        "EMAIL_URL",
    ]


def test_mails_come_back_to_the_mailbox_that_the_address_of_the_mail_server_names(
    production: dict[str, str],
) -> None:
    production["EMAIL_URL"] += "?bounces=bounces@hubportaal.example"
    code = "from hubportal import settings; print(settings.BOUNCE_ADDRESS, settings.EMAIL_HOST)"
    assert run(production, "-c", code).stdout == "bounces@hubportaal.example mail.example\n"


def test_environment_of_another_name_is_refused() -> None:
    result = run({"HUBPORTAL_ENVIRONMENT": "prodution"}, "-c", LOADS)
    assert "HUBPORTAL_ENVIRONMENT is either development or production" in result.stderr


def test_production_starts_no_servers_of_its_own(production: dict[str, str]) -> None:
    lacking = {key: value for key, value in production.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    code = (
        "import os; from hubportal import embedded; embedded.provide(); print('DATABASE_URL' in os.environ)"
    )
    assert run(lacking, "-c", code).stdout == "False\n"


def test_deployment_check_is_clean(production: dict[str, str]) -> None:
    result = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "System check identified no issues (1 silenced).\n",
        "",
    )


def test_demo_has_no_address_outside_the_demo(production: dict[str, str]) -> None:
    code = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "try: resolve('/demo/')\n"
        "except Resolver404: print('unknown')"
    )
    environment = {**production, "DJANGO_SETTINGS_MODULE": "hubportal.settings"}
    assert run(environment, "-c", code).stdout == "unknown\n"
