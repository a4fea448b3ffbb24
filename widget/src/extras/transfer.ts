// A file up to the service, and one down from it. A failure is the HTTP status, 0 where no answer came.

import type { Kit } from "../kit";
import type { SentFile } from "../types";

const path = (kit: Kit, conversation: string): string =>
  `${kit.service}/chat/${encodeURIComponent(conversation)}/files`;

/** Sends a file; `went` hears how much of it has gone, from 0 to 1. Only this request of old can tell. */
export async function upload(
  kit: Kit, conversation: string, file: File, went: (part: number) => void,
): Promise<SentFile> {
  const token = await kit.session();
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path(kit, conversation)}?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader("Tierzero-Session", token);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    // The build would shorten the name without quotes.
    request.upload.onprogress = (event) => went(event["loaded"] / (event.total || 1));
    request.onloadend = () => (request.status === 201 ? done(JSON.parse(request.response)) : fail(request.status));
    request.send(file);
  });
}

/** Gives a file to the browser's downloads; its address alone would not do, since the session is in a header. */
export async function download(kit: Kit, one: SentFile): Promise<void> {
  const url = `${path(kit, kit.conversation())}/${encodeURIComponent(one.id)}`;
  const answer = await fetch(url, { credentials: "omit", headers: { "Tierzero-Session": await kit.session() } });
  if (!answer.ok) throw answer.status;
  give(kit, await answer.blob(), one.name);
}

/** Hands content to the browser's downloads under a name. */
export function give(kit: Kit, content: Blob, name: string): void {
  const href = URL.createObjectURL(content);
  kit.h("a", { href, download: name }).click();
  URL.revokeObjectURL(href);
}
