// Conveniences of the staff's pages; everything works without them. No text ever becomes markup here.
"use strict";
(() => {
  const editor = document.getElementById("text");

  const insert = (text) => {
    editor.value = [editor.value.trimEnd(), text].filter(Boolean).join("\n\n");
    editor.focus();
    editor.setSelectionRange(editor.value.length, editor.value.length);
  };

  // A suggestion goes into the editor, at the end, without a round trip that could lose what is typed.
  for (const button of document.querySelectorAll("button[data-insert]")) {
    button.addEventListener("click", (event) => {
      if (!editor) return;
      event.preventDefault();
      insert(button.value);
    });
  }

  // So does a text block, once the server has filled it for this ticket.
  const block = document.getElementById("block");
  for (const button of document.querySelectorAll("button[data-block]")) {
    button.addEventListener("click", async (event) => {
      if (!editor || !block) return;
      event.preventDefault();
      const chosen = new URLSearchParams({ name: block.value, language: block.selectedOptions[0].dataset.language });
      const answer = await fetch(`${button.dataset.block}?${chosen}`).catch(() => null);
      if (answer && answer.ok) insert(await answer.text());
      else button.form.requestSubmit(button);
    });
  }

  // A form that is sent twice in a row is sent once.
  for (const form of document.querySelectorAll("form[method=post]")) {
    let sent = 0;
    form.addEventListener("submit", (event) => {
      if (Date.now() - sent < 2000) event.preventDefault();
      sent = Date.now();
    });
  }

  // The menu of further pages closes as menus do.
  const more = document.getElementById("more");
  if (more) {
    document.addEventListener("click", (event) => { if (!more.contains(event.target)) more.open = false; });
    more.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !more.open) return;
      more.open = false;
      more.querySelector("summary").focus();
    });
  }

  const keys = document.getElementById("keys");
  const shower = document.getElementById("show-keys");
  if (keys && shower) {
    shower.hidden = false;
    shower.addEventListener("click", () => keys.showModal());
  }
  const places = { t: "/desk/tickets", l: "/desk/live", b: "/desk/board", p: "/desk/people" };
  let going = 0;

  const rows = [...document.querySelectorAll(".queue .subject")];
  const move = (by) => {
    const here = rows.indexOf(document.activeElement);
    const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
    if (next) next.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.activeElement === editor) {
      const send = document.querySelector("button[data-submit]");
      if (send) send.form.requestSubmit(send);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (keys && keys.open) return;
    if (event.key === "?" && keys) return keys.showModal();
    if (Date.now() - going < 1500 && places[event.key]) {
      going = 0;
      // Only where the navigation leads too: what a role may not open has no key either.
      const link = document.querySelector(`nav a[href="${places[event.key]}"]`);
      if (link) link.click();
      return;
    }
    if (event.key === "g") { going = Date.now(); return; }
    if (event.key === "j") return move(1);
    if (event.key === "k") return move(-1);
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    const field = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    if (field) { event.preventDefault(); field.focus(); return; }
    const button = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (button) button.focus();
  });
})();
