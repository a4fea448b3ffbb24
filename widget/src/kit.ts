// What the chat and its extras, a module that is loaded once something of it is used, know of each other. Both are built
// by themselves and may be of different versions for a moment: no name here may stand in `OWN` of `build.mjs`.

import type { h, icon } from "./dom";
import type { textsFor } from "./texts";
import type { Limits, SentFile } from "./types";

/** What extras may use of the chat. */
export interface Kit {
  shadow: ShadowRoot;
  /** Where the service is. */
  service: string;
  locale: string;
  h: typeof h;
  icon: typeof icon;
  words: typeof textsFor;
  /** Texts of the chat itself. */
  you: string;
  team: string;
  again: string;
  log: string;
  limits(): Promise<Limits>;
  /** A token that holds. */
  session(): Promise<string>;
  /** The conversation's id, or empty. */
  conversation(): string;
  people(): boolean;
  /** Adds a row to the conversation; `at` is its place in time, where it is not the newest. */
  add(row: HTMLElement, at?: string): void;
  say(text: string): void;
  note(text: string): void;
  /** Offers some words to choose one of. */
  offer(words: string[], chosen: (word: string) => void): void;
}

/** What the chat asks of extras. */
export interface Extras {
  /** The customer chose files. */
  send(files: File[]): void;
  /** What the service has of both sides. */
  there(files: SentFile[]): void;
  /** The customer wants to keep what was said. */
  keep(): void;
  /** Leads through the steps of an article. */
  guide(article: string, places: string[]): void;
  /** A conversation has begun. */
  opened(): void;
}
