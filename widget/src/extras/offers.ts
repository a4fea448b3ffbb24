// Rules of the page in, one offer of help out: once for each customer, never while the chat is open, never twice.

import type { TierzeroChat } from "../chat";
import type { Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import { browser, remember, remembered, tab } from "./storage";

/** A rule; what it does not name does not matter, but `seconds` or `errors` it must name. */
interface Rule {
  /** Path of the page; `*` stands for anything. */
  path?: string;
  /** On the page, while it is looked at. */
  seconds?: number;
  /** Reported by the page in this tab. */
  errors?: number;
  /** Own words by language. */
  text?: Record<string, string>;
  /** What the chat is opened about: an article's id, or words; else it is opened alone. */
  topic?: string;
}

const OFFERED = "offered";
const ERRORS = "errors";

/** Looks once a second whether a rule holds. The attribute `offers` names the file; without it, or `none`, silence. */
export async function watch(kit: Kit, t: ExtraTexts): Promise<void> {
  const host = kit.shadow.host as TierzeroChat;
  const file = host.getAttribute("offers");
  if (!file || file === "none" || remembered(browser, OFFERED)) return;
  const rules = await read(file);
  let seconds = 0;
  let told = 0;
  const timer = setInterval(() => {
    if (!host.isConnected || remembered(browser, OFFERED)) return clearInterval(timer);
    if (!document.hidden) seconds++;
    const errors = Number(remembered(tab, ERRORS)) + host.troubles - told;
    if (host.troubles > told) remember(tab, ERRORS, String(errors));
    told = host.troubles;
    const rule = !host.hasAttribute("opened") && rules.find((one) => holds(one, seconds, errors));
    // An offer that could not be remembered would come again on each page.
    if (!rule || !remember(browser, OFFERED, "1")) return;
    clearInterval(timer);
    offer(kit, t, host, rule);
  }, 1000);
}

async function read(file: string): Promise<Rule[]> {
  try {
    const answer = await fetch(new URL(file, document.baseURI), { credentials: "omit" });
    const { offers } = await answer.json();
    return (offers as Rule[]).filter((rule) => {
      const whole = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
      const named = [rule.seconds, rule.errors].filter((value) => value !== undefined);
      if (named.length && named.every(whole)) return true;
      console.warn("tierzero: a rule needs `seconds` or `errors`, whole numbers from 1 on", rule);
      return false;
    });
  } catch (error) {
    console.warn(`tierzero: the rules in ${file} cannot be read: ${error}`);
    return [];
  }
}

function holds({ path, seconds = 0, errors = 0 }: Rule, on: number, failed: number): boolean {
  const pattern = String(path ?? "*").split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return on >= seconds && failed >= errors && new RegExp(`^${pattern}$`).test(location.pathname);
}

function offer({ h, icon, shadow, locale, say }: Kit, t: ExtraTexts, host: TierzeroChat, rule: Rule): void {
  const text = String(rule.text?.[locale.slice(0, 2).toLowerCase()] ?? t.offerText).slice(0, 300);
  const away = (): void => {
    card.remove();
    watching.disconnect();
  };
  const yes = (): void => {
    away();
    void (rule.topic ? host.help(String(rule.topic).slice(0, 300)) : host.open());
  };
  const card = h("aside", { class: "offer", "aria-label": text },
    h("p", { dir: "auto" }, text),
    h("button", { type: "button", class: "close", "aria-label": t.offerNo, title: t.offerNo, click: away }, icon("close")),
    h("div", { class: "line" }, h("button", { type: "button", click: yes }, t.offerYes)));
  card.addEventListener("keydown", (event) => event.key === "Escape" && away());
  // Whoever opens the chat by themselves needs no offer.
  const watching = new MutationObserver(away);
  watching.observe(host, { attributeFilter: ["opened"] });
  shadow.querySelector(".launcher")!.before(card);
  say(text);
}
