// What outlives a page: the conversation's id and a message not yet answered. Nothing else, and no cookie.

import type { Outgoing } from "./types";

/** A conversation untouched for a day is over; a shared computer should not show it to the next person. */
const FORGET_AFTER = 24 * 60 * 60 * 1000;

interface Kept {
  conversation: string;
  pending: Outgoing | null;
  unsent: Outgoing[];
  people: boolean;
  at: number;
}

export class Memory {
  conversation = "";
  pending: Outgoing | null = null;
  /** Said to a person while the line was down, in order. */
  unsent: Outgoing[] = [];
  /** Whether people have it: then their words are waited for on every page. */
  people = false;

  constructor(private readonly key: string) {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
      if (kept && Date.now() - kept.at < FORGET_AFTER) {
        this.conversation = String(kept.conversation ?? "");
        this.pending = kept.pending?.message && kept.pending.client_id ? kept.pending : null;
        this.unsent = kept.unsent ?? [];
        this.people = !!kept.people;
      }
    } catch {
      // Storage may be forbidden or hold something else: then this page's memory has to do.
    }
  }

  save(): void {
    const { conversation, pending, unsent, people } = this;
    const kept: Kept = { conversation, pending, unsent, people, at: Date.now() };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Full or forbidden; the conversation goes on until the page is left.
    }
  }

  clear(): void {
    this.conversation = "";
    this.pending = null;
    this.unsent = [];
    this.people = false;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was stored then.
    }
  }
}
