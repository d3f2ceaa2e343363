// The list as a queue: marking, taking, and what came meanwhile. Everything here is an extra.
"use strict";
(() => {
  const marks = [...document.querySelectorAll(".tickbox")];
  const bulk = document.getElementById("bulk");
  const chosen = document.getElementById("bulk-do");
  const all = document.getElementById("mark-all");

  const count = () => {
    const number = marks.filter((mark) => mark.checked).length;
    if (bulk) {
      bulk.classList.toggle("any", number > 0);
      document.getElementById("marked").textContent = number || "";
    }
  };
  const choose = () => {
    for (const field of document.querySelectorAll(".bulk [data-for]")) field.classList.toggle("on", field.dataset.for.split(" ").includes(chosen.value));
  };
  document.addEventListener("change", count);
  if (chosen) { chosen.addEventListener("change", choose); choose(); }
  if (all) {
    all.addEventListener("click", () => {
      const on = !marks.every((mark) => mark.checked);
      for (const mark of marks) mark.checked = on;
      count();
    });
  }
  count();

  // The keys of desk.js, for the row that has the focus.
  const row = () => document.activeElement.closest(".case");
  keys.x = () => {
    const mark = row() && row().querySelector(".tickbox");
    if (mark) { mark.checked = !mark.checked; count(); }
    return Boolean(mark);
  };
  keys.t = () => {
    const take = row() && row().querySelector(".take");
    if (take) take.click();
    return Boolean(take);
  };

  // What came meanwhile is announced, not pushed under the reader's eyes.
  const place = document.getElementById("news");
  const shown = new Set([...document.querySelectorAll(".case[data-code]")].map((it) => it.dataset.code));
  const fresh = new Set();

  const announce = () => {
    const link = document.createElement("a");
    link.href = place.dataset.top;
    link.textContent = fresh.size === 1 ? place.dataset.one : place.dataset.many.replace("{n}", fresh.size);
    place.replaceChildren(link);
  };
  const mark = (code) => {
    const changed = document.querySelector(`.case[data-code="${code}"]`);
    changed.classList.add("changed");
    changed.querySelector(".case-top").dataset.changed = place.dataset.changed;
  };
  const ask = async () => {
    const answer = await fetch(`${place.dataset.from}&since=${place.dataset.since}`, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const before = fresh.size;
    for (const code of await answer.json()) shown.has(code) ? mark(code) : fresh.add(code);
    if (fresh.size > before) { announce(); document.dispatchEvent(new CustomEvent("desk:fresh")); }
  };
  let asked = 0;
  document.addEventListener("desk:case", () => { clearTimeout(asked); asked = setTimeout(ask, 400); });
  document.addEventListener("desk:poll", ask);

  const sound = document.getElementById("sound");
  if (sound) {
    sound.checked = localStorage.getItem("desk-sound") === "on";
    sound.addEventListener("change", () => localStorage.setItem("desk-sound", sound.checked ? "on" : "off"));
  }
  document.addEventListener("desk:fresh", () => { if (sound && sound.checked) document.dispatchEvent(new CustomEvent("desk:ring", { detail: 660 })); });
})();
