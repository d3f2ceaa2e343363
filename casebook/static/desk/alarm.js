// The alarm: a life may be in danger and nobody has looked yet. Told by live.js as it happens; asked for every few
// seconds while nothing is told.
"use strict";
(() => {
  const place = document.getElementById("alarm");
  if (!place) return;
  const every = 8000;
  const silence = 25000;
  const title = document.title;
  const rung = new Set(JSON.parse(sessionStorage.getItem("rung") || "[]"));

  // Two short tones; a browser that forbids sound before the first click stays silent, the banner stands.
  const ring = (pitch) => {
    try {
      const context = new AudioContext();
      for (const at of [0, 0.35]) {
        const tone = context.createOscillator();
        const gain = context.createGain();
        tone.frequency.value = pitch;
        gain.gain.value = 0.15;
        tone.connect(gain).connect(context.destination);
        tone.start(context.currentTime + at);
        tone.stop(context.currentTime + at + 0.2);
      }
    } catch { /* no sound here */ }
  };

  const show = (waiting) => {
    place.hidden = waiting.length === 0;
    document.title = waiting.length ? `(${waiting.length} ${place.dataset.urgent}) ${title}` : title;
    const fresh = waiting.filter((one) => !rung.has(one.code));
    const links = waiting.map((one) => {
      const link = document.createElement("a");
      link.href = one.href;
      link.textContent = one.code;
      return link;
    });
    if (place.dataset.shown === waiting.map((one) => one.code).join()) return;
    place.dataset.shown = waiting.map((one) => one.code).join();
    place.replaceChildren(`${place.dataset.says} `, ...links.flatMap((link, at) => (at ? [", ", link] : [link])));
    if (!fresh.length) return;
    fresh.forEach((one) => rung.add(one.code));
    sessionStorage.setItem("rung", JSON.stringify([...rung]));
    ring(880);
  };

  const look = async () => {
    try {
      const answer = await fetch(place.dataset.from, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok) show(await answer.json());
    } catch { /* away for a moment, or logged out: the next look tells */ }
  };
  look();
  const told = () => Date.now() - Number(document.documentElement.dataset.told || 0) < silence;
  setInterval(() => { if (!told()) look(); }, every);
  document.addEventListener("desk:alarms", (event) => show(event.detail));
  document.addEventListener("desk:ring", (event) => ring(event.detail));
})();
