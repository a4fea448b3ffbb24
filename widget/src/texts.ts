// A language tag in, the interface texts of that language out, from a file of its own; English where we do not have it.

import { versions } from "locales";
import type { Texts } from "./locales/en";

export type { Texts };

/** Seconds between tries at most. Nothing is shown meanwhile: a chat without words helps nobody. */
const LONGEST = 60;

/** Asks until the file is there; a browser keeps it, so that later pages need no network for it. */
export async function textsFor<T = Texts>(base: string, locale: string, of = versions, kind = ""): Promise<T> {
  const tag = locale.toLowerCase().split(/[-_]/)[0]!;
  const language = of[tag] ? tag : "en";
  for (let pause = 1; ; pause = Math.min(LONGEST, pause * 2)) {
    try {
      const response = await fetch(`${base}/widget/${language}${kind}.json?v=${of[language]}`, { credentials: "omit" });
      // The build turns the name of a text into its place in this list.
      return (await response.json()) as T;
    } catch {
      await new Promise((done) => setTimeout(done, 1000 * pause));
    }
  }
}

/** `fill("Write to {email}", {email: "a@b.example"})` */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
