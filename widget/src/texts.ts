// A language tag in, the interface texts of that language out; English where we do not have it.

import { names, texts } from "locales";
import type { Texts } from "./locales/en";

export type { Texts };

export function textsFor(locale: string): Texts {
  const language = locale.toLowerCase().split(/[-_]/)[0]!;
  const lines = (texts[language] ?? texts.en!).split("\n");
  return Object.fromEntries(Object.keys(names).map((name, place) => [name, lines[place]])) as Texts;
}

/** `fill("Write to {email}", {email: "a@b.example"})` */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
