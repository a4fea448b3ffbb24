// The conversation: what is sent, what comes back, what is kept, and what panel and bubbles show of it.

import { type Api, Failure } from "./api";
import { Bubbles, spoken, stands } from "./bubbles";
import type { Config } from "./config";
import { h, icon, randomId } from "./dom";
import { load } from "./load";
import type { Extras, Kit } from "./kit";
import type { Memory } from "./memory";
import { Panel } from "./panel";
import { fill, type Texts, textsFor } from "./texts";
import { Together } from "./together";
import { isArticle } from "./topics";
import type { History, Outgoing, Reply, SentFile, Ticket } from "./types";

/** What this tab keeps; storage may be forbidden. */
function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(`tierzero:${name}`);
  } catch {
    return null;
  }
}

export class Talk {
  readonly panel: Panel;
  private readonly bubbles: Bubbles;
  private readonly together: Together;
  private loaded: Promise<void> | null = null;
  private busy = false;
  private ticket = "";
  /** The survey that was shown. */
  private asked = "";
  private failure: HTMLElement | null = null;
  private extras: Promise<Extras> | null = null;

  constructor(
    private readonly root: ShadowRoot,
    private readonly t: Texts,
    private readonly config: Config,
    private readonly api: Api,
    private readonly memory: Memory,
  ) {
    this.bubbles = new Bubbles(t, config, {
      choose: (text) => this.send(text),
      judge: (id, helpful, more) => api.judge(id, helpful, more),
      person: () => this.send(t.personMessage),
      contact: (email) => this.sendContact(email),
    });
    this.panel = new Panel(root, t, config, {
      send: (text) => this.send(text),
      person: () => this.send(t.personMessage),
      anew: () => this.anew(),
      keep: () => this.withExtras((extras) => extras.keep(), t.historyFailed),
      toggled: (open) => this.toggled(open),
      files: (files) => this.withExtras((extras) => extras.send(files), t.failed),
      writes: () => this.together.writes(),
    });
    this.together = new Together({
      api,
      base: config.api,
      locale: config.locale,
      t,
      panel: this.panel,
      bubbles: this.bubbles,
      memory: this.memory,
      busy: () => this.busy,
      replied: (reply) => this.showReply(reply, null),
      alone: (ticket) => {
        this.handedOver(ticket);
        // A survey comes a moment after what it asks about.
        for (const seconds of [0, 3, 20]) setTimeout(() => void this.refresh(), seconds * 1000);
      },
      files: (files) => this.files(files),
      arrived: (clientId) => {
        if (clientId !== this.memory.pending?.client_id || this.busy) return;
        this.memory.pending = null;
        this.memory.save();
        this.forgetFailure();
      },
    });
    if (config.open || this.wasOpen()) this.panel.toggle(true, false);
    // A walkthrough goes on where another page begins.
    const { host } = root;
    if (host.hasAttribute("offers") || host.hasAttribute("guides") || kept("guide")) this.withExtras(() => {});
    // Whoever people have is told of their words on every page, also while the chat is closed.
    if (this.memory.people) this.loaded ??= this.restore();
  }

  /** Opens the chat about an article of the help centre, named by its id, or about anything else in words. */
  async help(topic: string): Promise<void> {
    this.panel.toggle(true);
    await (this.loaded ??= this.restore());
    let asked = topic;
    if (isArticle(topic)) {
      try {
        const { title, url } = await this.api.topic(topic, this.config.locale);
        asked = title;
        this.panel.add(this.bubbles.article(title, url));
        // Whoever waits for people would only tell them the title of an article.
        if (this.memory.people) return this.panel.announce(title);
      } catch {
        asked = topic.replace(/[/_-]+/g, " ");
      }
    }
    if (this.busy) this.panel.draft(asked);
    else this.send(asked);
  }

  private toggled(open: boolean): void {
    try {
      sessionStorage.setItem("tierzero:open", `${open || Date.now()}`);
    } catch {
      // Forbidden storage: the panel is closed on the next page, no more.
    }
    if (open && this.loaded) void this.refresh();
    else if (open) this.loaded = this.restore();
    this.together?.wake();
  }

  private wasOpen(): boolean {
    return kept("open") === "true" && !matchMedia("(max-width: 30rem)").matches;
  }

  private greet(): void {
    const row = this.bubbles.says(this.config.greeting || this.t.greeting);
    if (this.config.starters.length && !this.memory.conversation) {
      row.append(this.bubbles.choices(this.config.starters));
    }
    this.panel.add(row);
  }

  private async restore(): Promise<void> {
    this.memory.load();
    this.greet();
    if (this.config.identified) {
      try {
        // Where an identified customer has talked elsewhere, they go on here.
        await this.api.line();
      } catch {
        // The first message asks again.
      }
    }
    const { conversation, pending } = this.memory;
    if (conversation) {
      try {
        this.showHistory(await this.api.history(conversation));
      } catch (error) {
        if (error instanceof Failure && error.status === 404) this.memory.clear();
        else this.showFailure(this.t.historyFailed, null);
      }
    }
    if (!this.memory.pending || !pending) return;
    this.panel.add(this.bubbles.customer(pending.message));
    this.showFailure(this.t.failed, () => void this.deliver(pending));
  }

  private showHistory(history: History): void {
    const { messages } = history;
    const handed = messages.filter((message) => message.reply?.kind === "handoff").pop();
    const [last] = messages.slice(-1);
    messages.forEach((message, place) => {
      let row: HTMLElement;
      if (message.role === "customer") row = this.bubbles.customer(message.text);
      else if (message.role === "agent") row = this.bubbles.agent(message.text, message.author);
      else if (!message.reply) row = this.bubbles.note(message.text);
      else {
        const ticket: Ticket | null = message === handed && history.ticket_reference
          ? { reference: history.ticket_reference, next_step: history.next_step,
            contact_known: history.contact_known, status: history.ticket_status }
          : null;
        // Choices wait for an answer on the next page too.
        row = this.bubbles.reply(message.reply, ticket, message === last && history.state === "awaiting_choice");
      }
      row.dataset.at = message.at;
      this.panel.add(row);
      this.together.saw(message, row, place);
      this.memory.unsent = this.memory.unsent.filter((one) => one.client_id !== message.client_id);
      if (message.client_id && message.client_id === this.memory.pending?.client_id) this.memory.pending = null;
    });
    this.memory.save();
    // Written after the chat was closed; what comes while this page is there is told by the line.
    if (last?.role === "agent" && Date.parse(last.at) > +kept("open")!) this.panel.announce("");
    this.files(history.files);
    this.panel.started(messages.length > 0);
    this.standing(history);
    this.together.showUnsent();
    this.together.follow(history.conversation_id, !!history.ticket_reference, messages.length);
  }

  send(text: string): void {
    if (this.busy || this.together.takes(text)) return;
    this.busy = true;
    const outgoing = { message: text, client_id: randomId() };
    void (this.loaded ??= this.restore()).then(() => {
      this.forgetFailure();
      const row = this.together.rowOf(outgoing, this.bubbles.customer(text));
      this.panel.add(row);
      return this.deliver(outgoing, row);
    });
  }

  private async sendContact(email: string): Promise<string> {
    if (this.busy) return this.t.failed;
    const message = fill(this.t.emailMessage, { email });
    this.busy = true;
    this.forgetFailure();
    const problem = await this.deliver({ message, client_id: randomId(), contact: email }, null);
    return problem;
  }

  /** Sends one message until it is answered or has failed. Resolves to what went wrong, or nothing. */
  private async deliver(outgoing: Outgoing, row: HTMLElement | null = null): Promise<string> {
    this.busy = true;
    this.failure?.remove();
    this.panel.busy(true);
    this.panel.started(true);
    for (const old of Array.from(this.panel.log.querySelectorAll(".choices"))) {
      if (old.contains(this.root.activeElement)) this.panel.focus();
      old.remove();
    }
    if (!outgoing.contact) {
      this.memory.pending = outgoing;
      this.memory.save();
    }
    let typing = this.bubbles.typing();
    this.panel.add(typing);
    let written = "";
    const heard = (text: string): void => {
      // What is written so far, in the place of the dots.
      const more = this.bubbles.says((written += ` ${text}`));
      typing.replaceWith(more);
      typing = more;
    };
    try {
      const reply = await this.exchange(outgoing, heard);
      typing.remove();
      this.answered(reply, outgoing, row);
      return "";
    } catch (error) {
      typing.remove();
      return this.explain(error instanceof Failure ? error : new Failure(0, String(error)), outgoing);
    } finally {
      this.busy = false;
      this.panel.busy(false);
      this.together.settle();
    }
  }

  /** One exchange; a conversation the service no longer knows is begun anew, one that moved on is tried again. */
  private async exchange(outgoing: Outgoing, heard: (text: string) => void): Promise<Reply> {
    const say = (): Promise<Reply> => this.api.say(outgoing, this.memory.conversation, this.config.locale, heard);
    try {
      return await say();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status === 404 && this.memory.conversation) this.memory.conversation = "";
      else if (error.status !== 409) throw error;
      return say();
    }
  }

  private answered(reply: Reply, outgoing: Outgoing, row: HTMLElement | null): void {
    this.memory.conversation = reply.conversation_id;
    this.memory.pending = null;
    this.memory.save();
    if (outgoing.contact) this.panel.add(row = this.together.rowOf(outgoing, this.bubbles.customer(outgoing.message)));
    // A person who has joined meanwhile answers by themselves.
    if (reply.text && this.together.isNew(reply.message_id)) this.showReply(reply, row);
    this.together.follow(reply.conversation_id, !!reply.ticket);
    void this.extras?.then((extras) => extras.opened());
  }

  private files(files: SentFile[]): void {
    if (files.length || this.extras) this.withExtras((extras) => extras.there(files));
  }

  /** Does something with what is loaded when it is used; `problem` is said where it cannot be had. */
  withExtras(use: (extras: Extras) => void, problem = ""): void {
    this.extras ??= load(this.kit());
    this.extras.then(use, () => {
      this.extras = null;
      if (problem) this.say(problem);
    });
  }

  private kit(): Kit {
    const { api, config, memory, panel, root, t } = this;
    return {
      shadow: root, service: config.api, locale: config.locale, h, icon, words: textsFor, you: t.you, team: t.agent, again: t.retry,
      log: t.log,
      limits: () => api.limits(),
      session: async () => (await api.line())[1]!,
      conversation: () => memory.conversation,
      people: () => memory.people,
      add: (row, at = "") => {
        const later = at && Array.from(panel.log.children).find((one) => (one as HTMLElement).dataset.at! > at);
        if (later) later.before(row);
        else panel.add(row);
      },
      say: (text) => panel.announce(text),
      note: (text) => this.say(text),
      offer: (words, chosen) => {
        panel.add(this.bubbles.choices(words, chosen));
        panel.focus();
      },
    };
  }

  private say(text: string): void {
    this.panel.add(this.bubbles.note(text));
    this.panel.announce(text);
  }

  private showReply(reply: Reply, row: HTMLElement | null): void {
    const isNew = reply.ticket !== null && reply.ticket.reference !== this.ticket;
    const ticket = isNew ? reply.ticket : null;
    const told = this.bubbles.reply(reply, ticket, true);
    this.panel.add(told, row ?? told);
    this.panel.announce(spoken(reply, ticket));
    if (reply.ticket) this.handedOver(reply.ticket.reference, reply.ticket.status);
  }

  private handedOver(reference: string, status = ""): void {
    this.ticket = reference;
    const told = [fill(this.t.withTeam, { reference }), stands(this.t, status)].filter(Boolean);
    if (reference) this.panel.showTeam(told.join(" · "));
    else this.panel.showPerson();
  }

  /** How the ticket stands by now, and the survey once it is solved. */
  private standing(history: History): void {
    const { survey } = history;
    if (history.ticket_reference && !history.agent) this.handedOver(history.ticket_reference, history.ticket_status);
    if (!survey || survey === this.asked) return;
    this.asked = survey;
    const rated = (place: number, comment: string): Promise<void> =>
      this.api.rated(survey, comment ? { satisfaction: place + 1, comment } : { satisfaction: place + 1 });
    this.panel.add(this.bubbles.inquire(this.t.rate, this.t.scores, rated));
  }

  private async refresh(): Promise<void> {
    const { conversation } = this.memory;
    if (!this.ticket || this.busy) return;
    try {
      const history = await this.api.history(conversation);
      if (conversation === this.memory.conversation) this.standing(history);
    } catch {
      // What stood there still stands.
    }
  }

  private explain(failure: Failure, outgoing: Outgoing): string {
    // What the service refused as it is would be refused again.
    const hopeless = failure.status === 413 || failure.status === 422;
    const seconds = String(failure.retryAfter || 5);
    const reason = failure.status === 413 ? this.t.tooLong
      : failure.status === 429 ? fill(this.t.wait, { seconds })
      : navigator.onLine ? this.t.failed : this.t.offline;
    if (outgoing.contact) return failure.status === 422 ? this.t.emailInvalid : reason;
    if (hopeless) {
      this.memory.pending = null;
      this.memory.save();
    }
    this.showFailure(reason, hopeless ? null : () => void this.deliver(outgoing));
    return reason;
  }

  private showFailure(reason: string, retry: (() => void) | null): void {
    this.failure?.remove();
    this.failure = this.bubbles.failed(reason, retry && (() => {
      this.panel.focus();
      retry();
    }));
    this.panel.add(this.failure);
    this.panel.announce(reason);
  }

  /** A new message goes its own way; the one that failed stays readable but is given up. */
  private forgetFailure(): void {
    this.failure?.remove();
    this.failure = null;
  }

  private anew(): void {
    if (this.busy) return;
    this.memory.clear();
    this.ticket = "";
    this.together.stop();
    this.failure = null;
    this.panel.log.replaceChildren();
    this.panel.started(false);
    this.panel.showPerson();
    this.greet();
    this.panel.focus();
  }
}
