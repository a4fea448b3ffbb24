import logging
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from bot.web.limits import LOOK_UPS, MAX_ADDRESSES, Buckets, bucket_key
from tests.web.fake_services import FakeServices

JSON = {"content-type": "application/json"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_the_next_has_to_wait_for_one_token() -> None:
    buckets = Buckets(per_minute=30, burst=3, clock=Clock())
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]


def test_tokens_come_back_with_time_but_never_more_than_the_burst() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=30, burst=2, clock=clock)
    buckets.take("a")
    buckets.take("a")
    clock.now += 1.0
    assert buckets.take("a") == pytest.approx(1.0)
    clock.now += 3600
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]


def test_one_address_does_not_use_up_the_tokens_of_another() -> None:
    buckets = Buckets(per_minute=30, burst=1, clock=Clock())
    assert [buckets.take("a"), buckets.take("b"), buckets.take("a") > 0] == [0.0, 0.0, True]


def test_memory_stays_bounded_whatever_the_number_of_addresses() -> None:
    buckets = Buckets(per_minute=30, burst=1, clock=Clock())
    for number in range(MAX_ADDRESSES + 500):
        buckets.take(str(number))
    assert len(buckets) == MAX_ADDRESSES


@pytest.mark.parametrize(
    ("client", "key"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::"),
        (("fe80::1%eth0", 1), "fe80::"),
        (("not:an:address", 1), "not:an:address"),
        (None, ""),
    ],
)
def test_a_customers_whole_ipv6_network_shares_one_bucket(client: tuple[str, int] | None, key: str) -> None:
    assert bucket_key(client) == key


def test_too_many_messages_get_429_with_the_time_to_wait(client_with: Callable[..., TestClient]) -> None:
    client = client_with(rate_per_minute=1, rate_burst=2)
    statuses = [client.post("/chat", json={"message": "pause"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.post("/chat/m_1/feedback", json={"helpful": True})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["type"] == "/docs#too-many-requests"


def test_reading_is_not_counted(client_with: Callable[..., TestClient]) -> None:
    client = client_with(rate_per_minute=1, rate_burst=1)
    client.post("/chat", json={"message": "pause"})
    assert [client.get(path).status_code for path in ("/help/en", "/healthz", "/", "/chat/c_1/messages")] == [
        200
    ] * 4


def test_a_forged_forwarded_header_does_not_buy_another_bucket(
    client_with: Callable[..., TestClient],
) -> None:
    client = client_with(rate_per_minute=1, rate_burst=1)
    client.post("/chat", json={"message": "pause"})
    forged = client.post("/chat", json={"message": "pause"}, headers={"x-forwarded-for": "203.0.113.9"})
    assert forged.status_code == 429


def test_a_declared_body_over_the_limit_is_refused_unread(client: TestClient, services: FakeServices) -> None:
    response = client.post("/chat", content=b"x" * 70_000, headers=JSON)
    assert (response.status_code, response.json()["type"]) == (413, "/docs#too-large")
    assert services.chat.incoming == []


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3", "²"])
def test_a_content_length_that_is_no_number_is_refused(length: str, client: TestClient) -> None:
    headers = JSON | {"content-length": length.encode("latin-1")}
    assert client.post("/chat", content=b"{}", headers=headers).status_code == 413


def test_a_streamed_body_over_the_limit_is_refused_while_it_comes(client: TestClient) -> None:
    sent = 0

    def drip() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"x" * 1000

    assert client.post("/chat", content=drip(), headers=JSON).status_code == 413


def test_a_streamed_body_within_the_limit_is_read_whole(client: TestClient) -> None:
    pieces = iter([b'{"mess', b'age": "how to ', b'pause"}'])
    assert client.post("/chat", content=pieces, headers=JSON).json()["kind"] == "answer"


def test_an_unexpected_error_is_logged_in_full_and_told_without_internals(
    client: TestClient, services: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    services.chat.failures.append(RuntimeError("password=hunter2 at /srv/secret.py"))
    with caplog.at_level(logging.ERROR), capture_logs() as logs:
        response = client.post("/chat", json={"message": "hi"})
    problem = response.json()
    assert (response.status_code, problem["type"]) == (500, "/docs#bot-error")
    assert problem["detail"] == (
        "We have noted the error. Please try again in a moment. Your message was not saved; you can write to "
        "help@tarnbean.example, where a person will read it."
    )
    assert problem["contact"] == "help@tarnbean.example"
    assert "hunter2" not in response.text
    assert [(entry["event"], entry["exc_info"]) for entry in logs] == [("unexpected error", True)]
    assert problem["instance"] == "urn:uuid:" + response.headers["x-request-id"]


@pytest.mark.parametrize(
    "path", ["/help/search?q=pause", "/help/search.json?q=pause", "/chat/topic?article=a/b"]
)
def test_looking_up_has_a_limit_of_its_own(client_with: Callable[..., TestClient], path: str) -> None:
    client = client_with(rate_per_minute=1, rate_burst=1)
    answers = [client.get(path).status_code for _ in range(LOOK_UPS + 1)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    # Reading, and asking in the chat, go on.
    assert client.get("/help/en").status_code == 200
    assert client.post("/chat", json={"message": "pause"}).status_code == 200


def test_what_is_sent_to_the_help_centre_counts_as_a_message(client_with: Callable[..., TestClient]) -> None:
    client = client_with(rate_per_minute=1, rate_burst=1)
    form = {"helpful": "yes", "token": "a.b.c"}
    path = "/help/en/subscriptions/pause-or-skip"
    answers = [client.post(path, data=form, follow_redirects=False).status_code for _ in range(2)]
    assert answers == [303, 429]
    page = client.post(path, data=form, headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert int(page.headers["retry-after"]) >= 1
