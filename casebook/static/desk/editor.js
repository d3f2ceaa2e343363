// Correcting words where they stand. A word that is clicked twice, or reached by a key, becomes a small
// field; every other word keeps its moment in the recording. What is sent is the text of the form below the words.
import { button, current, say } from "./player.js";

const editors = [];

class Editor {
  constructor(answer) {
    this.answer = answer;
    this.lines = [...answer.querySelectorAll(".words[data-correct] > p")];
    this.words = this.lines.flatMap((line) => [...line.querySelectorAll(".w")]);
    this.form = answer.querySelector("form[data-words]");
    this.own = new Map(this.words.map((word) => [word, word.dataset.w ?? word.textContent]));
    this.shown = new Map(this.words.map((word) => [word, word.textContent]));
    this.changed = new Map();
    this.done = [];
    this.field = null;
    this.build();
    for (const word of this.words) word.addEventListener("dblclick", () => { current?.audio.pause(); this.open(word); });
  }

  build() {
    this.bar = document.createElement("p");
    this.bar.className = "mend-bar";
    this.told = document.createElement("span");
    this.told.setAttribute("aria-live", "polite");
    this.keep = button(say.keep, "", () => this.save(), "main small");
    this.back = button(say.undo, "", () => this.undo(), "small");
    this.mend = button(say.mend, "", () => this.open(this.nearest()), "plain small");
    this.next = button(say.unsure, "", () => this.unsure(), "plain small");
    this.bar.append(this.mend, this.next, this.told, this.back, this.keep);
    this.answer.querySelector(".words").after(this.bar);
    this.tell();
  }

  text(word) { return this.changed.get(word) ?? this.own.get(word); }

  // The word being spoken, else the first one.
  nearest() { return this.words.find((word) => word.classList.contains("now")) || this.words[0]; }

  unsure() {
    const after = this.words.indexOf(this.last ?? null);
    const doubtful = (word, place) => place > after && !this.changed.has(word) && (word.matches(".s0, .s1"));
    const found = this.words.find(doubtful) || this.words.find((word) => !this.changed.has(word) && word.matches(".s0, .s1"));
    if (found) this.open(found);
  }

  open(word) {
    if (!word || this.typed_below()) return;
    this.close();
    this.last = word;
    const field = document.createElement("input");
    Object.assign(field, { type: "text", className: "mending", value: this.text(word), spellcheck: false, autocomplete: "off" });
    field.setAttribute("aria-label", `${say.word} “${this.shown.get(word)}”`);
    const fit = () => { field.size = Math.max(2, field.value.length + 1); };
    fit();
    field.addEventListener("input", fit);
    field.addEventListener("keydown", (event) => this.press(event));
    field.addEventListener("blur", () => this.close());
    this.field = { field, word };
    word.hidden = true;
    word.after(field);
    field.focus();
    field.select();
  }

  // Whoever has begun to type over the whole text goes on there: two unsaved texts would be one too many.
  typed_below() {
    const area = this.form.querySelector("textarea");
    if (area.value === area.defaultValue) return false;
    area.closest("details").open = true;
    area.focus();
    return true;
  }

  // Puts what the field says in the place of the word; leaving the field as it was changes nothing.
  close(keep = true) {
    if (!this.field) return;
    const { field, word } = this.field;
    this.field = null;
    if (keep) this.set(word, field.value.trim().split(/\s+/).join(" "));
    word.hidden = false;
    field.remove();
  }

  set(word, text) {
    const before = this.text(word);
    if (text === before) return;
    this.done.push([word, before]);
    this.put(word, text);
  }

  put(word, text) {
    const same = text === this.own.get(word);
    if (same) this.changed.delete(word); else this.changed.set(word, text);
    word.textContent = same || !text ? this.shown.get(word) : text;
    word.classList.toggle("mended", !same && text !== "");
    word.classList.toggle("cut", !same && text === "");
    this.tell();
  }

  undo() {
    this.close();
    const last = this.done.pop();
    if (last) this.put(...last);
    return last !== undefined;
  }

  tell() {
    const count = this.changed.size;
    this.told.textContent = count ? `${count} ${say.mended}` : "";
    this.keep.hidden = this.back.hidden = !count;
    const unsure = this.words.filter((word) => word.matches(".s0, .s1") && !this.changed.has(word)).length;
    this.next.textContent = `${say.unsure} (${unsure})`;
    this.next.hidden = !unsure;
  }

  save() {
    this.close();
    if (!this.changed.size) return;
    const line = (words) => words.map((word) => this.text(word)).filter(Boolean).join(" ");
    this.form.querySelector("textarea").value = this.lines.map((p) => line([...p.querySelectorAll(".w")])).join("\n");
    this.changed.clear();
    this.form.requestSubmit();
  }

  // Enter keeps the word and goes on, Shift+Enter back; arrows leave the field at its ends; Escape gives up.
  press(event) {
    const { field, word } = this.field;
    const at = this.words.indexOf(word);
    const to = (place) => { event.preventDefault(); const next = this.words[place]; this.close(); if (next) this.open(next); else this.mend.focus(); };
    if (event.key === "Escape") { event.preventDefault(); this.close(false); this.mend.focus(); return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); this.save(); return; }
    if (event.key === "Enter") { to(event.shiftKey ? at - 1 : at + 1); return; }
    if (event.key === " " && event.ctrlKey && current) { event.preventDefault(); current.toggle(); return; }
    const bare = field.selectionStart === field.selectionEnd && !event.shiftKey && !event.ctrlKey && !event.altKey;
    if (event.key === "ArrowLeft" && bare && field.selectionStart === 0) to(at - 1);
    else if (event.key === "ArrowRight" && bare && field.selectionEnd === field.value.length) to(at + 1);
  }
}

for (const answer of document.querySelectorAll("[data-answer]")) {
  if (answer.querySelector(".words[data-correct]") && answer.querySelector("form[data-words]")) editors.push(new Editor(answer));
}

const editor_here = () => editors.find((editor) => current && editor.answer === current.answer) || editors[0];
export const pending_words = () => editors.find((editor) => editor.changed.size);

const keys_of_editor = {
  e: () => editor_here()?.open(editor_here().nearest()),
  d: () => editor_here()?.unsure(),
  E: () => {
    const box = editor_here()?.answer.querySelector(".edit");
    if (box) { box.open = true; box.querySelector("textarea").focus(); }
  },
};
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.target.closest("input:not([type=range]), textarea, select")) return;
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && pending_words()?.undo()) { event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || !editors.length || !keys_of_editor[event.key]) return;
  event.preventDefault();
  keys_of_editor[event.key]();
});

// A form that leaves the page would take unsaved words with it: they are saved first.
document.addEventListener("submit", (event) => {
  const editor = pending_words();
  if (!editor || event.target.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  editor.told.textContent = say.waiting;
  editor.bar.scrollIntoView({ block: "center" });
  editor.keep.focus();
}, true);
window.addEventListener("beforeunload", (event) => { if (pending_words()) event.preventDefault(); });
