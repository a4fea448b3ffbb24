"""What a running process counts, in the text that Prometheus reads; the only user of prometheus-client.

Labels are bounded: routes are templates, languages those that are answered, reasons a list.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.dialogue.reply import Reply

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
#: Several processes of one server keep their counts in files of this folder, so that any of them can tell of all.
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_OTHER: Final = "other"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value that is looked up when somebody asks."""

    name: str
    """Without the prefix."""
    says: str
    label: str
    read: Callable[[], Mapping[str, float]]
    """By the value of the label; a failure leaves the gauge out, and counts."""


class Meters:
    """Counters of this process, and gauges that are read on demand."""

    def __init__(self, locales: Sequence[str] = ()) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._locales = frozenset(locales)
        self._gauges: tuple[Gauge, ...] = ()
        made: Any = {"namespace": "tierzero", "registry": self._registry}
        self._requests = Counter("http_requests", "Requests answered.", ["route", "method", "status"], **made)
        self._request_seconds = Histogram(
            "http_request_seconds", "Time to answer a request.", ["route"], buckets=_SECONDS, **made
        )
        self._turns = Counter(
            "turns", "Messages of customers answered.", ["kind", "reason", "language"], **made
        )
        self._turn_seconds = Histogram(
            "turn_seconds", "Time to decide and store a turn.", ["kind"], buckets=_SECONDS, **made
        )
        self._failed = Counter("gauge_failures", "Gauges that could not be read.", ["gauge"], **made)

    def watch(self, gauges: Sequence[Gauge]) -> None:
        """Gauges to be read from now on."""
        self._gauges = tuple(gauges)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An answered request; `route` is the template of its path, empty where there is none."""
        route = route or _OTHER
        self._requests.labels(route, method if method in _METHODS else _OTHER, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def turn(self, reply: Reply, seconds: float) -> None:
        """A message of a customer, answered."""
        language = reply.language if reply.language in self._locales else _OTHER
        self._turns.labels(reply.kind.value, reply.reason.value, language).inc()
        self._turn_seconds.labels(reply.kind.value).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        if os.environ.get(SHARED_FOLDER):
            everywhere = CollectorRegistry()
            MultiProcessCollector(everywhere)  # type: ignore[no-untyped-call]
            return generate_latest(everywhere) + generate_latest(self._read())
        return generate_latest(self._registry) + generate_latest(self._read())

    def _read(self) -> CollectorRegistry:
        registry = CollectorRegistry()
        registry.register(_Gauges(list(self._families())))
        return registry

    def _families(self) -> Iterator[GaugeMetricFamily]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(f"tierzero_{gauge.name}", gauge.says, labels=[gauge.label])
            try:
                values = gauge.read()
            except Exception:
                # A database that is away must not take the other figures with it; the alert is about this count.
                self._failed.labels(gauge.name).inc()
                continue
            for value, number in sorted(values.items()):
                family.add_metric([value], number)
            yield family


class _Gauges(Collector):
    """Families that were read already."""

    def __init__(self, families: Sequence[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Sequence[GaugeMetricFamily]:
        """All of them."""
        return self._families
