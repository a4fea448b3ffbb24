// One chat on the agents' page: what was said, who writes, and what the agent does.

import { clock, h } from "./elements.js";
import { Files, attach } from "./live-files.js";

const SAID_BY = { customer: "Customer", bot: "Bot", agent: "Team", system: "" };
/** A typing sign that is not renewed fades after this. */
const FADES = 7_000;

export class Room {
  #said = h("ol", { class: "said", "aria-label": "Messages", tabindex: "0" });
  #typing = h("p", { class: "typing", "aria-live": "polite" });
  #told = h("p", { class: "unseen", role: "status" });
  #mark = h("li", { class: "mark" });
  #foot = h("div");
  #facts = h("div", { class: "facts" });
  #buttons = h("div", { class: "inline" });
  #input = null;
  #fading = 0;
  #rows = new Map();
  #files = new Files(this.#said, (row) => this.#append(row));
  #knowsFiles = false;
  #last = -1;
  state = { state: "", agent: "", mine: false, typing: false, delivered: 0, read: 0, ticket: "" };
  next = 0;

  constructor(chat, line, place) {
    this.chat = chat;
    this.line = line;
    this.place = place;
    this.title = h("h2", { id: "who", dir: "auto", tabindex: "-1" }, chat.subject || "No words yet");
    place.replaceChildren(
      h("div", { class: "top" }, this.title, this.#buttons, this.#facts),
      this.#said, this.#typing, this.#told, this.#foot);
    this.#show();
    document.addEventListener("visibilitychange", this.seen);
  }

  close() {
    document.removeEventListener("visibilitychange", this.seen);
    this.line.send("unwatch", { conversation: this.chat.conversation });
  }

  watch() {
    this.line.send("watch", { conversation: this.chat.conversation, after: this.next });
  }

  /** The row of the list has changed. */
  listed(chat) {
    this.chat = chat;
    this.#show();
  }

  heard(frame) {
    if (frame.type === "message") this.#message(frame);
    if (frame.type === "state") this.#stands(frame);
    if (frame.type === "files") this.#attached(frame.files);
    if (frame.type === "said") this.#rows.get(frame.client_id)?.classList.remove("unsent");
    if (frame.type === "refused") this.#refused(frame);
  }

  seen = () => {
    if (!this.state.mine || !this.next) return;
    const read = document.hidden ? 0 : this.next;
    this.line.send("seen", { conversation: this.chat.conversation, delivered: this.next, read });
  };

  #message(frame) {
    if (frame.seq < this.next) return;
    this.next = frame.seq + 1;
    this.#typing.textContent = "";
    const own = frame.client_id && this.#rows.get(frame.client_id);
    const row = own || this.#row(frame);
    row.classList.remove("unsent");
    row.dataset.at = frame.at;
    if (frame.role === "agent") this.#last = frame.seq;
    if (!own) {
      this.#append(row);
      // History is read at will; what comes now is said, once.
      if (this.state.state) this.#told.textContent = `${SAID_BY[frame.role]} ${frame.text}`;
    }
    this.#marks();
    this.seen();
  }

  #row(frame) {
    const name = frame.author || SAID_BY[frame.role];
    const by = name && h("p", { class: "by" }, h("strong", {}, name), " ", frame.at ? clock(frame.at) : "");
    return h("li", { class: frame.role }, by || null, h("div", { class: "bubble", dir: "auto" }, frame.text));
  }

  #attached(files) {
    const fresh = this.#files.show(files, this.state.ticket);
    for (const one of fresh) {
      if (this.#knowsFiles && one.by === "customer") this.#told.textContent = `The customer sent a file: ${one.name}`;
    }
    this.#knowsFiles = true;
    this.#marks();
  }

  #append(row) {
    const follows = this.#said.scrollHeight - this.#said.scrollTop - this.#said.clientHeight < 120;
    this.#said.append(row);
    if (follows) this.#said.scrollTop = this.#said.scrollHeight;
  }

  #stands(frame) {
    const before = this.state;
    this.state = frame;
    clearTimeout(this.#fading);
    this.#typing.textContent = frame.typing ? "The customer is typing…" : "";
    if (frame.typing) this.#fading = setTimeout(() => (this.#typing.textContent = ""), FADES);
    if (before.ticket !== frame.ticket) this.#files.link(frame.ticket);
    if (before.state !== frame.state || before.mine !== frame.mine || before.agent !== frame.agent) this.#show();
    this.#marks();
    this.seen();
  }

  /** Below the agent's last word: whether it has reached the customer's page, and was shown there. */
  #marks() {
    const rows = this.#said.querySelectorAll(".agent:not(.file)");
    const row = rows[rows.length - 1];
    if (!row || !this.state.mine) return this.#mark.remove();
    const unsent = row.classList.contains("unsent");
    const { read, delivered } = this.state;
    this.#mark.textContent = unsent ? (this.line.isOpen ? "" : "Will be sent when the line is back")
      : read > this.#last ? "Read" : delivered > this.#last ? "Delivered" : "Sent";
    row.after(this.#mark);
  }

  #show() {
    const { chat, state } = this;
    const fact = (text, ...more) => h("span", {}, ...more, text);
    this.#facts.replaceChildren(
      fact(chat.here ? "here" : "has left the page", h("span", { class: `dot ${chat.here ? "on" : ""}`, "aria-hidden": "true" })),
      fact(chat.language || "language not known"),
      ...(chat.ticket ? [h("a", { href: `/desk/tickets/${encodeURIComponent(chat.ticket)}` }, chat.ticket)] : [fact("with the bot")]),
      ...(chat.priority ? [fact(`${chat.priority} · ${chat.queue}`)] : []));
    if (this.#shown === `${state.mine}${state.state}${state.agent}`) return;
    this.#shown = `${state.mine}${state.state}${state.agent}`;
    this.#actions();
  }

  #shown = "";

  #act(type, fields = {}) {
    return () => this.line.send(type, { conversation: this.chat.conversation, ...fields });
  }

  #actions() {
    const { state } = this;
    const had = this.place.contains(document.activeElement);
    const button = (label, click, className = "small") => h("button", { type: "button", class: className, click }, label);
    this.#buttons.replaceChildren(...(state.mine ? [
      button("Solve", this.#act("solve")),
      button("Back to the queue", this.#act("release", { to: "queue" })),
      button("Back to the bot", this.#act("release", { to: "bot" })),
    ] : []));
    if (state.mine) return this.#write(had);
    const words = { closed: "This conversation is closed.", with_agent: `${state.agent} is in this chat.` };
    const joined = state.state && state.state !== "closed" && !state.agent;
    this.#input = null;
    this.#foot.replaceChildren(h("div", { class: "join" },
      h("p", {}, words[state.state] ?? "You read along. When you join, the customer sees your name."),
      joined && button("Join this chat", this.#act("take"), "")));
  }

  #write(focus) {
    if (this.#input) return;
    this.#input = h("textarea", {
      rows: "2", maxlength: "8000", "aria-label": "Write to the customer", dir: "auto",
      "aria-describedby": "keys", input: () => this.#input.value.trim() && this.line.writes(this.chat.conversation),
      keydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
      },
    });
    const form = h("form", { class: "write", submit: (event) => this.#say(event) }, this.#input,
      h("button", {}, "Send"), h("p", { class: "hint", id: "keys" }, "Enter sends, Shift and Enter make a new line."),
      attach(() => this.state.ticket, (told) => this.#filed(told)));
    this.#foot.replaceChildren(form);
    if (focus || document.activeElement === document.body) this.#input.focus();
  }

  #say(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (!text) return;
    this.#input.value = "";
    const id = this.line.say(this.chat.conversation, text);
    const row = this.#row({ role: "agent", author: "You", text });
    row.classList.add("unsent");
    this.#rows.set(id, row);
    this.#said.append(row);
    this.#said.scrollTop = this.#said.scrollHeight;
    this.#marks();
  }

  /** A file that went is shown by its own row; one that did not is said where the agent looks. */
  #filed(told) {
    if (told.failed) this.#append(h("li", { class: "system" }, told.text));
    this.#told.textContent = told.text;
  }

  #refused(frame) {
    const row = this.#rows.get(frame.client_id);
    row?.append(h("p", { class: "problem" }, `Not sent: ${frame.detail}`));
    if (!row) this.#append(h("li", { class: "system" }, frame.detail));
    this.#told.textContent = frame.detail;
  }
}
