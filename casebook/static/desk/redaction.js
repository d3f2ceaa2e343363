// Words to hide: a range with Shift, and the arrow keys go from word to word.
"use strict";
for (const form of document.querySelectorAll(".redact")) {
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  let last = null;
  form.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(at, last), Math.max(at, last)];
      for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = at;
  });
  // One stop of the Tab key an answer; the arrows move inside it, as in a toolbar.
  boxes.forEach((box, at) => { box.tabIndex = at ? -1 : 0; });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = boxes.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)];
    boxes[at].tabIndex = -1;
    next.tabIndex = 0;
    if (event.shiftKey) next.checked = event.target.checked;
    next.focus();
  });
}
