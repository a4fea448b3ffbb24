"""What monitoring sees: who may look, labels, alerts that rest on what is there; logs that name conversations."""

import errno
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.composition import Services
from bot.dialogue.conversation import conversation_mark
from bot.logs import configure
from bot.meters import Gauge, Meters
from bot.people.roles import Permission
from tests.agents.colleagues import House, house
from tests.flows.talking import say
from tests.index import small_centre

ALERTS = Path(__file__).parents[2] / "docs" / "prometheus" / "alerts.yml"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(small_centre.ingested(tmp_path_factory.mktemp("metrics"))) as opened:
        opened.services.meters.watch(opened.services._gauges())
        say(opened.services, "how do I reset my password?")
        opened.client.get("/desk/tickets/TZ-AAAA-BBBB")
        opened.client.get("/no/such/page/secret-1")
        yield opened


def scraped(office: House) -> str:
    answer = office.client.get("/metrics", headers=office.key(Permission.METRICS_READ))
    assert answer.status_code == 200
    return answer.text


def test_who_asks_from_elsewhere_needs_a_key_with_the_right(office: House) -> None:
    # The test client has no address of this machine.
    assert office.client.get("/metrics").status_code == 401
    assert office.client.get("/metrics", headers=office.key(Permission.TICKETS_READ)).status_code == 403
    assert office.client.get("/metrics", headers=office.key(Permission.METRICS_READ)).status_code == 200


@pytest.mark.parametrize(
    ("address", "header", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 401),
        ("127.0.0.1", {"x-forwarded-for": "1.2.3.4"}, 401),
        ("127.0.0.1", {"forwarded": "for=1.2.3.4"}, 401),
    ],
)
def test_this_machine_may_look_unless_it_asks_for_another(
    office: House, address: str, header: dict[str, str], status: int
) -> None:
    from starlette.testclient import TestClient

    near = TestClient(office.client.app, client=(address, 5000))
    assert near.get("/metrics", headers=header).status_code == status


def test_labels_are_bounded_and_hold_nothing_of_customers(office: House) -> None:
    text = scraped(office)
    assert 'route="/desk/tickets/{reference}"' in text
    assert "TZ-AAAA-BBBB" not in text
    assert "secret-1" not in text
    assert "password" not in text
    assert re.search(r'tierzero_turns_total\{kind="answer",language="en",reason="answered"\} 1\.0', text)
    assert 'tierzero_ready{part="database"} 1.0' in text


def test_a_gauge_that_cannot_be_read_leaves_the_others(office: House) -> None:
    def broken() -> dict[str, float]:
        raise OSError("the database is away")

    meters = Meters()
    meters.watch([Gauge("broken", "x", "kind", broken), Gauge("whole", "x", "kind", lambda: {"a": 2.0})])
    meters.text()
    text = meters.text().decode()
    assert 'tierzero_whole{kind="a"} 2.0' in text
    assert "tierzero_broken{" not in text
    assert 'tierzero_gauge_failures_total{gauge="broken"} 1.0' in text


def test_every_alert_rests_on_a_metric_that_is_there_with_the_labels_it_names(office: House) -> None:
    known: dict[str, set[str]] = {"up": {"job"}}
    for family in text_string_to_metric_families(scraped(office)):
        known.setdefault(family.name, set())
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    rules = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
    assert len(rules) >= 8
    for rule in rules:
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys()
        named = re.findall(r"(\b(?:tierzero_\w+|up))(?:\{([^}]*)\})?", rule["expr"])
        assert named, rule["alert"]
        for name, labels in named:
            # A counter that nothing has raised has a family and no sample yet.
            family = name.removesuffix("_total")
            assert name in known or family in known, (rule["alert"], name)
            if known.get(name):
                assert set(re.findall(r'(\w+)=~?"', labels)) <= known[name], (rule["alert"], name)


def test_every_line_of_a_turn_names_the_conversation_and_not_its_key(office: House) -> None:
    stream = io.StringIO()
    before = structlog.get_config()
    configure(stream)
    try:
        handled = say(office.services, "how do I reset my password?")
    finally:
        structlog.configure(**before)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["turn"]
    assert {line["conversation"] for line in lines} == {conversation_mark(handled.conversation_id)}
    assert handled.conversation_id not in stream.getvalue()
    assert lines[0]["reason"] == "answered"
    assert "password" not in stream.getvalue()


class Full(io.StringIO):
    """A stream on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, f"no room for {len(text)} characters")


def test_a_turn_is_answered_where_its_line_cannot_be_written(office: House) -> None:
    before = structlog.get_config()
    configure(Full())
    try:
        handled = say(office.services, "how do I reset my password?")
    finally:
        structlog.configure(**before)
    assert handled.reply.citations


def test_services_have_meters_of_their_own(office: House) -> None:
    assert isinstance(office.services, Services)
    assert Meters().text().decode().count("tierzero_turns_total{") == 0
