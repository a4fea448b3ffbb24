// One message in, its elements out. These know nothing of the network: what a click means is passed in.

import type { Config } from "./config";
import { h, icon, randomId } from "./dom";
import { blocks, link, parts } from "./format";
import { fill, type Texts } from "./texts";
import type { Citation, Reply, Ticket } from "./types";

/** What the service calls the reasons, in the order of the texts. */
const REASONS = ["off_topic", "unclear", "incomplete", "wrong"];

/** How a ticket stands, in words; `on_hold` is being worked on, for the customer. */
export function stands(t: Texts, status: string): string {
  return t.statuses.split("|")["nowsc".indexOf(status.charAt(0))] ?? "";
}

export interface Actions {
  choose(text: string): void;
  judge(messageId: string, helpful: boolean, more?: object): Promise<void>;
  person(): void;
  /** Resolves to a problem to show, or to an empty string. */
  contact(email: string): Promise<string>;
}

export class Bubbles {
  constructor(
    private readonly t: Texts,
    private readonly config: Config,
    private readonly actions: Actions,
  ) {}

  customer(text: string): HTMLElement {
    return this.row("me", this.t.you, h("div", { class: "bubble", dir: "auto" }, text));
  }

  agent(text: string, name: string): HTMLElement {
    const bubble = h("div", { class: "bubble", dir: "auto" }, ...blocks(text));
    return name ? h("div", { class: "row bot agent" }, h("span", { class: "name", dir: "auto" }, name), bubble)
      : this.row("bot agent", this.t.agent, bubble);
  }

  /** What happened around the talk, such as who joined. */
  note(text: string): HTMLElement {
    return h("p", { class: "note", dir: "auto" }, text);
  }

  says(text: string): HTMLElement {
    return this.row("bot", this.t.bot, h("div", { class: "bubble", dir: "auto" }, ...blocks(text)));
  }

  article(title: string, url: string): HTMLElement {
    const more = link(url, title, `${this.config.api || location.origin}/`, icon("out"));
    return this.row("bot", this.t.openArticle, h("div", { class: "bubble goto", dir: "auto" }, more));
  }

  typing(label = this.t.typing): HTMLElement {
    const dots = h("div", { class: "bubble dots", role: "img", "aria-label": label });
    dots.append(h("i"), h("i"), h("i"));
    return this.row("bot", "", dots);
  }

  /** `fresh`: just answered, so it may be judged and its choices taken; not so what history brings back. */
  reply(reply: Reply, ticket: Ticket | null, fresh: boolean): HTMLElement {
    const row = this.row("bot", this.t.bot);
    const told = parts(reply);
    for (const { text, citation } of told) {
      row.append(citation ? this.quote(citation) : h("div", { class: "bubble", dir: "auto" }, ...blocks(text)));
    }
    for (const citation of reply.citations) {
      if (!told.some((part) => part.citation === citation)) row.append(this.source(citation));
    }
    if (fresh && reply.choices[0]) {
      const offered = this.choices(reply.choices);
      // The last may refuse the others.
      offered.lastElementChild!.className = reply.none && "fallback";
      row.append(offered);
    }
    if (ticket) row.append(this.handOff(ticket));
    if (fresh && reply.kind === "answer") row.append(this.judgement(reply.message_id));
    return row;
  }

  choices(texts: string[], choose = this.actions.choose): HTMLElement {
    const buttons = texts.map((text) =>
      h("button", { type: "button", dir: "auto", click: () => choose(text) }, text));
    return h("div", { class: "choices", role: "group", "aria-label": this.t.choices }, ...buttons);
  }

  /** Asks to choose one of some words, then for more in the customer's own; `tell` keeps both. */
  inquire(label: string, words: string, tell: (place: number, text: string) => Promise<void>): HTMLElement {
    const box = h("div", { class: "choices", role: "group", "aria-label": label }, h("p", {}, label));
    let chosen = -1;
    const input = h("input", { placeholder: this.t.more, "aria-label": this.t.more, maxlength: "1000" });
    const form = h("form", { class: "line", hidden: true }, input, h("button", { type: "submit" }, this.t.send));
    const keep = async (): Promise<void> => {
      try {
        await tell(chosen, input.value.trim());
      } catch {
        return; // Everything stays, so that it can be said again.
      }
      form.hidden = false;
      if (!input.value.trim()) return input.focus({ preventScroll: true });
      const done = h("p", { role: "status", tabindex: "-1" }, this.t.thanks);
      box.replaceChildren(done);
      done.focus({ preventScroll: true });
    };
    const buttons = words.split("|").map((word, place) =>
      h("button", { type: "button", "aria-pressed": "false", click: () => {
        chosen = place;
        buttons.forEach((one, at) => one.setAttribute("aria-pressed", String(at === place)));
        void keep();
      } }, word));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void keep();
    });
    box.append(...buttons, form);
    return box;
  }

  failed(reason: string, retry: (() => void) | null): HTMLElement {
    const box = h("div", { class: "failed" }, h("span", {}, reason));
    if (retry) box.append(h("button", { type: "button", click: retry }, this.t.retry));
    if (this.config.contact) {
      const [before = "", after = ""] = this.t.orWrite.split("{email}");
      const mail = h("a", { href: `mailto:${encodeURI(this.config.contact)}` }, this.config.contact);
      box.append(h("span", { class: "fallback" }, before, mail, after));
    }
    return box;
  }

  private row(className: string, author: string, ...children: Node[]): HTMLElement {
    const name = author ? h("span", { class: "sr" }, `${author}: `) : null;
    return h("div", { class: `row ${className}` }, name, ...children);
  }

  private quote(citation: Citation): HTMLElement {
    const passage = h("blockquote", { dir: "auto", lang: citation.locale }, ...blocks(citation.text));
    return h("div", { class: "quote" }, passage, this.source(citation, passage));
  }

  /** A line that names the source; opened, it marks or shows the passage, says where it stands and leads there. */
  private source(citation: Citation, shown: HTMLElement | null = null): HTMLElement {
    const id = `s${randomId()}`;
    const label = h("span", { class: "do" }, this.t.showSource);
    const button = h("button", { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": id },
      icon("page"), h("span", { class: "title", dir: "auto" }, citation.title), label, icon("down", "turn"));
    const more = link(citation.url, this.t.openArticle, `${this.config.api || location.origin}/`, icon("out"));
    const path = citation.heading_path.length
      ? h("p", { class: "path", dir: "auto" }, citation.heading_path.join(" › "))
      : null;
    const passage = shown ?? h("blockquote", { dir: "auto", lang: citation.locale }, ...blocks(citation.text));
    const body = h("div", { class: "details", id, hidden: true }, path, shown ? null : passage,
      h("p", { class: "goto" }, more));
    button.addEventListener("click", () => {
      body.hidden = !body.hidden;
      passage.classList.toggle("marked", !body.hidden);
      button.setAttribute("aria-expanded", String(!body.hidden));
      label.textContent = body.hidden ? this.t.showSource : this.t.hideSource;
    });
    return h("div", { class: "source", "data-article": citation.article_id }, button, body);
  }

  private judgement(messageId: string): HTMLElement {
    const box = h("div", { class: "judge", role: "group", "aria-label": this.t.helpful });
    const judge = async (helpful: boolean): Promise<void> => {
      try {
        await this.actions.judge(messageId, helpful);
      } catch {
        return; // The buttons stay, so that it can be said again.
      }
      const told = h("span", { role: "status", tabindex: "-1" });
      box.replaceChildren(told);
      told.textContent = helpful ? this.t.thanks : this.t.sorry;
      if (!helpful) {
        box.append(h("button", { type: "button", class: "textual", click: () => this.actions.person() }, this.t.person));
      }
      if (!helpful) {
        box.append(this.inquire(this.t.why, this.t.reasons, (place, comment) =>
          this.actions.judge(messageId, false, { reason: REASONS[place], comment })));
      }
      told.focus({ preventScroll: true });
    };
    const button = (helpful: boolean, label: string): HTMLElement =>
      h("button", { type: "button", "aria-label": label, title: label, click: () => void judge(helpful) },
        icon("up", helpful ? "" : "over"));
    box.append(h("span", { "aria-hidden": "true" }, this.t.helpful), button(true, this.t.yes), button(false, this.t.no));
    return box;
  }

  private handOff(ticket: Ticket): HTMLElement {
    const card = h("div", { class: "ticket" },
      h("p", { class: "head" }, icon("check"), this.t.handedOver),
      h("dl", {}, h("div", {}, h("dt", {}, this.t.reference), h("dd", {}, h("code", {}, ticket.reference))),
        h("div", {}, h("dt", {}, this.t.status), h("dd", {}, stands(this.t, ticket.status)))));
    if (ticket.next_step) {
      card.append(h("p", { class: "next" }, h("strong", {}, this.t.next), h("br"), h("bdi", {}, ticket.next_step)));
    }
    if (!ticket.contact_known) card.append(this.emailForm());
    return card;
  }

  private emailForm(): HTMLElement {
    const id = `e${randomId()}`;
    const input = h("input", {
      id, type: "email", autocomplete: "email", required: true, maxlength: "254", "aria-describedby": `${id}p`,
    });
    const problem = h("p", { id: `${id}p`, class: "problem", role: "alert" });
    const send = h("button", { type: "submit" }, this.t.send);
    const form = h("form", { novalidate: true }, h("label", { for: id }, this.t.emailLabel),
      h("div", { class: "line" }, input, send), problem);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const email = input.value.trim();
      let trouble = email && input.checkValidity() ? "" : this.t.emailInvalid;
      if (!trouble) {
        send.disabled = true;
        trouble = await this.actions.contact(email);
        send.disabled = false;
      }
      problem.textContent = trouble;
      input.setAttribute("aria-invalid", String(!!trouble));
      if (trouble) return input.focus();
      const done = h("p", { class: "done", tabindex: "-1" }, fill(this.t.emailDone, { email }));
      form.replaceWith(done);
      done.focus({ preventScroll: true });
    });
    return form;
  }
}

/** What a screen reader is told of a reply: all of it, once. */
export function spoken(reply: Reply, ticket: Ticket | null): string {
  const told = [reply.text, ...reply.choices];
  if (ticket) told.push(ticket.reference, ticket.next_step);
  return told.filter(Boolean).join(". ");
}
