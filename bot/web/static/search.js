// Results while somebody types; without this script the form leads to the page of results.
"use strict";
const form = document.querySelector("form.search");
const field = form && form.querySelector("input[type=search]");
const list = form && form.querySelector(".suggested");
const heard = form && form.querySelector(".heard");
let waiting = 0;
let asked = 0;

function line(url, text, below, kind, language) {
  const link = document.createElement("a");
  link.href = url;
  if (language) link.lang = language;
  link.className = kind;
  link.dir = "auto";
  const title = document.createElement("strong");
  title.textContent = text;
  link.append(title);
  if (below) {
    const more = document.createElement("span");
    more.textContent = below;
    link.append(more);
  }
  return link;
}

function show(found, words) {
  const lines = found.articles.map((one) => line(one.url, one.title, one.heading, "article", one.locale));
  if (found.answer) lines.unshift(line(found.answer.url, found.answer.title, found.answer.text, "answered"));
  // Who does not see them hears how many there are.
  heard.textContent = lines.length ? form.dataset.some.replace("{count}", lines.length) : form.dataset.none;
  if (lines.length) {
    const address = new URL(form.action);
    address.searchParams.set("q", words);
    address.searchParams.set("locale", form.elements.locale.value);
    lines.push(line(address.href, form.dataset.all.replace("{words}", () => words), "", "all"));
  }
  list.replaceChildren(...lines);
  list.hidden = lines.length === 0;
}

async function look() {
  const words = field.value.trim();
  const mine = ++asked;
  if (words.length < 2) {
    list.hidden = true;
    heard.textContent = "";
    return;
  }
  const address = new URL(form.dataset.suggest, location.href);
  address.searchParams.set("q", words);
  address.searchParams.set("locale", form.elements.locale.value);
  try {
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    // Somebody who types fast gets the answer to the last words, whatever comes last over the line.
    if (answer.ok && mine === asked) show(await answer.json(), words);
  } catch {
    list.hidden = true;
  }
}

if (field && list) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      // The first press closes the list and keeps the words; the next one empties the field, as browsers do.
      event.preventDefault();
      field.focus();
      list.hidden = true;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("a")];
    if (list.hidden || links.length === 0) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[at] || (at < 0 ? field : links[links.length - 1])).focus();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) list.hidden = true;
  });
}
