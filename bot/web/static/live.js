// The page of live chats: the list on one side, the chat that was chosen on the other.

import { clock, h } from "./elements.js";
import { Line } from "./live-line.js";
import { Room } from "./live-room.js";

const GROUPS = [
  ["mine", "Yours", "You are in no chat."],
  ["waiting", "Waiting", "Nobody is waiting."],
  ["bot", "With the bot", "Nobody talks with the bot right now."],
  ["colleagues", "With colleagues", ""],
];

const groups = document.getElementById("groups");
const place = document.getElementById("room");
const status = document.getElementById("line");
const available = document.getElementById("available");
const online = document.getElementById("online");

let room = null;
let listed = [];
let waiting = 0;
/** The pointer is down on the list; a list that changes under it would lose the click. */
let pressed = false;
let newest = null;

const line = new Line({
  opened() {
    status.textContent = "Connected";
    status.className = "line";
    available.disabled = false;
    room?.watch();
  },
  closed(reason) {
    status.textContent = reason || "The connection is lost. Trying again…";
    status.className = "line off";
    available.disabled = true;
  },
  heard(frame) {
    if (frame.type === "list") return show(frame);
    if (frame.conversation && frame.conversation === room?.chat.conversation) room.heard(frame);
    else if (frame.type === "refused") status.textContent = frame.detail;
  },
});

available.addEventListener("change", () => line.send("available", { on: available.checked }));

groups.addEventListener("pointerdown", (event) => (pressed = event.isPrimary && event.button === 0));
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    if (!pressed) return;
    // The click comes right after, and goes to what was pressed.
    setTimeout(() => {
      pressed = false;
      if (newest) show(newest);
    });
  });
}

function show(frame) {
  newest = pressed ? frame : null;
  if (pressed) return;
  listed = frame.chats;
  available.checked = frame.available;
  const there = frame.online.filter((one) => one.available).map((one) => one.name);
  online.textContent = there.length ? `Take chats now: ${there.join(", ")}` : "Nobody takes chats now.";
  const focused = document.activeElement?.dataset?.conversation;
  groups.replaceChildren(...GROUPS.flatMap(([name, label, nobody]) => {
    const chats = listed.filter((one) => one.group === name);
    if (!chats.length && !nobody) return [];
    return [
      h("h2", { id: `group-${name}` }, chats.length ? `${label} (${chats.length})` : label),
      chats.length ? h("ul", { class: `chats ${name}`, "aria-labelledby": `group-${name}` }, ...chats.map(row))
        : h("p", { class: "hint" }, nobody),
    ];
  }));
  if (focused) groups.querySelector(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
  const chat = room && listed.find((one) => one.conversation === room.chat.conversation);
  if (chat) room.listed(chat);
  told(listed.filter((one) => one.group === "waiting" && one.here).length);
}

/** The tab says how many wait, for who works in another one. */
function told(count) {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = count ? `(${count}) ${title}` : title;
  if (count > waiting && line.isOpen) status.textContent = `${count} waiting`;
  waiting = count;
}

function row(chat) {
  const here = h("span", { class: `dot ${chat.here ? "on" : ""}`, "aria-hidden": "true" });
  const meta = [chat.here ? "here" : "left", chat.language, chat.priority, chat.agent && `with ${chat.agent}`];
  return h("li", {}, h("button", {
    type: "button",
    "data-conversation": chat.conversation,
    "aria-current": chat.conversation === room?.chat.conversation ? "true" : null,
    click: () => open(chat.conversation),
  },
  h("span", { class: "what", dir: "auto" }, chat.subject || "No words yet"),
  h("span", {}, chat.group === "mine" && chat.unread ? h("span", { class: "badge" }, String(chat.unread),
    h("span", { class: "unseen" }, " not read")) : null, " ", h("span", { class: "since" }, `since ${clock(chat.since)}`)),
  h("span", { class: "meta" }, here, meta.filter(Boolean).join(" · "))));
}

function open(conversation) {
  const chat = listed.find((one) => one.conversation === conversation);
  if (!chat || room?.chat.conversation === conversation) return room?.title.focus();
  room?.close();
  room = new Room(chat, line, place);
  room.watch();
  room.title.focus({ preventScroll: innerWidth > 832 });
  for (const one of groups.querySelectorAll("[data-conversation]")) {
    one.toggleAttribute("aria-current", one.dataset.conversation === conversation);
    if (one.dataset.conversation === conversation) one.setAttribute("aria-current", "true");
  }
  return undefined;
}
