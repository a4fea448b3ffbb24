// A place of the page, told by a selector: a ring around it, and a card beside it that stays within the window.

import type { Kit } from "../kit";

/** Pixels between place, ring and card. */
const GAP = 12;

export class Spot {
  readonly ring: HTMLElement;
  private shown: Element | null = null;

  constructor(h: Kit["h"], private readonly card: HTMLElement) {
    this.ring = h("div", { class: "ring", "aria-hidden": "true", hidden: true });
  }

  /** Puts both where the place is now; whether there is one, or none is meant. */
  place(selector: string): boolean {
    const found = selector ? this.find(selector) : null;
    this.ring.hidden = !found;
    this.card.classList.toggle("free", !found);
    if (!found) {
      this.card.style.top = this.card.style.left = "";
      this.shown = null;
      return !selector;
    }
    if (found !== this.shown) found.scrollIntoView({ block: "center" });
    this.shown = found;
    const { top, left, width, height } = found.getBoundingClientRect();
    Object.assign(this.ring.style, { top: `${top - 4}px`, left: `${left - 4}px`, width: `${width + 8}px`, height: `${height + 8}px` });
    const { offsetWidth, offsetHeight } = this.card;
    const below = top + height + GAP;
    const fits = below + offsetHeight <= innerHeight - GAP;
    const within = (at: number, size: number, all: number): number => Math.max(GAP, Math.min(at, all - size - GAP));
    this.card.style.top = `${within(fits ? below : top - offsetHeight - GAP, offsetHeight, innerHeight)}px`;
    this.card.style.left = `${within(left, offsetWidth, document.documentElement.clientWidth)}px`;
    return true;
  }

  /** The first element that is there to be seen; a selector that makes no sense finds nothing. */
  private find(selector: string): Element | null {
    try {
      return Array.from(document.querySelectorAll(selector)).find((one) => one.getClientRects().length) ?? null;
    } catch {
      return null;
    }
  }
}
