"""Where the definition of each figure comes from: the sources that `docs/metrics.md` lists, by the figure's name."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a definition follows."""

    label: str
    url: str
    """Empty for what is our own, and where no address was checked."""


_INTERCOM = Source(
    "Intercom, Fin resolutions", "https://www.intercom.com/help/en/articles/8205718-fin-resolutions"
)
_CONTAINMENT = Source("My AskAI", "https://myaskai.com/blog/containment-vs-deflection-vs-resolution")
_RATE = Source("InsertChat, containment rate", "https://insertchat.com/glossary/containment-rate")
_DURABLE = Source(
    "ServiceNow, durable rate",
    "https://raw.githubusercontent.com/ServiceNow/ServiceNowDocs/australia/markdown/it-service-management/"
    "perf-overview-l1-sd-ai-spec.md",
)
_FIRST_CONTACT = Source(
    "AI CX Stack, first-contact resolution", "https://www.aicxstack.com/glossary/first-contact-resolution"
)
_REPEAT = Source(
    "SparrowDesk, repeat contact rate",
    "https://www.sparrowdesk.com/customer-support-metrics/repeat-contact-rate",
)
_CSAT = Source("Abacum, CSAT", "https://www.abacum.io/glossary/customer-satisfaction-score-csat")
_NPS = Source("Reichheld 2003", "https://hbr.org/2003/12/the-one-number-you-need-to-grow")
_TIMES = Source(
    "Zendesk, About native Support time duration metrics",
    "https://support.zendesk.com/hc/en-us/articles/4408834848154-About-native-Support-time-duration-metrics",
)
_OURS = Source("our own", "")

SOURCES: Final = {
    "deflection": _INTERCOM,
    "first_contact_resolution": _FIRST_CONTACT,
    "involved": _INTERCOM,
    "answered": _INTERCOM,
    "contained": _CONTAINMENT,
    "confirmed": _INTERCOM,
    "durable": _DURABLE,
    "abandoned": _CONTAINMENT,
    "escalation_rate": _RATE,
    "repeat_contact": _REPEAT,
    "knowledge_base_usage": _OURS,
    "reopened": _OURS,
    "passed_up": _OURS,
    "escalation_accuracy": _OURS,
    "satisfaction": _CSAT,
    "net_promoter": _NPS,
    "recommendation": _NPS,
    "first_response": _TIMES,
    "resolution": _TIMES,
    "handle_time": _TIMES,
    "tickets_per_agent": _OURS,
}


def source_of(figure: str) -> Source:
    """The source of a figure's definition, whichever quantile of it is meant."""
    return SOURCES[figure.removesuffix("_median").removesuffix("_p90")]
