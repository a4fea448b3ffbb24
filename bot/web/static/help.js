// Brings the cited passage into view; without this script the page still shows it marked.
"use strict";
const cited = document.getElementById("cited");
if (cited) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  cited.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}
