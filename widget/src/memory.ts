// What outlives a page: the conversation's id and a message not yet answered. Nothing else, and no cookie.

import type { Outgoing } from "./types";

/** A conversation untouched for a day is over; a shared computer should not show it to the next person. */
const FORGET_AFTER = 24 * 60 * 60 * 1000;

interface Kept {
  conversation: string;
  pending: Outgoing | null;
  at: number;
}

export class Memory {
  conversation = "";
  pending: Outgoing | null = null;

  constructor(private readonly key: string) {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
      if (kept && Date.now() - kept.at < FORGET_AFTER) {
        this.conversation = String(kept.conversation ?? "");
        this.pending = kept.pending?.message && kept.pending.client_id ? kept.pending : null;
      }
    } catch {
      // Storage may be forbidden or hold something else: then this page's memory has to do.
    }
  }

  save(): void {
    const kept: Kept = { conversation: this.conversation, pending: this.pending, at: Date.now() };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Full or forbidden; the conversation goes on until the page is left.
    }
  }

  clear(): void {
    this.conversation = "";
    this.pending = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was stored then.
    }
  }
}
