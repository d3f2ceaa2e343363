// The player of a case: waveform, keys, words that follow the voice and seek when clicked, loops and silences.

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const TRAIL_S = 0.3;
const players = [];
export let current = null;
export const say = document.getElementById("say").dataset;

const clock = (seconds) => { const whole = Math.round(seconds); return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`; };

// How somebody likes to listen stays the same from case to case, on this computer.
const liking = {
  get: (name) => { try { return localStorage.getItem(`desk.${name}`); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(`desk.${name}`, value); } catch { /* private window */ } },
};

export const button = (text, label, act, kind = "") => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.className = kind;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

const press = (knob, on) => knob.setAttribute("aria-pressed", String(on));

const spans_in = (text) => (text || "").trim().split(" ").filter(Boolean).map((span) => span.split("-").map(Number));

class Player {
  constructor(answer) {
    this.answer = answer;
    this.audio = answer.querySelector("audio");
    this.length = Number(answer.dataset.duration);
    this.silences = spans_in(answer.dataset.silences);
    this.words = [...answer.querySelectorAll(".words .w")];
    this.starts = this.words.map((word) => Number(word.dataset.t));
    this.ends = this.words.map((word) => Number(word.dataset.e));
    this.sentences = [...answer.querySelectorAll(".words > p")].map((line) => this.stretch(line)).filter(Boolean);
    this.played = answer.querySelector("rect.played");
    this.points = this.played ? this.played.ownerSVGElement.viewBox.baseVal.width : 0;
    this.speaking = null;
    this.looped = null;
    this.skips = liking.get("skip") === "yes";
    this.build();
    this.listen();
    this.hasten(Number(liking.get("speed")) || 1);
    this.show();
  }

  stretch(line) {
    const words = [...line.querySelectorAll(".w")];
    return words.length ? { line, start: Number(words[0].dataset.t), end: Number(words.at(-1).dataset.e) } : null;
  }

  build() {
    const name = this.answer.querySelector("h3").firstChild.textContent.trim();
    this.play = button(say.play, "", () => this.toggle(), "play main");
    this.speed = button("1×", say.speed, () => this.faster(1, true));
    this.loop = button(say.loop, "", () => this.repeat());
    this.skip = button(say.skip, "", () => this.hurry());
    // Not <output>: that is a live region, and would be read out at every tick.
    this.time = document.createElement("span");
    this.time.className = "at";
    const knobs = document.createElement("div");
    knobs.className = "knobs";
    knobs.append(this.play, button("−3 s", say.back, () => this.seek(-3)), button("+3 s", say.on, () => this.seek(3)), this.speed);
    if (this.sentences.length) knobs.append(this.loop);
    if (this.silences.length) knobs.append(this.skip);
    knobs.append(this.time);
    press(this.loop, false);
    press(this.skip, this.skips);
    this.audio.controls = false;
    this.audio.after(knobs);
    const wave = this.answer.querySelector(".wave");
    if (!wave) return;
    this.slider = document.createElement("input");
    Object.assign(this.slider, { type: "range", min: 0, max: this.length, step: 0.1, value: 0 });
    this.slider.setAttribute("aria-label", `${say.place}: ${name}`);
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    wave.append(this.slider);
  }

  listen() {
    this.audio.addEventListener("play", () => this.begin());
    this.audio.addEventListener("pause", () => this.rest());
    this.audio.addEventListener("ended", () => this.rest());
    this.audio.addEventListener("timeupdate", () => this.show());
    this.audio.addEventListener("error", () => {
      this.time.setAttribute("role", "alert");
      this.time.textContent = say.mute;
    });
    this.words.forEach((word, place) => word.addEventListener("click", () => {
      if (String(window.getSelection())) return;
      this.go(this.starts[place]);
      this.start();
    }));
  }

  begin() {
    for (const other of players) if (other !== this) other.audio.pause();
    current = this;
    this.answer.classList.add("playing");
    this.play.textContent = say.pause;
    const follow = () => { if (!this.audio.paused) { this.show(); requestAnimationFrame(follow); } };
    requestAnimationFrame(follow);
  }

  rest() {
    this.answer.classList.remove("playing");
    this.play.textContent = say.play;
    this.show();
  }

  toggle() { if (this.audio.paused) this.start(); else this.audio.pause(); }
  // A pause that comes before the sound does is no fault; what cannot be played tells so by its own event.
  start() { this.audio.play().catch(() => {}); }
  seek(by) { this.go(this.audio.currentTime + by); }

  go(to) {
    current = this;
    const place = Math.min(Math.max(to, 0), this.length);
    if (this.looped && (place < this.looped.start - 0.05 || place > this.looped.end + TRAIL_S)) this.repeat(null);
    if (this.audio.readyState === 0) {
      this.audio.addEventListener("loadedmetadata", () => { this.audio.currentTime = place; }, { once: true });
      this.audio.load();
      this.audio.preload = "metadata";
    }
    this.audio.currentTime = place;
    this.show();
  }

  faster(by, around = false) {
    const at = SPEEDS.indexOf(this.audio.playbackRate) + by;
    this.hasten(around ? SPEEDS[(at + SPEEDS.length) % SPEEDS.length] : SPEEDS[Math.min(Math.max(at, 0), SPEEDS.length - 1)]);
    liking.set("speed", this.audio.playbackRate);
  }

  hasten(rate) {
    this.audio.playbackRate = this.audio.defaultPlaybackRate = SPEEDS.includes(rate) ? rate : 1;
    this.speed.textContent = `${String(this.audio.playbackRate).replace(".", ",")}×`;
  }

  hurry() {
    const on = !this.skips;
    liking.set("skip", on ? "yes" : "no");
    for (const player of players) { player.skips = on; press(player.skip, on); }
  }

  // The sentence being spoken, else the one that comes next.
  sentence() {
    const at = this.audio.currentTime;
    return this.sentences.find((sentence) => at < sentence.end + TRAIL_S) || this.sentences.at(-1) || null;
  }

  repeat(which = this.looped ? null : this.sentence()) {
    if (this.looped) this.looped.line.classList.remove("looped");
    this.looped = which;
    press(this.loop, which !== null);
    if (!which) return;
    which.line.classList.add("looped");
    if (this.audio.currentTime < which.start || this.audio.currentTime > which.end) this.go(which.start);
    if (this.audio.paused) this.start();
  }

  // To the start of this sentence, or of the one before where this one has only begun; or to the next.
  step(by) {
    const at = this.audio.currentTime;
    const here = this.sentences.findLastIndex((sentence) => sentence.start <= at + 0.05);
    const begun = here >= 0 && at - this.sentences[here].start > 1;
    const to = this.sentences[Math.min(Math.max(here + (by < 0 && begun ? 0 : by), 0), this.sentences.length - 1)];
    if (!to) return;
    if (this.looped) this.repeat(null);
    this.go(to.start);
  }

  // Jumps that playing itself makes: back to the start of a looped sentence, over what nobody says.
  leap() {
    const at = this.audio.currentTime;
    if (this.audio.paused || this.audio.seeking) return;
    if (this.looped && at > this.looped.end + 0.1) this.audio.currentTime = this.looped.start;
    const silence = this.skips && !this.looped && this.silences.find(([start, end]) => start <= at && at < end - 0.1);
    if (silence) this.audio.currentTime = silence[1];
  }

  show() {
    this.leap();
    const at = this.audio.currentTime;
    this.time.textContent = `${clock(at)} / ${clock(this.length)}`;
    if (this.played) this.played.setAttribute("width", this.length ? (at / this.length) * this.points : 0);
    if (this.slider) { this.slider.value = at; this.slider.setAttribute("aria-valuetext", clock(at)); }
    const said = at > 0 ? this.starts.findLastIndex((start, place) => start <= at && at < this.ends[place] + TRAIL_S) : -1;
    const word = said >= 0 ? this.words[said] : null;
    if (word === this.speaking) return;
    if (this.speaking) this.speaking.classList.remove("now");
    if (word) word.classList.add("now");
    this.speaking = word;
  }
}

for (const answer of document.querySelectorAll("[data-answer]")) if (answer.querySelector("audio")) players.push(new Player(answer));
current = players.find((player) => player.answer.dataset.question === "story") || players[0] || null;

const keys_of_player = {
  " ": () => current.toggle(),
  ArrowLeft: () => current.seek(-3),
  ArrowRight: () => current.seek(3),
  "[": () => current.faster(-1),
  "]": () => current.faster(1),
  l: () => current.repeat(),
  s: () => current.hurry(),
  "Shift+ArrowLeft": () => current.step(-1),
  "Shift+ArrowRight": () => current.step(1),
};
document.addEventListener("keydown", (event) => {
  if (!current || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const busy = event.target.closest("input:not([type=range]), textarea, select, audio") !== null;
  const pressing = event.key === " " && event.target.closest("button, summary, a") !== null;
  const act = keys_of_player[event.shiftKey ? `Shift+${event.key}` : event.key];
  if (busy || pressing || !act) return;
  event.preventDefault();
  act();
});
