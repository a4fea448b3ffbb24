"""What the numbers of a compiled model are kept in."""

from enum import StrEnum


class Precision(StrEnum):
    """Vectors of two precisions are not to be mixed: a model's identity names its own."""

    FP32 = "fp32"
    """As published."""
    INT8 = "int8"
    """Weights in eight bits: half the time and two thirds of the memory; what it costs in ranking is measured in
    docs/decisions/0009-int8.md."""
