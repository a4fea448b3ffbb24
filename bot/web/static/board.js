// The board looks again by itself. The page is read as a document of its own and its part taken over: no text ever
// becomes markup here, and nothing of it runs.
"use strict";
(() => {
  const look = () => {
    const now = document.getElementById("now");
    const wait = () => setTimeout(look, Number(now.dataset.refresh) * 1000);
    // Whoever is at a link with the keyboard must not lose their place, and a hidden page needs no news.
    if (document.hidden || now.contains(document.activeElement)) return wait();
    const asked = new XMLHttpRequest();
    asked.open("GET", location.href);
    asked.setRequestHeader("X-Purpose", "poll");
    asked.responseType = "document";
    asked.onload = () => {
      const found = asked.status === 200 && asked.responseXML && asked.responseXML.getElementById("now");
      if (found && !now.contains(document.activeElement)) now.replaceWith(document.adoptNode(found));
      // Signed out meanwhile: the sign-in says so.
      if (asked.status === 401) return location.reload();
      wait();
    };
    asked.onerror = wait;
    asked.send();
  };
  setTimeout(look, Number(document.getElementById("now").dataset.refresh) * 1000);
})();
