// The case form by keys: the next-best suggestions, sending, and words that outlive a save of something else.
import { pending_words } from "./editor.js";
import "./picker.js";
import { say } from "./player.js";

const sheet = document.getElementById("case-form");
const KEPT_FORM = `desk.form.${say.code}`;
const typed_fields = () => [...sheet.elements].filter((field) => field.name && field.id.startsWith("f-"));
const as_loaded = (field) => field.tagName === "SELECT" ? [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0].value : field.defaultValue;

// The number beside each alternative: Alt and the number take it; in a list of choices the number alone does.
const choose = (name, key) => {
  const choice = document.querySelector(`#hint-${name} button[data-key="${key}"]`);
  if (choice) choice.click();
  return choice !== null;
};
const field_name = (target) => (target.id || "").startsWith("f-") ? target.id.slice(2) : "";

const forward = () => {
  const send = sheet?.querySelector("button[value=forward]");
  if (send) sheet.requestSubmit(send);
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.metaKey) return;
  if (event.key === "Enter" && event.ctrlKey) {
    if (event.repeat) return;
    if (event.target.closest("form") && event.target.closest("form") !== sheet) return;
    event.preventDefault();
    const editor = pending_words();
    if (editor) editor.save(); else forward();
    return;
  }
  const digit = /^(?:Digit|Numpad)([0-3])$/.exec(event.code)?.[1];
  const name = field_name(event.target);
  if (!digit || !name || event.ctrlKey || event.shiftKey) return;
  if ((event.altKey || event.target.tagName === "SELECT") && choose(name, digit)) event.preventDefault();
});

// A unit without an address is told as soon as it is picked, not when the letter cannot leave.
document.addEventListener("picked", (event) => {
  const box = event.target.closest(".field");
  box.querySelector(".mute-unit")?.remove();
  if (event.detail.email || event.target.name !== "unit") return;
  const told = document.createElement("span");
  told.className = "error mute-unit";
  told.setAttribute("role", "status");
  told.textContent = say.muteUnit;
  box.append(told);
});

if (sheet) {
  // A second press while the first is on its way is the same wish, not another one.
  let sent = false;
  sheet.addEventListener("submit", (event) => { if (sent) event.preventDefault(); else sent = true; });
  window.addEventListener("pageshow", () => { sent = false; });

  sheet.querySelector("[aria-invalid]")?.focus();

  // Saving a transcript makes the page anew: what was typed into the form meanwhile comes back afterwards.
  document.addEventListener("submit", (event) => {
    if (event.target === sheet || event.target.method !== "post") return;
    const typed = typed_fields().filter((field) => field.value !== as_loaded(field)).map((field) => [field.id, field.value]);
    if (typed.length) sessionStorage.setItem(KEPT_FORM, JSON.stringify(typed));
  });

  const kept = JSON.parse(sessionStorage.getItem(KEPT_FORM) || "[]");
  sessionStorage.removeItem(KEPT_FORM);
  const back = kept.filter(([id, value]) => document.getElementById(id) && document.getElementById(id).value !== value);
  for (const [id, value] of back) {
    document.getElementById(id).value = value;
    document.getElementById(id).dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (back.length) {
    const told = document.createElement("p");
    told.className = "note";
    told.setAttribute("role", "status");
    told.textContent = say.again;
    sheet.before(told);
  }
}

// Beside a long transcript the form stays in sight, as tall as the room below it allows.
const column = document.querySelector(".review-form");
const beside = window.matchMedia("(min-width: 74rem)");
const LOWEST_PX = 320;
const fit_column = () => {
  const room = window.innerHeight - Math.max(column.getBoundingClientRect().top, 0) - 8;
  column.style.maxHeight = beside.matches ? `${Math.max(room, LOWEST_PX)}px` : "";
};
for (const moved of ["scroll", "resize"]) window.addEventListener(moved, () => requestAnimationFrame(fit_column), { passive: true });
// The alarm, and whatever else comes and goes above, moves the column too.
new ResizeObserver(fit_column).observe(document.getElementById("main"));
