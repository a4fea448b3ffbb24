// The frame: launcher, header, message list, composer. It holds elements and reports what the customer does.

import type { Config } from "./config";
import { h, icon } from "./dom";
import type { Texts } from "./texts";

const LONGEST = 4000;
const PHONE = "(max-width: 30rem)";

export interface Handlers {
  send(text: string): void;
  person(): void;
  anew(): void;
  /** The customer wants to keep what was said. */
  keep(): void;
  toggled(open: boolean): void;
  /** The customer chose, dropped or pasted files. */
  files(files: File[]): void;
  /** The customer types. */
  writes(): void;
}

export class Panel {
  readonly log: HTMLElement;
  private readonly input: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly launcher: HTMLButtonElement;
  private readonly dialog: HTMLElement;
  private readonly live: HTMLElement;
  private readonly footer: HTMLElement;
  private readonly anew: HTMLButtonElement;
  private readonly keep: HTMLButtonElement;
  private readonly phone = matchMedia(PHONE);

  constructor(
    private readonly root: ShadowRoot,
    private readonly t: Texts,
    config: Config,
    private readonly handlers: Handlers,
  ) {
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": t.log, tabindex: "0" });
    this.input = h("textarea", {
      "rows": "1", maxlength: String(LONGEST), placeholder: t.placeholder, "aria-label": t.placeholder, dir: "auto",
      enterkeyhint: "send",
    });
    this.sendButton = h("button", { type: "submit", class: "send", "aria-label": t.send }, icon("send"));
    this.launcher = h("button", {
      type: "button", class: "launcher", "aria-label": t.open, "aria-expanded": "false", "aria-controls": "panel",
      click: () => this.toggle(),
    }, icon("chat", "one"), icon("down", "two"));
    if (config.launcher) {
      this.launcher.classList.add("wide");
      this.launcher.append(h("span", {}, config.launcher));
    }
    this.live = h("div", { class: "sr", role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this.footer = h("div", { class: "foot" });
    this.anew = h("button", { type: "button", "aria-label": t.newChat, title: t.newChat, hidden: true,
      click: () => handlers.anew() }, icon("again"));
    this.keep = h("button", { type: "button", "aria-label": t.transcript, title: t.transcript, hidden: true,
      click: () => handlers.keep() }, icon("save"));
    const heading = config.heading || t.title;
    this.dialog = h("section", { id: "panel", role: "dialog", "aria-label": heading, hidden: true },
      h("div", { class: "top" }, h("div", {}, h("h2", { dir: "auto" }, heading), h("p", {}, t.subtitle)), this.keep,
        this.anew, h("button", { type: "button", "aria-label": t.close, title: t.close, click: () => this.toggle(false) }, icon("close"))),
      this.log,
      ...this.composer(),
      this.footer);
    root.append(this.dialog, this.live, this.launcher);
    this.dialog.addEventListener("dragover", (event) => {
      if (event.dataTransfer!.types.includes("Files")) event.preventDefault();
    });
    this.dialog.addEventListener("drop", (event) => this.take(event, event.dataTransfer!));
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
    // A keyboard or a longer draft takes room from the top of what is read, not from the newest words.
    let height = 0;
    new ResizeObserver(() => {
      if (height) this.log.scrollTop += height - this.log.clientHeight;
      height = this.log.clientHeight;
    }).observe(this.log);
    this.showPerson();
  }

  get isOpen(): boolean {
    return !this.dialog.hidden;
  }

  toggle(open = !this.isOpen, focus = true): void {
    if (open === this.isOpen) return;
    this.dialog.hidden = !open;
    this.launcher.setAttribute("aria-expanded", String(open));
    this.launcher.setAttribute("aria-label", open ? this.t.close : this.t.open);
    this.launcher.classList.remove("news");
    this.root.host.toggleAttribute("opened", open);
    this.handlers.toggled(open);
    this.fit();
    if (focus) (open ? this.input : this.launcher).focus({ preventScroll: true });
  }

  /** Adds a row; the view moves so that it, or the question before it, is read from its beginning. */
  add(row: HTMLElement, from: HTMLElement = row): void {
    this.log.append(row);
    this.show(from);
  }

  show(row: HTMLElement): void {
    this.log.scrollTop = row.offsetTop - 12;
  }

  announce(text: string): void {
    this.live.textContent = text;
    if (!this.isOpen) this.launcher.classList.add("news");
  }

  busy(waiting: boolean): void {
    this.sendButton.disabled = waiting;
    this.log.setAttribute("aria-busy", String(waiting));
  }

  /** After a click on something that has vanished. On a phone the keyboard stays down. */
  focus(): void {
    if (this.isOpen) (matchMedia("(pointer: coarse)").matches ? this.log : this.input).focus({ preventScroll: true });
  }

  /** Puts words where the customer writes. */
  draft(text: string): void {
    this.input.value = text;
  }

  started(yes: boolean): void {
    this.anew.hidden = this.keep.hidden = !yes;
  }

  showPerson(): void {
    this.footer.replaceChildren(h("button", { type: "button", class: "textual", click: () => this.handlers.person() },
      icon("person"), this.t.person));
  }

  showTeam(text: string): void {
    this.footer.replaceChildren(h("p", {}, icon("person"), text));
  }

  /** On a phone the panel keeps to what the keyboard leaves visible. */
  watchKeyboard(signal: AbortSignal): void {
    window.visualViewport?.addEventListener("resize", () => this.fit(), { signal });
    window.visualViewport?.addEventListener("scroll", () => this.fit(), { signal });
    this.phone.addEventListener("change", () => this.fit(), { signal });
  }

  private fit(): void {
    const view = window.visualViewport;
    const full = this.isOpen && this.phone.matches;
    this.dialog.setAttribute("aria-modal", String(full));
    this.dialog.style.height = full && view ? `${view.height}px` : "";
    this.dialog.style.top = full && view ? `${view.offsetTop}px` : "";
  }

  private composer(): HTMLElement[] {
    const picker = h("input", { type: "file", multiple: true, hidden: true, change: () => {
      this.handlers.files(Array.from(picker.files!));
      picker.value = "";
    } });
    const attach = h("button", { type: "button", class: "attach", "aria-label": this.t.attach, title: this.t.attach,
      click: () => picker.click() }, icon("clip"));
    const form = h("form", { class: "composer" }, this.input, attach, this.sendButton);
    this.input.addEventListener("paste", (event) => {
      // Programs that copy text often add a picture of it.
      if (!event.clipboardData!.types.includes("text/plain")) this.take(event, event.clipboardData!);
    });
    const grow = (): void => {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    };
    this.input.addEventListener("input", () => {
      grow();
      this.handlers.writes();
    });
    this.input.addEventListener("keydown", (event) => {
      // While an input method composes, Enter takes a suggestion.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text || this.sendButton.disabled) return;
      this.input.value = "";
      grow();
      this.handlers.send(text);
    });
    return [form, picker];
  }

  private take(event: Event, { files }: DataTransfer): void {
    if (!files.length) return;
    event.preventDefault();
    this.handlers.files(Array.from(files));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.toggle(false);
    } else if (event.key === "Tab" && this.phone.matches) {
      this.keepInside(event);
    }
  }

  /** Full screen there is nothing else to reach: Tab goes round inside the panel. */
  private keepInside(event: KeyboardEvent): void {
    const all = this.dialog.querySelectorAll<HTMLElement>("button:not(:disabled), a, textarea, input, [tabindex='0']");
    const stops = Array.from(all).filter((element) => element.getClientRects().length);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (this.root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus();
  }
}
