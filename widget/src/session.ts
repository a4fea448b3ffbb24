// Who talks, as far as conversations must be kept apart: a short-lived session, renewed before it ends.

import { Failure, post } from "./api";
import type { Memory } from "./memory";
import type { Limits } from "./types";

interface Begun {
  session: string;
  renewal: string;
  expires_in: number;
  conversation_id: string;
  streams: boolean;
  files: Limits;
}

/** Milliseconds before its end from which on a session counts as over: clocks and networks are not exact. */
const MARGIN = 60_000;

export class Session {
  /** Whether a language model writes, so that answers may come piece by piece. */
  streams = false;
  limits: Limits | null = null;
  private token = "";
  private until = 0;
  private coming: Promise<string> | null = null;

  constructor(
    private readonly base: string,
    private readonly memory: Memory,
    /** What the site's server signed about its customer, as the page has it now; or nothing. */
    private readonly identity: () => string,
  ) {}

  /** A token that holds; asked for when it is needed, and once for all who need it at the same time. */
  get(): Promise<string> {
    if (Date.now() < this.until) return Promise.resolve(this.token);
    return (this.coming ??= this.begin().finally(() => (this.coming = null)));
  }

  /** The service refused it. */
  drop(): void {
    this.until = 0;
  }

  private async begin(): Promise<string> {
    const { memory } = this;
    const ask = (identity: string): Promise<Begun> =>
      post(`${this.base}/chat/session`, { renewal: memory.renewal, identity }) as Promise<Begun>;
    let begun: Begun;
    try {
      begun = await ask(this.identity());
    } catch (error) {
      // An identity that has ended, or was never right, costs nobody their help.
      if (!this.identity() || !(error instanceof Failure) || error.status !== 401) throw error;
      console.warn(`tierzero: ${error.message}`);
      begun = await ask("");
    }
    this.token = begun.session;
    this.until = Date.now() + begun.expires_in * 1000 - MARGIN;
    this.streams = begun.streams;
    this.limits = begun.files;
    if (begun.renewal) memory.renewal = begun.renewal;
    memory.conversation ||= begun.conversation_id;
    memory.save();
    return this.token;
  }
}
