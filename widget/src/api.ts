// The service's operations; every way to fail ends in one `Failure`.

import type { Session } from "./session";
import type { History, Limits, Outgoing, Reply, Topic } from "./types";

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

/** Asks, with a body by POST, and reads the answer; `heard` gets each sentence of an answer that is still written. */
export async function post(
  url: string,
  body?: object,
  headers: Record<string, string> = {},
  heard?: (text: string) => void,
): Promise<unknown> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  const init: RequestInit = { credentials: "omit", signal: abort.signal, headers };
  if (body) {
    init.method = "POST";
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  if (heard) headers.Accept = "text/event-stream";
  try {
    const response = await fetch(url, init);
    if (response.status === 204) return null;
    const type = response.headers.get("Content-Type") ?? "";
    if (heard && /event-stream/.test(type)) return await events(response, heard);
    const data = /json/.test(type) ? await response.json() : await response.text();
    if (response.ok) return data;
    throw new Failure(response.status, data.detail, Number(response.headers.get("Retry-After")) || 0);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(0, String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Server-sent events: sentences as they come, then the reply or the problem. */
async function events(response: Response, heard: (text: string) => void): Promise<unknown> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) throw new Failure(0);
    const told = (rest + value).split("\n\n");
    rest = told.pop()!;
    for (const event of told) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)/.exec(event) ?? [];
      const content = JSON.parse(data || "{}");
      if (name === "sentence") heard(content.text);
      else if (name === "reply") return content;
      else if (name) throw new Failure(content.status, content.detail);
    }
  }
}

export class Api {
  constructor(
    private readonly base: string,
    private readonly visit: Session,
    /** What the page says of itself right now. */
    private readonly context: () => object,
  ) {}

  async say(outgoing: Outgoing, conversation: string, locale: string, heard?: (text: string) => void): Promise<Reply> {
    const body: Record<string, unknown> = { ...outgoing, context: this.context() };
    if (conversation) body.conversation_id = conversation;
    if (locale) body.locale = locale;
    await this.visit.get();
    return this.call("", body, this.visit.streams ? heard : undefined) as Promise<Reply>;
  }

  async judge(messageId: string, helpful: boolean, more: object = {}): Promise<void> {
    await this.call(`/${encodeURIComponent(messageId)}/feedback`, { helpful, ...more });
  }

  async rated(survey: string, answer: object): Promise<void> {
    await post(`${this.base}/surveys/${survey}`, answer);
  }

  history(conversation: string): Promise<History> {
    return this.call(`/${encodeURIComponent(conversation)}/messages?present=true`) as Promise<History>;
  }

  /** The article of this id, in the language of the reader where there is one. */
  topic(article: string, locale: string): Promise<Topic> {
    return this.call(`/topic?${new URLSearchParams({ article, locale })}`) as Promise<Topic>;
  }

  /** What a socket is opened with. */
  async line(): Promise<string[]> {
    return ["tierzero", await this.visit.get()];
  }

  /** Which files are taken. */
  async limits(): Promise<Limits> {
    await this.visit.get();
    return this.visit.limits!;
  }

  /** The service said that the session is over. */
  ended(): void {
    this.visit.drop();
  }

  private async call(path: string, body?: object, heard?: (text: string) => void): Promise<unknown> {
    const ask = async (): Promise<unknown> =>
      post(`${this.base}/chat${path}`, body, { "Tierzero-Session": await this.visit.get() }, heard);
    try {
      return await ask();
    } catch (error) {
      if ((error as Failure).status !== 401) throw error;
      this.visit.drop();
      return ask();
    }
  }
}
