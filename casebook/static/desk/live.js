// What happens at the desk, told as it happens. One page of a browser listens and tells the others, for a browser
// has few connections to one server; where nothing can be told, pages ask by themselves.
"use strict";
(() => {
  const place = document.querySelector("[data-live]");
  const silence = 25000;
  const pause = 60000;
  const poll = 15000;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("desk-live") : null;
  let source = null;
  let release = () => {};

  const tell = ({ kind, data }) => {
    document.documentElement.dataset.told = Date.now();
    document.dispatchEvent(new CustomEvent(`desk:${kind}`, { detail: data }));
  };
  if (others) others.addEventListener("message", (event) => tell(event.data));

  const stop = () => { if (source) source.close(); source = null; };
  const listen = () => {
    if (source) return;
    source = new EventSource(place.dataset.live);
    for (const kind of ["case", "alarms", "beat"]) {
      source.addEventListener(kind, (event) => {
        const news = { kind, data: JSON.parse(event.data) };
        tell(news);
        if (others) others.postMessage(news);
      });
    }
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) { stop(); setTimeout(again, pause); }
    });
  };

  // Whoever has the lock listens until their page is left; without locks each page listens while it is looked at.
  const begin = () => {
    if (navigator.locks && others) {
      navigator.locks.request("desk-live", () => new Promise((leave) => {
        release = leave;
        listen();
      }));
    } else if (!document.hidden) listen();
  };

  const again = () => { release(); begin(); };

  if (place && "EventSource" in window) {
    // A page that is left at once asks for nothing.
    setTimeout(begin, 1000);
    addEventListener("pagehide", () => { stop(); release(); });
    addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
    if (!navigator.locks || !others) document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  }
  setInterval(() => { if (place && Date.now() - Number(document.documentElement.dataset.told || 0) > silence) document.dispatchEvent(new CustomEvent("desk:poll")); }, poll);
})();
