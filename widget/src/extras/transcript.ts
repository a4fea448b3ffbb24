// What was said, for the customer to keep: as a file, and by mail to the address that the team has.

import type { Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import { give } from "./transfer";

export async function keep(kit: Kit, t: ExtraTexts): Promise<void> {
  const base = `${kit.service}/chat/${encodeURIComponent(kit.conversation())}`;
  const ask = async (path: string, body?: string): Promise<Response> => {
    const headers = { "Tierzero-Session": await kit.session(), "Content-Type": "application/json" };
    const how: RequestInit = { credentials: "omit", headers };
    const answer = await fetch(base + path, body ? { ...how, method: "POST", body } : how);
    if (!answer.ok) throw answer.status;
    return answer;
  };
  const fetched = async (mail: boolean): Promise<void> => {
    try {
      const answer = await ask("/transcript", mail ? "{}" : "");
      if (mail) kit.note(t.emailed.replace("{email}", (await answer.json()).email));
      else give(kit, await answer.blob(), `${kit.log}.txt`);
    } catch {
      kit.note(t.keepFailed);
    }
  };
  const known = await ask("/messages").then((answer) => answer.json()).catch(() => ({}));
  if (!known.contact_known) return fetched(false);
  kit.offer([t.download, t.email], (word) => void fetched(word === t.email));
}
