// Attributes of the script tag or of <tierzero-chat> itself in, one checked configuration out.

export interface Config {
  api: string;
  locale: string;
  color: string;
  ink: string;
  position: string;
  greeting: string;
  heading: string;
  starters: string[];
  open: boolean;
  contact: string;
  identified: boolean;
  /** Words on the launcher. */
  launcher: string;
}

/** What may be set, as `data-…` on the script tag and without `data-` on the element. */
export const ATTRIBUTES = [
  "api", "locale", "color", "position", "greeting", "heading", "starters", "open", "contact", "dir", "identity", "launcher", "offers", "guides",
] as const;

export function readConfig(element: HTMLElement, scriptOrigin: string): Config {
  const read = (name: string): string => element.getAttribute(name)?.trim() ?? "";
  const color = CSS.supports("color", read("color")) ? read("color") : "";
  const locale = read("locale") || document.documentElement.lang || navigator.language;
  return {
    api: (read("api") || scriptOrigin).replace(/\/+$/, ""),
    // The service refuses what is no language tag; a page's odd `lang` must not cost the customer an answer.
    locale: /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/.test(locale) ? locale : "",
    color,
    ink: color && inkOn(element, color),
    position: read("position"),
    greeting: read("greeting"),
    heading: read("heading"),
    starters: read("starters").split("|").map((text) => text.trim()).filter(Boolean).slice(0, 4),
    open: element.hasAttribute("open") && read("open") !== "false",
    contact: read("contact"),
    identified: !!read("identity"),
    launcher: read("launcher").replace(/^none$/, ""),
  };
}

/** Black or white, whichever contrasts more with a colour (WCAG 2 relative luminance). */
function inkOn(element: HTMLElement, color: string): string {
  element.style.color = color;
  const channels = getComputedStyle(element).color.match(/[\d.]+/g) ?? [];
  element.style.removeProperty("color");
  const [r = 0, g = 0, b = 0] = channels.slice(0, 3).map((value) => {
    const c = Number(value) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
