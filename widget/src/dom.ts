// Elements made one by one: no markup strings, so strict content policies and Trusted Types have nothing to refuse.

type Child = Node | string | null | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | EventListener> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid. */
export const ICONS = {
  chat: "M12 4c-4.7 0-8.5 3.1-8.5 7 0 2.1 1.1 4 2.9 5.3-.1 1.2-.6 2.3-1.4 3.2 1.8-.1 3.4-.7 4.6-1.7.8.2 1.6.2 2.4.2 4.7 0 8.5-3.1 8.5-7S16.7 4 12 4z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5.5M6 11l6-6 6 6",
  again: "M12 5v14M5 12h14",
  save: "M12 4v10M8 10.5l4 4 4-4M5 19.5h14",
  clip: "M8.5 12.5l5.6-5.6a2.7 2.7 0 0 1 3.8 3.8l-7.4 7.4a4.4 4.4 0 0 1-6.2-6.2l6.6-6.6",
  page: "M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5",
  out: "M9 6.5h8.5V15M17 7L7 17",
  up: "M8 11v8.5H4.5V11zM8 11l3.5-7c1.3 0 2.3 1 2.3 2.3V9.5h4.4c1.1 0 2 1 1.7 2.1l-1.4 6.3c-.2.9-1 1.6-2 1.6H8",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.9-3.2 3.9-5 7.5-5s6.6 1.8 7.5 5",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

export function icon(name: keyof typeof ICONS, className = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A fresh random id; `crypto.randomUUID` is missing on pages without TLS, this is not. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
