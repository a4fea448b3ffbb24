// Entry of the extras: what only some chats use, loaded once one of it is used.

import { versions } from "locales";
import type { Extras, Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import css from "./extras.css";
import { Files } from "./files";
import { Guide } from "./guide";
import { watch } from "./offers";
import { keep } from "./transcript";

export async function start(kit: Kit): Promise<Extras> {
  const t = await kit.words<ExtraTexts>(kit.service, kit.locale, versions, "-extras");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  kit.shadow.adoptedStyleSheets = [...kit.shadow.adoptedStyleSheets, sheet];
  const files = new Files(kit, t);
  const guide = new Guide(kit, t);
  guide.resume();
  void watch(kit, t);
  return {
    send: (chosen) => void files.send(chosen),
    there: (known) => files.there(known),
    keep: () => void keep(kit, t),
    guide: (article, places) => void guide.begin(article, places),
    opened: () => files.opened(),
  };
}
