// A walkthrough: the steps of an article one by one, each at its place on the page, over several pages of a tab.

import type { Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import { Spot } from "./spot";
import { remember, remembered, tab } from "./storage";

interface Step {
  text: string;
  /** CSS selector of its place, or empty. */
  at: string;
}

interface Course {
  title: string;
  steps: Step[];
  step: number;
}

const KEPT = "guide";
/** Milliseconds between looks for a place that comes later, or has moved. */
const LOOK = 250;

export class Guide {
  private card: HTMLElement | null = null;
  private spot: Spot | null = null;
  private timer = 0;
  private before: HTMLElement | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly t: ExtraTexts,
  ) {
    document.addEventListener("click", (event) => {
      const pressed = (event.composedPath()[0] as Element).closest?.("[data-tierzero-guide]");
      if (!pressed || event.defaultPrevented) return;
      event.preventDefault();
      void this.begin(pressed.getAttribute("data-tierzero-guide")!, []);
    });
    if (kit.shadow.host.hasAttribute("guides")) kit.shadow.addEventListener("click", (event) => void this.look(event));
  }

  /** Begins with the first step; `places` go before those that the article names. */
  async begin(article: string, places: string[]): Promise<void> {
    try {
      const { title, steps } = await this.ask(article);
      if (!steps.length) return this.kit.note(this.t.guideNone);
      steps.forEach((step, place) => (step.at = String(places[place] ?? step.at)));
      this.before = document.activeElement as HTMLElement | null;
      this.show({ title, steps, step: 0 });
    } catch {
      this.kit.note(this.t.guideNone);
    }
  }

  /** Goes on with what another page of this tab has begun. */
  resume(): void {
    try {
      const kept = JSON.parse(remembered(tab, KEPT) || "null") as Course | null;
      if (kept?.steps[kept.step]) this.show(kept);
    } catch {
      remember(tab, KEPT, "");
    }
  }

  /** Below a source that was opened: the walkthrough of its article, where it has one. */
  private async look(event: Event): Promise<void> {
    const source = (event.composedPath()[0] as Element).closest?.(".toggle")?.parentElement;
    const article = source?.dataset.article;
    if (!article || source.dataset.looked) return;
    source.dataset.looked = "1";
    const { steps } = await this.ask(article).catch(() => ({ steps: [] as Step[] }));
    if (!steps.some((step) => step.at)) return;
    source.querySelector(".details")!.append(this.kit.h("p", { class: "choices" },
      this.kit.h("button", { type: "button", click: () => void this.begin(article, []) }, this.t.guideShow)));
  }

  private async ask(article: string): Promise<{ title: string; steps: Step[] }> {
    const { service, locale } = this.kit;
    const url = `${service}/chat/topic?${new URLSearchParams({ article, locale })}`;
    const answer = await fetch(url, { credentials: "omit", headers: { "Tierzero-Session": await this.kit.session() } });
    if (!answer.ok) throw answer.status;
    return answer.json();
  }

  private show(course: Course): void {
    const { h, icon, shadow, say } = this.kit;
    const { t } = this;
    remember(tab, KEPT, JSON.stringify(course));
    this.clear();
    void (shadow.host as HTMLElement & { close(): Promise<void> }).close();
    shadow.querySelector(".offer")?.remove();
    const { title, steps, step } = course;
    const count = t.guideStep.replace("{step}", String(step + 1)).replace("{all}", String(steps.length));
    const last = step === steps.length - 1;
    const go = (to: number) => () => this.show({ ...course, step: to });
    const missing = h("p", { class: "missing", hidden: true }, t.guideMissing);
    const next = h("button", { type: "button", class: "on", click: last ? () => this.leave() : go(step + 1) },
      last ? t.guideDone : t.guideNext);
    const card = h("div", { class: "guide", role: "dialog", "aria-label": title, tabindex: "-1" },
      h("div", { class: "bar" }, h("p", { class: "count" }, count),
        h("button", { type: "button", class: "close", "aria-label": t.guideLeave, title: t.guideLeave,
          click: () => this.leave() }, icon("close"))),
      h("h2", { dir: "auto" }, title), missing, h("p", { dir: "auto" }, steps[step]!.text),
      h("div", { class: "line" }, step > 0 && h("button", { type: "button", class: "back", click: go(step - 1) }, t.guideBack), next));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.leave();
    });
    this.card = card;
    this.spot = new Spot(h, card);
    shadow.append(this.spot.ring, card);
    const place = (): void => void (missing.hidden = this.spot!.place(steps[step]!.at));
    place();
    this.timer = setInterval(place, LOOK);
    card.focus({ preventScroll: true });
    say(`${count}. ${missing.hidden ? "" : t.guideMissing} ${steps[step]!.text}`);
    // That is no news in the closed chat.
    shadow.querySelector(".launcher")!.classList.remove("news");
  }

  /** Where the customer was before, and nothing is kept. */
  private leave(): void {
    this.clear();
    remember(tab, KEPT, "");
    const { before, kit } = this;
    const back = before && before !== document.body && before !== kit.shadow.host ? before
      : kit.shadow.querySelector<HTMLElement>(".launcher")!;
    back.focus({ preventScroll: true });
  }

  private clear(): void {
    clearInterval(this.timer);
    this.card?.remove();
    this.spot?.ring.remove();
  }
}
