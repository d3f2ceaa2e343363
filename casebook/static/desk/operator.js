// Comforts of the operator's pages; they work without it.
"use strict";

// A prompt is heard where it stands; a second press stops it.
const player = new Audio();
let playing = null;
const stop = () => {
  player.pause();
  if (playing) playing.removeAttribute("aria-pressed");
  playing = null;
};
player.addEventListener("ended", stop);
for (const link of document.querySelectorAll("a.listen")) {
  link.setAttribute("role", "button");
  const toggle = (event) => {
    event.preventDefault();
    const again = playing === link;
    stop();
    if (again) return;
    playing = link;
    link.setAttribute("aria-pressed", "true");
    player.src = link.href;
    player.play().catch(stop);
  };
  link.addEventListener("click", toggle);
  link.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
}

// Health looks again by itself; the place on the page stays, and nothing moves under a finger or a focus.
const living = document.querySelector("[data-refresh]");
const look = async () => {
  if (document.hidden || living.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
    if (fresh && !living.contains(document.activeElement)) living.replaceChildren(...fresh.childNodes);
  } catch {
    // The network is away for a moment: what is shown says when it was looked at.
  }
};
if (living) setInterval(look, 1000 * Number(living.dataset.refresh));
