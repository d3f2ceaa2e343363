// The numbers renew themselves, without moving the page or the focus.
"use strict";
(() => {
  const place = document.getElementById("day");
  const renew = async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("day");
      const open = place.querySelector("details")?.open;
      if (fresh) place.replaceChildren(...fresh.childNodes);
      if (open) place.querySelector("details").open = true;
    } catch { /* away for a moment, or logged out: the next click tells */ }
  };
  setInterval(renew, 1000 * Number(place.dataset.refresh));
})();
