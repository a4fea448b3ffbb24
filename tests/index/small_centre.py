"""A small help centre, ingested once for all tests; those that change it work on a copy of their own."""

import functools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.composition import Services
from bot.knowledge.ingestion import Ingested
from bot.model import load_encoder
from bot.settings import load
from index.compiled import CompiledEncoder

ROOT = Path(__file__).parents[2]
TIERZERO = str(Path(sys.executable).with_name("tierzero"))

ARTICLES: Mapping[str, str] = {
    "en/orders/track.md": """---
title: Track your order
tags: [orders, delivery]
---
You can see where your parcel is at any time. We send a tracking link by email as soon as it leaves our warehouse.

## The link does not work

The carrier needs up to twelve hours to show a new parcel. Try the link again in the evening.
""",
    "en/orders/cancel.md": """---
title: Cancel an order
tags: [orders]
---
You can cancel an order free of charge until it is packed.

1. Open **Orders** in your account.
2. Choose the order and press *Cancel*.
3. Confirm with the button in the email we send you.

A packed order cannot be stopped; send it back instead, see [[returns/send-back|how to send something back]].
""",
    "en/returns/send-back.md": """---
title: Send something back
tags: [returns]
---
Returns are free within thirty days.

## Make a return label

To make a label:

1. Sign in and open the order.
2. Press **Return** and choose a reason.
3. Print the label and stick it on the parcel.
4. Drop the parcel at any post office.

## When the money arrives

We pay the money back within five working days after the parcel reached us.
""",
    "en/billing/cards.md": """---
title: Ways to pay
tags: [billing]
---
We accept these ways to pay:

| Way to pay | Where | Fee |
|---|---|---|
| Credit card | everywhere | none |
| Bank transfer | Europe | none |
| Gift card | everywhere | none |
| Invoice | Germany | 2 EUR |
""",
    "en/billing/invoices.md": """---
title: Find your invoices
tags: [billing]
---
Every invoice is kept in your account for ten years. Open **Billing** and press *Invoices* to download them as PDF.
""",
    "en/account/password.md": """---
title: Reset your password
tags: [account]
---
Do this when you forgot your password:

1. Open the sign-in page.
2. Press *Forgot password*.
3. Follow the link that we email you.

The link works for one hour.
""",
    "en/account/email.md": """---
title: Change your email address
tags: [account]
---
Open **Settings** and write the new address into the field *Email*. We send a message to both addresses.
""",
    "en/delivery/times.md": """---
title: Delivery times and costs
tags: [delivery]
---
How long a parcel takes depends on the country.

| Country | Days | Cost |
|---|---|---|
| Germany | 2 | 3 EUR |
| Spain | 4 | 6 EUR |
| Norway | 7 | 12 EUR |
""",
    "en/devices/descale.md": """---
title: Descale the coffee machine
tags: [devices]
product: Brewer One
---
Descale the machine every three months, or when the orange lamp blinks.

1. Fill the tank with descaling liquid up to the line.
2. Hold both buttons for five seconds.
3. Let the machine run until it is empty.
4. Rinse the tank twice with fresh water.
""",
    "en/devices/error-codes.md": """---
title: Error codes of the coffee machine
tags: [devices]
product: Brewer One
---
## E-17

The water tank is not in its place. Take it out and push it in until it clicks.

## E-23

The pump has no water. Fill the tank and start again.

```
brewer --reset-pump
```
""",
    "es/account/password.md": """---
title: Restablecer la contraseña
---
Haga esto si olvidó su contraseña:

1. Abra la página de inicio de sesión.
2. Pulse *Olvidé mi contraseña*.
3. Siga el enlace que le enviamos por correo electrónico.

El enlace funciona durante una hora.
""",
    "es/returns/send-back.md": """---
title: Devolver un producto
---
Las devoluciones son gratuitas durante treinta días. Abra el pedido, pulse **Devolver** e imprima la etiqueta.
""",
    "en/agents/goodwill.md": """---
title: Goodwill payments by the floor team
audience: agent
tags: [orders, internal]
---
Agents may grant a goodwill payment of forty euros with the voucher KESTREL when a parcel is nine days late.

## Never tell customers

The limit of ninety euros needs the approval of the shift lead in the Osprey room.
""",
}
#: Words that stand in the agents' article alone.
SECRETS = ("goodwill", "kestrel", "osprey", "shift lead", "ninety euros")


@functools.cache
def encoder() -> CompiledEncoder:
    """The compiled model; built where this machine has none yet."""
    return load_encoder(load())


def clean_environment() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith("TIERZERO_") and key != "PORT"
    }
    return kept | {"HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Centre:
    """A folder of articles and the data folder it is ingested into."""

    source: Path
    data: Path

    @contextmanager
    def services(self, **settings: object) -> Iterator[Services]:
        """The real services on the data folder, with the model that all tests share."""
        opened = Services(load(data=self.data, **settings), _encoder=encoder())
        try:
            yield opened
        finally:
            opened.close()

    def ingest(self, *, allow_empty: bool = False) -> Ingested:
        """Brings the index up to the source."""
        with self.services() as opened:
            return opened.ingestion.ingest([self.source], allow_empty=allow_empty)

    def write(self, path: str, text: str) -> None:
        """Writes an article."""
        target = self.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces a piece of an article that stands in it once."""
        text = (self.source / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        self.write(path, text.replace(old, new))

    def copy(self, folder: Path) -> "Centre":
        """The same help centre elsewhere, as if it had been ingested from there."""
        copied = Centre(folder / "source", folder / "data")
        shutil.copytree(self.source, copied.source)
        shutil.copytree(self.data, copied.data)
        with sqlite3.connect(copied.data / "tierzero.db") as connection:
            for table in ("files", "articles"):
                connection.execute(f"UPDATE {table} SET root = ?", (str(copied.source.resolve()),))
        connection.close()
        return copied

    def command(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Runs `tierzero` in a process of its own on the data folder."""
        return subprocess.run(
            [TIERZERO, *arguments],
            env=clean_environment() | {"TIERZERO_DATA": str(self.data)} | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def empty(folder: Path) -> Centre:
    """No article and no data."""
    centre = Centre(folder / "source", folder / "data")
    centre.source.mkdir()
    return centre


def ingested(folder: Path) -> Centre:
    """`ARTICLES` in a fresh index."""
    centre = empty(folder)
    for path, text in ARTICLES.items():
        centre.write(path, text)
    centre.ingest()
    return centre
