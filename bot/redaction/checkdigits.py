"""The rules of national and bank numbers: a number in, whether it can be one out; the only user of python-stdnum."""

import functools
import importlib
from types import ModuleType

#: Lengths of the IBANs of each country (ISO 13616, register of SWIFT).
IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE", "BI"), 16),
    **dict.fromkeys(("DK", "FI", "FK", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "MN", "XK"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BF", "BJ", "CI", "CM", "FR", "GR", "IT", "MC", "MG", "ML", "MR", "SM", "SN"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    "LC": 32,
    "RU": 33,
}


@functools.cache
def _rules(name: str) -> ModuleType:
    # Only when a text holds something that looks like such a number: together they take long to import.
    return importlib.import_module(f"stdnum.{name}")


def valid(rules: str, number: str) -> bool:
    """Whether a number follows the rules that python-stdnum calls by this name, such as `es.dni` or `luhn`."""
    return bool(_rules(rules).is_valid(number))


def valid_iban(number: str) -> bool:
    """Whether letters and digits without spaces have the length and the check digits of their country's IBANs."""
    if IBAN_LENGTHS.get(number[:2]) != len(number):
        return False
    return bool(_rules("iban").is_valid(number, check_country=False))
