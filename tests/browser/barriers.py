"""What keeps somebody out of a page, by axe-core: in the colours that the page has, and in the dark ones."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: Rules of axe-core that look at colours; all others find the same, whatever the scheme.
_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
_AXE = Axe()


def barriers(page: Page, *, dark: bool = True) -> list[str]:
    """Findings of any weight, each with the elements it means; with `dark` in both colour schemes."""
    # A page that has just come may be there in part.
    page.wait_for_load_state()
    found = _told(_AXE.run(page), "")
    if dark:
        page.emulate_media(color_scheme="dark")
        found += _told(_AXE.run(page, options=_OF_COLOURS), "dark ")
        page.emulate_media(color_scheme="light")
    return found


def _told(results: Any, scheme: str) -> list[str]:
    return [
        f"{scheme}{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in results.response["violations"]
    ]
