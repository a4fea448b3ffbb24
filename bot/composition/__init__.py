"""Builds everything from settings, once: the only place that knows which part is made of which.

One object in layers, a file a layer, each made of those before: `Opened`, `Knowing`, `Answers`, `Customers`, `Staff`,
`Leaving`, `Portal`, `Counted`, `Working`, `Services`. A new part is a property of the layer that it belongs to; nothing
else inherits from these classes.
"""

from bot.composition.knowing import CONFIDENCE
from bot.composition.opened import real_chance, utc_now
from bot.composition.services import Services

__all__ = ["CONFIDENCE", "Services", "real_chance", "utc_now"]
