// Fitting articles while somebody writes; without this script the same articles come before the message is sent.
"use strict";
const letter = document.querySelector("form.letter[data-fitting]");
const beside = document.getElementById("fitting");
let later = 0;
let turn = 0;

function fits(one, kind, below) {
  const link = document.createElement("a");
  link.href = one.url;
  if (one.locale) link.lang = one.locale;
  link.target = "_blank";
  link.rel = "noopener";
  link.className = kind;
  link.dir = "auto";
  const title = document.createElement("strong");
  title.textContent = one.title;
  link.append(title);
  if (below) {
    const more = document.createElement("span");
    more.textContent = below;
    link.append(more);
  }
  return link;
}

async function lookFor() {
  const mine = ++turn;
  const body = new URLSearchParams();
  for (const name of ["token", "locale", "message"]) body.set(name, letter.elements[name].value);
  try {
    const answer = await fetch(letter.dataset.fitting, { method: "POST", body });
    if (!answer.ok || mine !== turn) return;
    const found = await answer.json();
    const links = found.articles.map((one) => fits(one, "article", one.heading));
    if (found.answer) links.unshift(fits(found.answer, "answered", found.answer.text));
    beside.querySelector(".list").replaceChildren(...links);
    beside.hidden = links.length === 0;
  } catch {
    // Whoever writes goes on writing: the articles are an offer.
  }
}

if (letter && beside) {
  letter.elements.message.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(lookFor, 900);
  });
}
