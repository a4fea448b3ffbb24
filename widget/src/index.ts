// Entry of the script tag: defines <tierzero-chat> and puts one on the page with the tag's attributes.

import { setScriptOrigin, TAG, TierzeroChat } from "./chat";
import { ATTRIBUTES } from "./config";
import { h } from "./dom";

const script = (document.currentScript ?? document.querySelector("script[data-tierzero]")) as HTMLScriptElement | null;
if (script?.src) setScriptOrigin(new URL(script.src).origin);

if (!customElements.get(TAG)) customElements.define(TAG, TierzeroChat);

function mount(tag: HTMLScriptElement): void {
  if (document.querySelector(TAG)) return;
  const attributes: Record<string, string> = {};
  for (const name of ATTRIBUTES) {
    const value = tag.getAttribute(`data-${name}`);
    if (value !== null) attributes[name] = value;
  }
  document.body.append(h(TAG as "div", attributes));
}

if (script?.hasAttribute("data-tierzero")) {
  if (document.body) mount(script);
  else addEventListener("DOMContentLoaded", () => mount(script));
}
