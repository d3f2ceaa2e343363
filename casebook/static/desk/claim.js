// Who is at work on a case keeps it, and may go on to the next after any act.
"use strict";
(() => {
  const place = document.querySelector("[data-stay]");
  const every = 120000;
  let told = Date.now();

  // Told at most every two minutes, and only while somebody reads, types or listens.
  const stay = async () => {
    if (!place || Date.now() - told < every) return;
    told = Date.now();
    const token = place.querySelector("input[name=csrf_token]");
    const answer = await fetch(place.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token.value } }).catch(() => null);
    if (answer && answer.status === 409) place.querySelector(".claim-who").textContent = place.dataset.lost;
  };
  for (const sign of ["keydown", "pointerdown", "scroll", "timeupdate"]) document.addEventListener(sign, stay, { capture: true, passive: true });

  const onwards = document.getElementById("then");
  document.addEventListener("submit", (event) => {
    if (!onwards || !onwards.checked || !event.target.action.includes("/act/")) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = onwards.name;
    field.value = onwards.value;
    event.target.append(field);
  });
})();
