// The service's operations; every way to fail ends in one `Failure`.

import type { History, Outgoing, Reply, Topic } from "./types";

/** Milliseconds after which a request counts as failed; the service itself answers in a fraction of it. */
const PATIENCE = 20_000;

export class Failure extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    detail = "",
    /** Seconds to wait before trying again. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }
}

export class Api {
  constructor(private readonly base: string) {}

  say(outgoing: Outgoing, conversation: string, locale: string): Promise<Reply> {
    const body: Record<string, string> = { ...outgoing };
    if (conversation) body.conversation_id = conversation;
    if (locale) body.locale = locale;
    return this.call("/chat", body) as Promise<Reply>;
  }

  async judge(messageId: string, helpful: boolean): Promise<void> {
    await this.call(`/chat/${encodeURIComponent(messageId)}/feedback`, { helpful });
  }

  history(conversation: string): Promise<History> {
    return this.call(`/chat/${encodeURIComponent(conversation)}/messages?present=true`) as Promise<History>;
  }

  /** The article of this id, in the language of the reader where there is one. */
  topic(article: string, locale: string): Promise<Topic> {
    return this.call(`/chat/topic?${new URLSearchParams({ article, locale })}`) as Promise<Topic>;
  }

  private async call(path: string, body?: object): Promise<unknown> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE);
    const init: RequestInit = { credentials: "omit", signal: abort.signal };
    if (body) {
      init.method = "POST";
      init.headers = { "Content-Type": "application/json" };
      init.body = JSON.stringify(body);
    }
    try {
      const response = await fetch(this.base + path, init);
      if (response.status === 204) return null;
      const data = await response.json();
      if (response.ok) return data;
      throw new Failure(response.status, data.detail, Number(response.headers.get("Retry-After")) || 0);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(0, String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}
