// Brings the cited passage into view, closes menus and tells times by the reader's clock; without it all is there,
// and times are in UTC and say so.
"use strict";
const cited = document.getElementById("cited");
if (cited) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  cited.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
// The reader's own way to write times, where it is in the page's language.
const tongue = document.documentElement.lang;
const own = navigator.languages.find((one) => one.split("-")[0] === tongue.split("-")[0]);
for (const time of document.querySelectorAll("time[data-local]")) {
  const how = { dateStyle: "long", ...(time.dataset.local === "time" && { timeStyle: "short" }) };
  time.textContent = new Intl.DateTimeFormat(own || tongue, how).format(new Date(time.dateTime));
}
