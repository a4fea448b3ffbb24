// A language tag in, the interface texts of that language out; English where we do not have it.

import { de } from "./locales/de";
import { en, type Texts } from "./locales/en";
import { es } from "./locales/es";
import { fr } from "./locales/fr";

const LANGUAGES: Record<string, Texts> = { en, de, es, fr };

export type { Texts };

export function textsFor(locale: string): Texts {
  return LANGUAGES[locale.toLowerCase().split(/[-_]/)[0] ?? ""] ?? en;
}

/** `fill("Write to {email}", {email: "a@b.example"})` */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
