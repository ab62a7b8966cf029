"""The files that run the bot elsewhere, against the bot: names that both must know alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot import settings
from bot.app import KEEP_ALIVE_S, running
from bot.settings import Settings
from tests import small_office

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
KUBERNETES: dict[str, dict[str, Any]] = {
    f"{manifest['kind']} {manifest['metadata']['name']}": manifest
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text("utf-8"))
}
POD: dict[str, Any] = KUBERNETES["Deployment infobot"]["spec"]["template"]["spec"]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))

#: Read by uvicorn, not by the settings: https://www.uvicorn.org/settings/#http
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}
#: What an operator's .env gives, where a file refers to it.
GIVEN = {"PUBLIC_URL": "https://bot.example.org", "TELEGRAM_WEBHOOK_SECRET": "letters_and_digits"}

ENVIRONMENTS: dict[str, dict[str, str]] = {
    "Dockerfile": dict(re.findall(r"^(?:ENV)? +([A-Z_]+)=(\S+)", DOCKERFILE, re.MULTILINE)),
    "compose.yaml": COMPOSE["services"]["bot"]["environment"],
    "kubernetes": {entry["name"]: entry["value"] for entry in POD["containers"][0]["env"]},
}
OF_THE_IMAGE = {"PATH", "PYTHONUNBUFFERED", "PYTHONPYCACHEPREFIX", "XDG_CACHE_HOME"}


def expressions(panels: list[dict[str, Any]]) -> Iterator[str]:
    for panel in panels:
        yield from (target["expr"] for target in panel["targets"])


@pytest.mark.parametrize("place", ENVIRONMENTS)
def test_every_variable_that_is_set_is_one_that_somebody_reads(place: str) -> None:
    known = {name.upper() for name in Settings.__dataclass_fields__}

    assert "STATE_URL" in ENVIRONMENTS[place]
    assert ENVIRONMENTS[place].keys() <= known | OF_UVICORN | OF_THE_IMAGE


@pytest.mark.parametrize("place", ENVIRONMENTS)
def test_the_bot_starts_with_what_is_set(place: str, tmp_path: Path) -> None:
    environment = {
        name: value if "${" not in value else GIVEN.get(name, "given")
        for name, value in ENVIRONMENTS[place].items()
    }

    found = settings.read(GIVEN | environment, tmp_path / "no .env")

    assert (found.host, found.port) == ("0.0.0.0", 8080)


def test_what_the_image_is_made_of_is_sent_to_its_build() -> None:
    sent = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}

    assert sources == set(sent)
    assert [source for source in sources if not list(ROOT.glob(source))] == []


def test_files_belong_to_the_user_that_the_image_runs_as() -> None:
    user, group = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)[0]
    context = POD["securityContext"]

    assert f"--uid {user} " in DOCKERFILE
    assert f"chown -R {user}:{group} " in COMPOSE["services"]["knowledge"]["command"][-1]
    assert [context[name] for name in ("runAsUser", "runAsGroup", "fsGroup")] == [
        *(int(user), int(group), int(group))
    ]


def test_replicas_share_the_folder_that_edits_are_written_to() -> None:
    service, first = COMPOSE["services"]["bot"], COMPOSE["services"]["knowledge"]
    folder = Path(service["environment"]["KNOWLEDGE"]).parent
    [mount] = [volume for volume in service["volumes"] if volume.endswith(f":{folder}")]

    assert service["deploy"]["replicas"] == 2
    assert first["volumes"] == [mount]


def test_the_proxy_lets_go_of_idle_connections_before_the_bot_does() -> None:
    caddyfile = (DEPLOY / "Caddyfile").read_text("utf-8")

    [kept_s] = re.findall(r"^\s*keepalive (\d+)s$", caddyfile, re.MULTILINE)
    assert int(kept_s) < KEEP_ALIVE_S


@pytest.mark.parametrize("name", KUBERNETES)
def test_every_manifest_says_what_it_is(name: str) -> None:
    assert KUBERNETES[name]["apiVersion"]
    assert KUBERNETES[name]["spec"]


@pytest.mark.parametrize("workload", ["Deployment infobot", "StatefulSet infobot-redis"])
def test_no_container_may_do_more_than_it_must(workload: str) -> None:
    pod = KUBERNETES[workload]["spec"]["template"]["spec"]

    assert pod["securityContext"]["runAsNonRoot"]
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


async def test_the_probes_and_the_dashboard_ask_for_what_the_bot_tells(tmp_path: Path) -> None:
    state = Settings(state_url=f"sqlite:///{tmp_path}/state.db")
    asked = {name for text in expressions(DASHBOARD["panels"]) for name in _metrics(text)}
    [container] = POD["containers"]
    probes = [container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("liveness", "readiness")]

    async with (
        running(state, small_office.assistant()) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
    ):
        told = _metrics((await client.get("/metrics")).text)
        answers = [(await client.get(path)).status_code for path in probes]

    assert told == asked
    assert answers == [200, 200]


def _metrics(text: str) -> set[str]:
    return set(re.findall(r"\binfobot_[a-z_]+", text))
