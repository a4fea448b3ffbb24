// <tierzero-chat>: reads its attributes, waits for its language, and then holds one conversation.

import { about } from "./about";
import { Api } from "./api";
import { readConfig } from "./config";
import { Memory } from "./memory";
import { Session } from "./session";
import css from "./style.css";
import { Talk } from "./talk";
import { textsFor } from "./texts";
import { watchTopics } from "./topics";

export const TAG = "tierzero-chat";

/** Where the script came from; the service is there unless `api` says otherwise. */
let scriptOrigin = "";
export function setScriptOrigin(origin: string): void {
  scriptOrigin = origin;
}

export class TierzeroChat extends HTMLElement {
  private away: AbortController | null = null;
  private talk: Promise<Talk> | null = null;
  private given: Record<string, unknown> = {};

  connectedCallback(): void {
    const { signal } = (this.away = new AbortController());
    this.talk ??= this.begin();
    watchTopics((topic) => void (topic ? this.help(topic) : this.open()), signal);
    void this.talk.then((talk) => talk.panel.watchKeyboard(signal));
  }

  disconnectedCallback(): void {
    this.away?.abort();
  }

  /** Opens the chat; with a text, asks it. */
  async open(question = ""): Promise<void> {
    const talk = await this.talk!;
    talk.panel.toggle(true);
    if (question) talk.send(question);
  }

  /** Opens the chat about an article of the help centre, named by its id, or about anything else in words. */
  async help(topic: string): Promise<void> {
    await (await this.talk!).help(topic);
  }

  /** What went wrong on the page so far; a rule may offer help. */
  troubles = 0;

  /** Something went wrong on the page, such as a refused card. */
  trouble(): void {
    this.troubles++;
  }

  /** Leads through the steps of an article; `places` are selectors of them, where the article has none. */
  async guide(article: string, places: string[] = []): Promise<void> {
    (await this.talk!).withExtras((extras) => extras.guide(article, places));
  }

  /** What the page says of itself: `product`, `plan`, `page`; each may be left out. */
  context(given: Record<string, unknown>): void {
    this.given = { ...given };
  }

  async close(): Promise<void> {
    (await this.talk!).panel.toggle(false);
  }

  private async begin(): Promise<Talk> {
    const config = readConfig(this, scriptOrigin);
    this.dir ||= document.documentElement.dir || getComputedStyle(document.body).direction;
    const { position } = config;
    if (position === "start" || position === (this.dir === "rtl" ? "right" : "left")) this.setAttribute("side", "start");
    if (config.color) {
      this.style.setProperty("--tz-accent", config.color);
      this.style.setProperty("--tz-accent-ink", config.ink);
    }
    const texts = await textsFor(config.api, config.locale);
    const root = this.attachShadow({ mode: "open", delegatesFocus: false });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const memory = new Memory(`tierzero:${config.api}`);
    // Read each time: a page may give a newer one.
    const session = new Session(config.api, memory, () => this.getAttribute("identity") ?? "");
    return new Talk(root, texts, config, new Api(config.api, session, () => about(this.given)), memory);
  }
}
