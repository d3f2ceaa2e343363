// Picking a unit: a combobox over what the server finds (ARIA 1.2, list with automatic selection).
// Without scripts the field stays what it is, a text field with a list.
import { say } from "./player.js";

const WAIT_MS = 120;

class Picker {
  constructor(field) {
    this.field = field;
    this.options = [];
    this.at = -1;
    this.asked = 0;
    this.build();
    field.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.ask(), WAIT_MS); });
    field.addEventListener("keydown", (event) => this.press(event));
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  build() {
    const { field } = this;
    field.removeAttribute("list");
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${field.id}-options`, className: "options", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    this.told = document.createElement("span");
    this.told.className = "hid";
    this.told.setAttribute("aria-live", "polite");
    const box = document.createElement("span");
    box.className = "picker";
    field.replaceWith(box);
    box.append(field, this.list, this.told);
    const state = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(state)) field.setAttribute(name, value);
  }

  async ask() {
    const typed = this.field.value.trim();
    const turn = ++this.asked;
    if (!typed) { this.close(); return; }
    try {
      const answer = await fetch(`${say.units}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok || turn !== this.asked || document.activeElement !== this.field) return;
      this.show(await answer.json());
    } catch { /* away for a moment, or logged out: the field still takes what is typed */ }
  }

  show(units) {
    this.options = units;
    this.list.replaceChildren(...units.map((unit, place) => this.option(unit, place)));
    this.told.textContent = units.length ? `${units.length} ${say.found}` : say.none;
    if (!units.length) { this.empty(); return; }
    this.open();
    // Inside the form's own scrolling column the list would else end below its edge.
    this.list.scrollIntoView({ block: "nearest" });
    // What is no unit may be meant as it is typed (a private clinic): then nothing is chosen before ↓.
    this.move(this.field.dataset.picker === "free" ? -1 : 0);
  }

  empty() {
    this.close();
    if (this.field.dataset.picker === "free") return;
    const told = document.createElement("li");
    told.className = "none";
    told.textContent = say.none;
    told.setAttribute("role", "presentation");
    this.list.replaceChildren(told);
    this.list.hidden = false;
  }

  option(unit, place) {
    const made = document.createElement("li");
    made.id = `${this.list.id}-${place}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    const name = document.createElement("b");
    name.textContent = unit.name;
    const facts = document.createElement("small");
    facts.textContent = [unit.kind, unit.place, unit.by].filter(Boolean).join(" · ");
    made.append(name, " ", facts);
    if (!unit.email) {
      const mute = document.createElement("em");
      mute.textContent = say.muteUnit;
      made.append(" ", mute);
    }
    return made;
  }

  open() { this.list.hidden = false; this.field.setAttribute("aria-expanded", "true"); }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.options = [];
    this.at = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  move(to) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = to;
    const option = this.list.children[to];
    if (!option) { this.field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  take(place) {
    const unit = this.options[place];
    if (!unit) return;
    this.field.value = unit.name;
    this.close();
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.field.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: unit }));
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const open = this.options.length > 0;
    const count = this.options.length;
    if (event.key === "ArrowDown" && !open) { event.preventDefault(); this.ask(); return; }
    if (!open) {
      // Enter chooses; it is not meant to send a form that is still being filled in.
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Escape") this.close();
      return;
    }
    const moves = { ArrowDown: (this.at + 1) % count, ArrowUp: (this.at - 1 + count) % count };
    if (event.key in moves && !event.altKey) { event.preventDefault(); this.move(moves[event.key]); }
    else if (event.key === "Enter") { event.preventDefault(); if (this.at >= 0) this.take(this.at); else this.close(); }
    else if (event.key === "Tab" && this.at >= 0) this.take(this.at);
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
  }
}

for (const field of document.querySelectorAll("input[data-picker]")) new Picker(field);
