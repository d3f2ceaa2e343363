// Keys and small comforts. Everything here is an extra: the pages work without it.
"use strict";
document.documentElement.classList.add("js");

const typing = (target) => target.closest("input:not([type=range], .tickbox), textarea, select, [contenteditable]") !== null;

const step = (by) => {
  const links = [...document.querySelectorAll(".queue .case-link")];
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const focusOn = (selector) => {
  const found = document.querySelector(selector);
  if (found) { found.focus(); if (found.select && found.type === "search") found.select(); }
  return found !== null;
};

const press = (key) => {
  const button = document.querySelector(`button[data-key="${key}"]`);
  if (button) button.click();
  return button !== null;
};

const keys = {
  "?": () => { const help = document.getElementById("keys"); if (help && !help.open) help.showModal(); return help !== null; },
  "/": () => focusOn("#q"),
  j: () => step(1),
  k: () => step(-1),
  f: () => focusOn("#f-category"),
  t: () => press("t"),
  n: () => press("n"),
  u: () => { const up = document.querySelector("[data-up]"); if (up) up.click(); return up !== null; },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const act = keys[event.key];
  if (act && act()) event.preventDefault();
});

// An alternative in a hint becomes a button that fills its field.
for (const choice of document.querySelectorAll("[data-fill]")) {
  const field = document.getElementById(`f-${choice.dataset.fill}`);
  if (!field) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = choice.textContent;
  button.dataset.key = choice.dataset.key;
  button.addEventListener("click", () => {
    field.value = choice.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
  const key = document.createElement("kbd");
  key.textContent = choice.dataset.key;
  key.setAttribute("aria-hidden", "true");
  button.setAttribute("aria-keyshortcuts", `Alt+${choice.dataset.key}`);
  choice.replaceWith(key, button);
}

// The words that led to a suggestion light up while its field has the focus.
const lit = (spans, on) => {
  for (const span of spans.split(" ").filter(Boolean)) {
    const [question, range] = span.split(":");
    const [first, last] = range.split("-").map(Number);
    for (const answer of document.querySelectorAll("[data-answer]")) {
      if (answer.dataset.question !== question) continue;
      for (const word of answer.querySelectorAll("[data-p]")) {
        if (Number(word.dataset.q) >= first && Number(word.dataset.p) <= last) word.classList.toggle("lit", on);
      }
    }
  }
};
for (const hint of document.querySelectorAll("[data-spans]")) {
  const field = document.getElementById(hint.id.replace("hint-", "f-"));
  if (!field) continue;
  field.addEventListener("focus", () => lit(hint.dataset.spans, true));
  field.addEventListener("blur", () => lit(hint.dataset.spans, false));
}

// A menu closes when something else is clicked, or by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".me[open], .menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(".me[open], .menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// Nothing typed is lost by a stray click.
let typedSomething = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[method=post] textarea, .case-form")) typedSomething = true; });
document.addEventListener("submit", () => { typedSomething = false; });
window.addEventListener("beforeunload", (event) => { if (typedSomething) event.preventDefault(); });
