// A language tag in, the interface texts of that language out; English where we do not have it.

import packed from "locales";
import type { Texts } from "./locales/en";

export type { Texts };

export function textsFor(locale: string): Texts {
  const language = locale.toLowerCase().split(/[-_]/)[0]!;
  const texts = (packed[language] ?? packed.en!).split("\n");
  return Object.fromEntries(packed.names!.split("\n").map((name, place) => [name, texts[place]])) as Texts;
}

/** `fill("Write to {email}", {email: "a@b.example"})` */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
