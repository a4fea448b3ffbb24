// The module of what only some chats use: files, offers of help, walkthroughs.

import { versions } from "locales";
import type { Extras, Kit } from "./kit";

let tries = 0;

/** Loads it from the service; some browsers keep a failure, so a further try has an address of its own. */
export async function load(kit: Kit): Promise<Extras> {
  const address = `${kit.service}/widget/extras.js?v=${versions.extras}${tries++ ? `&try=${tries}` : ""}`;
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ address)).start(kit);
}
