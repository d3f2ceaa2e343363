// Says before sending that files are too many or too large, so that nobody waits for a refusal.
"use strict";
for (const field of document.querySelectorAll("input[type=file][data-told]")) {
  field.addEventListener("change", () => {
    const files = [...field.files];
    const all = files.reduce((sum, file) => sum + file.size, 0);
    const { most, largest, all: limit, told } = field.dataset;
    const bad = files.length > +most || all > +limit || files.some((file) => file.size > +largest);
    field.setCustomValidity(bad ? told : "");
    if (bad) field.reportValidity();
  });
}
