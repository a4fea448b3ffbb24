// One file in the conversation: its name and size, and how it stands.

import type { Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** `1.4 MB`, as the reader's language writes it. */
export function shownSize(bytes: number, locale: string): string {
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const unitDisplay = step ? "short" : "long";
  const how = { style: "unit", unit: UNITS[step]!, unitDisplay, maximumFractionDigits: step > 1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale.replace(/_/g, "-") || "en", how).format(bytes / 1000 ** step);
}

export class FileRow {
  readonly element: HTMLElement;
  private readonly file: HTMLButtonElement;
  private readonly state: HTMLElement;
  private readonly get: HTMLElement;
  private readonly gone: HTMLProgressElement;

  constructor(private readonly kit: Kit, t: ExtraTexts, name: string, size: number, mine: boolean) {
    const { h, icon } = kit;
    this.gone = h("progress", { max: "1", "aria-label": t.fileSending });
    this.get = h("span", { class: "sr" }, t.fileGet);
    this.file = h("button", { type: "button", class: "file", disabled: true, title: t.fileGet }, icon("page"),
      h("span", { class: "title", dir: "auto" }, name), h("span", { class: "do" }, shownSize(size, kit.locale)), this.gone);
    this.state = h("div", { class: "state" });
    this.element = h("div", { class: mine ? "row me" : "row bot agent" },
      h("span", { class: "sr" }, `${mine ? kit.you : kit.team}: `), this.file, this.state);
  }

  went(part: number): void {
    this.state.replaceChildren();
    this.gone.hidden = false;
    this.gone.value = part;
  }

  waits(text: string): void {
    this.gone.hidden = true;
    this.state.replaceChildren(text);
  }

  /** It can be had. */
  ready(get: () => void): void {
    this.waits("");
    this.file.append(this.get, this.kit.icon("save"));
    this.file.disabled = false;
    this.file.onclick = get;
  }

  refused(problem: string, retry?: () => void): void {
    this.waits(problem);
    this.state.className = "failed";
    const again = (): void => {
      this.state.className = "state";
      this.went(0);
      retry!();
    };
    if (retry) this.state.append(this.kit.h("button", { type: "button", click: again }, this.kit.again));
    this.element.scrollIntoView({ block: "nearest" });
  }
}
