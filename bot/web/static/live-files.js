// Files of one chat on the agents' page: where they stand between the messages, and how one is sent.

import { clock, h } from "./elements.js";

const UNITS = ["bytes", "KB", "MB", "GB"];

function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toFixed(step > 1 ? 1 : 0)} ${UNITS[step]}`;
}

/** The files that are there, each a row of the list of messages, in the order in which they came. */
export class Files {
  #rows = new Map();

  constructor(said, append) {
    this.said = said;
    this.append = append;
  }

  /** Shows these and no others; gives those that were not there before. */
  show(files, ticket) {
    const now = new Set(files.map((one) => one.id));
    for (const [id, row] of this.#rows) {
      if (now.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    const fresh = files.filter((one) => !this.#rows.has(one.id));
    for (const one of fresh) {
      const row = this.#row(one);
      this.#rows.set(one.id, row);
      const later = [...this.said.children].find((other) => other.dataset.at && new Date(other.dataset.at) > new Date(one.at));
      if (later) later.before(row);
      else this.append(row);
    }
    this.link(ticket);
    return fresh;
  }

  /** Files are had by their ticket's address; while the bot has the chat there is none. */
  link(ticket) {
    if (!ticket) return;
    for (const [id, row] of this.#rows) {
      const name = row.querySelector(".name");
      if (name.href) continue;
      name.replaceWith(h("a", {
        class: "name", dir: "auto", download: true,
        href: `/desk/tickets/${encodeURIComponent(ticket)}/files/${encodeURIComponent(id)}`,
      }, name.textContent));
    }
  }

  #row(one) {
    const by = one.by === "customer" ? "Customer" : "Team";
    const inner = one.by !== "customer" && !one.shared ? ", for the team alone" : "";
    return h("li", { class: `file ${one.by === "customer" ? "customer" : "agent"}`, "data-at": one.at },
      h("p", { class: "by" }, h("strong", {}, by), " ", clock(one.at)),
      h("div", { class: "bubble" }, h("span", { class: "name", dir: "auto" }, one.name), " ",
        h("span", { class: "size" }, `${size(one.size)}${inner}`)));
  }
}

/** The button that sends files to the customer; `ticket` gives the ticket of the chat, `told` is told how it went. */
export function attach(ticket, told) {
  const input = h("input", {
    type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true",
    change: async () => {
      const files = [...input.files];
      input.value = "";
      button.disabled = true;
      for (const file of files) told(await sent(ticket(), file));
      button.disabled = false;
    },
  });
  const button = h("button", { type: "button", class: "plain attach", click: () => input.click() }, "Send a file…");
  return h("span", {}, button, input);
}

/** Sends one file; gives what is to be said of it. The service says which it takes. */
async function sent(ticket, file) {
  const body = new FormData();
  body.append("csrf", document.getElementById("live").dataset.csrf);
  body.append("shared", "yes");
  body.append("file", file, file.name);
  const to = `/desk/tickets/${encodeURIComponent(ticket)}/files`;
  try {
    const answer = await fetch(to, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) return { failed: false, text: `${file.name} was sent.` };
    const problem = await answer.json().catch(() => ({}));
    return { failed: true, text: `${file.name} was not sent: ${problem.detail || problem.title || answer.statusText}` };
  } catch {
    return { failed: true, text: `${file.name} was not sent: the connection is lost. Please choose it again.` };
  }
}
