// People in the conversation: shows what they and the service say as it comes, and sends what the customer says to
// them, in order and once, however often the line breaks.

import { type Api, Failure } from "./api";
import type { Bubbles } from "./bubbles";
import { h, randomId } from "./dom";
import { Live } from "./live";
import type { Memory } from "./memory";
import type { Panel } from "./panel";
import { fill, type Texts } from "./texts";
import type { LiveState, Message, Outgoing, Reply, SentFile } from "./types";

/** A typing sign that is not renewed fades after this. */
const FADES = 7_000;
const WITH_PEOPLE = /people|agent|contact/;

export interface Parts {
  api: Api;
  base: string;
  locale: string;
  t: Texts;
  panel: Panel;
  bubbles: Bubbles;
  memory: Memory;
  /** Whether an exchange with the service is under way, whose messages come back that way too. */
  busy(): boolean;
  /** A reply of the bot came for something said to people who have left meanwhile. */
  replied(reply: Reply): void;
  /** Nobody is in the chat any more; people still have it where there is a ticket. */
  alone(ticket: string): void;
  /** What both sides have sent. */
  files(files: SentFile[]): void;
  /** A message of the customer is known to be stored. */
  arrived(clientId: string): void;
}

export class Together {
  private readonly live: Live;
  private readonly known = new Set<string>();
  private readonly rows = new Map<string, HTMLElement>();
  private readonly held: Message[] = [];
  private readonly mark = h("p", { class: "mark" });
  private dots: HTMLElement | null = null;
  private fading = 0;
  private agent = "";
  private last = -1;
  private state: LiveState | null = null;
  private sending = false;

  constructor(private readonly p: Parts) {
    this.live = new Live(p.base, p.api, {
      message: (message) => this.heard(message),
      state: (state) => this.stands(state),
      files: p.files,
      back: () => void this.flush(),
      people: () => p.memory.people,
    }, () => p.panel.isOpen && !document.hidden);
  }

  follow(conversation: string, people: boolean, next = 0): void {
    this.p.memory.people = people;
    this.p.memory.save();
    this.live.follow(conversation, next);
  }

  stop(): void {
    this.live.stop();
    this.known.clear();
    this.rows.clear();
    this.stands({ state: "answering", agent: "", ticket: "", typing: false, delivered: 0, read: 0 });
    this.last = -1;
    this.mark.remove();
  }

  wake(): void {
    this.live.wake();
  }

  writes(): void {
    if (this.p.memory.people) this.live.writes();
  }

  /** Whether a message is new here; it counts as known from now on. */
  isNew(id: string): boolean {
    const before = this.known.size;
    return this.known.add(id).size > before;
  }

  /** A message from the history, shown already. */
  saw(message: Message, row: HTMLElement, place: number): void {
    this.isNew(message.id);
    if (message.role === "customer") this.own(message.client_id, row, place);
  }

  /** Takes what the customer says where a person is in the chat; the bot has no part in it then. */
  takes(text: string): boolean {
    const { memory, panel, bubbles } = this.p;
    if (!this.agent && !memory.unsent.length) return false;
    const outgoing = { message: text, client_id: randomId() };
    this.live.wrote();
    panel.add(this.rowOf(outgoing, bubbles.customer(text)));
    memory.unsent.push(outgoing);
    memory.save();
    void this.flush();
    return true;
  }

  /** Shows again what is not sent yet, after the history. */
  showUnsent(): void {
    for (const one of this.p.memory.unsent) this.p.panel.add(this.rowOf(one, this.p.bubbles.customer(one.message)));
    void this.flush();
  }

  /** The exchange that was under way is over; what came meanwhile and was not part of it is shown now. */
  settle(): void {
    for (const message of this.held.splice(0)) this.heard(message);
  }

  /** The customer's own words and the row that shows them. */
  own(clientId: string, row: HTMLElement, place: number): void {
    this.rows.set(clientId, row);
    if (place > this.last) this.last = place;
    this.marks();
  }

  rowOf(outgoing: Outgoing, row: HTMLElement): HTMLElement {
    this.rows.set(outgoing.client_id, row);
    return row;
  }

  private async flush(): Promise<void> {
    const { api, memory, locale } = this.p;
    if (this.sending) return;
    this.sending = true;
    let problem = "";
    while (memory.unsent.length && !problem) {
      const outgoing = memory.unsent[0]!;
      try {
        const reply = await api.say(outgoing, memory.conversation, locale);
        memory.unsent.shift();
        if (reply.text && this.isNew(reply.message_id)) this.p.replied(reply);
      } catch (error) {
        problem = this.refused(error, outgoing);
      }
      memory.save();
    }
    this.sending = false;
    this.marks(problem);
  }

  /** What stands below a message that was not sent; one that the service will never take is given up. */
  private refused(error: unknown, outgoing: Outgoing): string {
    const { memory, panel, t } = this.p;
    const status = error instanceof Failure ? error.status : 0;
    if (status < 400 || status === 429 || status >= 500 || status === 409) {
      setTimeout(() => void this.flush(), 1000 * ((error as Failure).retryAfter || 3));
      return t.later;
    }
    memory.unsent.shift();
    const row = this.rows.get(outgoing.client_id);
    row?.append(h("div", { class: "failed" }, status === 413 ? t.tooLong : t.failed));
    panel.announce(t.failed);
    return "";
  }

  private heard(message: Message): void {
    const { panel, bubbles } = this.p;
    const row = message.client_id && this.rows.get(message.client_id);
    if (message.role === "customer" && row) {
      this.isNew(message.id);
      this.p.arrived(message.client_id);
      return this.own(message.client_id, row, message.seq ?? this.last + 1);
    }
    if (this.p.busy() && /customer|bot/.test(message.role)) return void this.held.push(message);
    if (!this.isNew(message.id)) return;
    if (message.role === "customer") {
      const shown = bubbles.customer(message.text);
      panel.add(shown);
      return this.own(message.client_id, shown, message.seq ?? this.last + 1);
    }
    this.type(false);
    const shown = message.role === "agent" ? bubbles.agent(message.text, message.author)
      : message.reply ? bubbles.reply(message.reply, null, false) : bubbles.note(message.text);
    shown.dataset.at = message.at;
    panel.add(shown);
    panel.announce(message.author ? `${message.author}: ${message.text}` : message.text);
    this.marks();
  }

  private stands(state: LiveState): void {
    const { panel, memory, t } = this.p;
    this.state = state;
    memory.people = WITH_PEOPLE.test(state.state);
    if (state.agent !== this.agent) {
      this.agent = state.agent;
      if (this.agent) panel.showTeam(fill(t.withAgent, { name: this.agent }));
      else this.p.alone(state.ticket);
      memory.save();
    }
    this.type(state.typing);
    this.marks();
  }

  private type(on: boolean): void {
    clearTimeout(this.fading);
    this.dots?.remove();
    this.dots = null;
    if (!on) return;
    this.dots = this.p.bubbles.typing(fill(this.p.t.writing, { name: this.agent }));
    this.p.panel.add(this.dots);
    this.fading = setTimeout(() => this.type(false), FADES);
  }

  /** Below the customer's last word to a person: whether it has arrived there, and was read. */
  private marks(problem = ""): void {
    const { memory, panel, t } = this.p;
    const waits = memory.unsent[memory.unsent.length - 1];
    const rows = Array.from(panel.log.querySelectorAll(".me"));
    const row = waits ? this.rows.get(waits.client_id) : rows[rows.length - 1];
    if (!row || !(waits || this.agent)) return this.mark.remove();
    const { read, delivered } = this.state!;
    this.mark.textContent = waits ? problem : read > this.last ? t.read : delivered > this.last ? t.delivered : t.sent;
    row.after(this.mark);
  }
}
