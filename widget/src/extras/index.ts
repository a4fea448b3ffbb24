// Entry of the extras: what only some chats use, loaded once one of it is used.

import { versions } from "locales";
import type { Extras, Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import css from "./extras.css";
import { Files } from "./files";
import { keep } from "./transcript";

export async function start(kit: Kit): Promise<Extras> {
  const t = await kit.words<ExtraTexts>(kit.service, kit.locale, versions, "-extras");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  kit.shadow.adoptedStyleSheets = [...kit.shadow.adoptedStyleSheets, sheet];
  const files = new Files(kit, t);
  return {
    send: (chosen) => void files.send(chosen),
    there: (known) => files.there(known),
    keep: () => void keep(kit, t),
    opened: () => files.opened(),
  };
}
