// A reply's text in, blocks of elements out: numbered lines as steps, dashes as a list, table rows as pairs.

import { h } from "./dom";
import type { Citation, Reply } from "./types";

export type Part = { text: string; citation?: Citation };

/** Cuts a reply where it quotes: what the bot says itself, and each quote with its citation. */
export function parts(reply: Reply): Part[] {
  const found: Part[] = [];
  let rest = reply.text;
  for (const citation of reply.citations) {
    const at = citation.text ? rest.indexOf(citation.text) : -1;
    if (at < 0) continue;
    const before = rest.slice(0, at).trim();
    if (before) found.push({ text: before });
    found.push({ text: citation.text, citation });
    rest = rest.slice(at + citation.text.length);
  }
  rest = rest.trim();
  // A last line that names the source is for channels without cards; here the card says it.
  const last = found[found.length - 1]?.citation;
  const isSource = last && !rest.includes("\n") && rest.includes(last.title);
  if (rest && !isSource) found.push({ text: rest });
  return found;
}

const STEP = /^\s*(\d{1,3})[.)]\s+(.+)$/;
const ITEM = /^\s*[-*•]\s+(.+)$/;
const PAIR = /^([^:;]{1,60}):\s+([^;]+)$/;

export function blocks(text: string): Node[] {
  const made: Element[] = [];
  for (const line of text.split("\n")) {
    const step = STEP.exec(line);
    const item = ITEM.exec(line);
    const last = made[made.length - 1];
    if (step) {
      const list = last?.tagName === "OL" ? last : h("ol", { start: step[1]! });
      list.append(h("li", {}, ...inline(step[2]!)));
      if (list !== last) made.push(list);
    } else if (item) {
      // An item right below a step belongs to that step.
      const outer = last?.tagName === "OL" ? last.lastElementChild! : null;
      const before = outer ? outer.lastElementChild : last;
      const list = before?.tagName === "UL" ? before : h("ul");
      list.append(h("li", {}, ...inline(item[1]!)));
      if (list === before) continue;
      if (outer) outer.append(list);
      else made.push(list);
    } else if (line.trim()) {
      made.push(pairs(line) ?? h("p", {}, ...inline(line.trim())));
    }
  }
  return made;
}

/** `Country: Germany; Price: €3.90` as two rows; null for anything else. */
function pairs(line: string): HTMLElement | null {
  const found = line.split(/;\s+/).map((piece) => PAIR.exec(piece.trim()));
  if (found.length < 2 || found.some((pair) => !pair)) return null;
  return h("dl", {}, ...found.map((pair) => h("div", {}, h("dt", {}, pair![1]!), h("dd", {}, pair![2]!))));
}

const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/;

function inline(text: string): (Node | string)[] {
  return text.split(LINK).map((piece, index) => (index % 2 ? link(piece, piece) : piece));
}

/** A link that leaves the chat; anything but http, https and paths becomes plain text. */
export function link(url: string, label: string, base: string = location.href, ...more: Node[]): Node | string {
  try {
    const target = new URL(url, base);
    if (!/^https?:$/.test(target.protocol)) return label;
    return h("a", { href: target.href, target: "_blank", rel: "noopener" }, label, ...more);
  } catch {
    return label;
  }
}
