// Entry of the npm module: nothing happens until `mount` is called.

import { TAG, TierzeroChat } from "./chat";
import { ATTRIBUTES } from "./config";
import { h } from "./dom";

/** Puts the chat on the page and gives its element; one that is there already stays the only one. */
export function mount(options: Record<string, string | boolean>): TierzeroChat {
  const there = document.querySelector<TierzeroChat>(TAG);
  if (there) return there;
  if (!customElements.get(TAG)) customElements.define(TAG, TierzeroChat);
  const attributes = ATTRIBUTES.filter((name) => options[name]).map((name) => [name, options[name]!]);
  const made = h(TAG as "div", Object.fromEntries(attributes)) as HTMLElement as TierzeroChat;
  document.body.append(made);
  return made;
}
