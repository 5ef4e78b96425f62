"""docker-compose.yml and the Dockerfile, read as files: no Docker engine runs in the tests."""

from __future__ import annotations

import re

import pytest
import yaml
from django.conf import settings

from reform import env

COMPOSE_TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
OURS = ("migrate", "static", "web", "worker", "beat")
ALWAYS_RUNNING = ("db", "redis", "proxy", "web", "worker", "beat")


def interpolated(text: str) -> set[str]:
    """The names that compose takes from the environment."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_the_services_are_those_that_the_application_needs():
    assert set(SERVICES) == {"db", "redis", "migrate", "static", "proxy", "web", "worker", "beat"}


@pytest.mark.parametrize("name", ALWAYS_RUNNING)
def test_everything_that_stays_up_says_whether_it_is_healthy(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", ALWAYS_RUNNING)
def test_everything_that_stays_up_starts_again_after_a_failure(name):
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_application_waits_for_healthy_servers_and_finished_migrations(name):
    assert SERVICES[name]["depends_on"] == {
        "db": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


def test_the_migrations_run_once_and_end():
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["command"][:3] == ["python", "manage.py", "migrate"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_one_image_with_names_that_the_settings_know(name):
    service = SERVICES[name]
    assert service["image"] == SERVICES["web"]["image"]
    assert set(service["environment"]) <= env.NAMES
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} <= set(service["environment"])


def test_web_and_worker_share_the_folder_of_the_editions():
    folder = re.search(r"MEDIA_ROOT=(\S+)", DOCKERFILE)[1]
    for name in ("web", "worker"):
        assert f"media:{folder}" in SERVICES[name]["volumes"]


def test_postgresql_18_keeps_its_data_where_its_image_expects_it():
    assert SERVICES["db"]["image"] == "postgres:18"
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]


def test_redis_keeps_the_queue_on_disk_and_throws_nothing_away():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert SERVICES["redis"]["volumes"] == ["queue:/data"]


def test_every_volume_is_declared_and_used():
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    used = {volume for volume in mounted if not volume.startswith("./")}
    assert used == set(COMPOSE["volumes"])


def test_secrets_have_no_default():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        uses = re.findall(rf"\$\{{{name}(.*?)\}}", COMPOSE_TEXT)
        assert uses
        assert all(use.startswith(":?") for use in uses)


def test_only_the_proxy_can_be_reached_from_outside_and_by_default_from_this_machine_alone():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["proxy"]["ports"] == ["${ADDRESS:-127.0.0.1}:${PORT:-8000}:80"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]


def test_the_proxy_runs_the_configuration_of_this_repository_with_every_name_filled_in():
    template = "deploy/nginx/reform.conf.template"
    assert f"./{template}:/etc/nginx/templates/default.conf.template:ro" in SERVICES["proxy"]["volumes"]
    text = (settings.BASE_DIR / template).read_text(encoding="utf-8")
    assert set(SERVICES["proxy"]["environment"]) == set(re.findall(r"\$\{([A-Z_]+)\}", text))


def test_the_proxy_serves_the_files_that_the_image_has_collected():
    folder = re.search(r"STATIC_ROOT=(\S+)", DOCKERFILE)[1]
    assert SERVICES["static"]["command"][-2:] == [f"{folder}/.", "/srv/for-proxy/"]
    assert SERVICES["static"]["volumes"] == ["static:/srv/for-proxy"]
    assert "/srv/for-proxy" in DOCKERFILE
    assert f"static:{SERVICES['proxy']['environment']['STATIC_FOLDER']}:ro" in SERVICES["proxy"]["volumes"]


def test_the_web_process_listens_where_the_proxy_looks_and_believes_one_proxy():
    assert (
        re.search(r"BIND=0\.0\.0\.0:(\d+)", DOCKERFILE)[1]
        == SERVICES["proxy"]["environment"]["APPLICATION"].split(":")[1]
    )
    assert SERVICES["web"]["environment"]["PROXY_COUNT"] == "${PROXY_COUNT:-1}"


def test_the_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert users[-1] not in {"root", "0"}


def test_the_image_installs_the_hashed_lock_and_the_packages_that_setup_installs():
    assert "--require-hashes --requirement requirements/app.txt" in DOCKERFILE
    setup = (settings.BASE_DIR / "script/setup").read_text(encoding="utf-8")
    in_the_image = set(re.findall(r"\b(?:lib|fonts-)[\w.-]*\d?", DOCKERFILE)) - {"lib"}
    for_the_application = setup.split('with_tests" ]; then\n        has_browser')[0]
    assert in_the_image == set(re.findall(r"need ((?:lib|fonts-)\S+)", for_the_application))


def test_what_is_private_or_not_needed_stays_out_of_the_image():
    ignored = (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert {".git", ".env", ".venv", "var", "*.sqlite3*"} <= set(ignored)
