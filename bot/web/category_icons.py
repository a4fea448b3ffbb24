"""A category's path and name in, the drawing beside it out: by what help centres call theirs, or an open book."""

import re
from collections.abc import Iterator
from typing import Final

from bot.dialogue.words import fold

#: Beginnings of words, and a drawing of 24 by 24 in lines.
_DRAWINGS: Final[tuple[tuple[str, str], ...]] = (
    (
        "return refund exchange devol reembols ruckgabe erstatt umtausch retour rembours",
        "M9 15 3.5 9.5 9 4M4 9.5h10.5a5.5 5.5 0 0 1 0 11H11",
    ),
    (
        "deliver ship track parcel envio entrega liefer versand paket livraison expedi colis",
        "M3 6h11v10H3zM14 9.5h4l3 3.5v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
    ),
    (
        "order purchas checkout cart pedido compra bestell commande achat",
        "M5 8h14l-1 12H6zM9 8V7a3 3 0 0 1 6 0v1",
    ),
    (
        "bill payment pay invoice price pricing factura pago zahl rechnung preis factur paiement prix",
        "M3 6h18v12H3zM3 10h18M7 14.5h4",
    ),
    (
        "subscri plan renew membership suscrip abo renouvel",
        "M4 11a8 8 0 0 1 14-4.5L20 9M20 4v5h-5M20 13a8 8 0 0 1-14 4.5L4 15M4 20v-5h5",
    ),
    (
        "secur privacy password passwor protect segur privaci sicher datenschutz passwort secu confiden",
        "M12 3l7.5 3v5.5c0 4.7-3.2 8-7.5 9.5-4.3-1.5-7.5-4.8-7.5-9.5V6zM9 11.8l2.2 2.2 4-4",
    ),
    (
        "account profile sign login user cuenta perfil konto profil anmeld compte connexion",
        "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
    ),
    (
        "trouble problem error fix issue fehler stor problema averia panne depann",
        "M14.5 6.5a4.5 4.5 0 0 0-5.7 5.7L3.5 17.5l3 3 5.3-5.3a4.5 4.5 0 0 0 5.7-5.7L14.7 12.3l-3-3z",
    ),
    ("app mobile phone android ios movil telefon handy application", "M7 3h10v18H7zM11 18h2"),
    (
        "gift reward promo voucher discount loyal referr regalo recompens geschenk gutschein pramie cadeau",
        "M4 12h16v9H4zM3 8h18v4H3zM12 8v13M12 8C10.5 3.5 6 4 7 6.5 7.5 8 12 8 12 8Z"
        "M12 8c1.5-4.5 6-4 5-1.5C16.5 8 12 8 12 8Z",
    ),
    (
        "business team compan enterprise partner wholesale empresa equipo geschaft unternehm firma entreprise equipe",
        "M3 8h18v12H3zM8.5 8V5h7v3M3 13h18",
    ),
    (
        "polic legal term guarantee warrant condition condicion garant richtlin bedingung rechtlich mention",
        "M6 3h8.5L19 7.5V21H6zM14 3v5h5M9.5 12.5h6M9.5 16.5h6",
    ),
    (
        "api developer integrat webhook code entwickl desarroll developp",
        "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
    ),
    (
        "start begin basic guide first empezar inicio einstieg erste demarr premier",
        "M5 21V4M5 4.5h13l-2.5 4 2.5 4H5",
    ),
    (
        "device machine product hardware equipment set setup dispositiv maquina producto gerat produkt appareil",
        "M4 4h16v12H4zM8.5 20h7M12 16v4",
    ),
)
#: An open book.
_ANY: Final = (
    "M12 6.5C10 5 7 4.5 3.5 4.5v13c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-13c-3.5 0-6.5.5-8.5 2ZM12 6.5v13"
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def drawing(path: str, name: str) -> str:
    """The `d` of an SVG path. The folder's own name tells before what it is called in a language."""
    for word in _words(path, name):
        for beginnings, lines in _DRAWINGS:
            if any(
                word.startswith(one) and (len(one) > 3 or word in (one, f"{one}s"))
                for one in beginnings.split()
            ):
                return lines
    return _ANY


def _words(path: str, name: str) -> Iterator[str]:
    for text in (path.rpartition("/")[2], name):
        yield from _WORD.findall(fold(text))
