// What outlives a page: the conversation's id, what renews its session, and a message not yet answered. No cookie.

import type { Outgoing } from "./types";

/** A conversation untouched for a day is over; a shared computer should not show it to the next person. */
const FORGET_AFTER = 24 * 60 * 60 * 1000;

export class Memory {
  conversation = "";
  pending: Outgoing | null = null;
  /** Said to a person while the line was down, in order. */
  unsent: Outgoing[] = [];
  /** Whether people have it: then their words are waited for on every page. */
  people = false;
  /** Goes on with the session of this customer. */
  renewal = "";
  /** When it was kept, in milliseconds. */
  at = 0;

  constructor(private readonly key: string) {
    this.load();
  }

  /** What another page of this site may have changed meanwhile. */
  load(): void {
    const { key } = this;
    try {
      const kept = JSON.parse(localStorage.getItem(key)!);
      if (Date.now() - kept.at < FORGET_AFTER) Object.assign(this, kept, { key });
    } catch {
      // Storage may be forbidden or hold something else: then this page's memory has to do.
    }
  }

  save(): void {
    this.at = Date.now();
    try {
      localStorage.setItem(this.key, JSON.stringify(this));
    } catch {
      // Full or forbidden; the conversation goes on until the page is left.
    }
  }

  clear(): void {
    this.conversation = "";
    this.pending = null;
    this.unsent = [];
    this.people = false;
    this.save();
  }
}
