// The player of a case: waveform, keys, words that follow the voice and seek when clicked.
"use strict";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const players = [];
let current = null;

const clock = (seconds) => { const whole = Math.round(seconds); return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`; };

const button = (text, label, act, kind = "") => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.className = kind;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

class Player {
  constructor(answer) {
    this.answer = answer;
    this.audio = answer.querySelector("audio");
    this.length = Number(answer.dataset.duration);
    this.words = [...answer.querySelectorAll(".words .w")];
    this.starts = this.words.map((word) => Number(word.dataset.t));
    this.ends = this.words.map((word) => Number(word.dataset.e));
    this.played = answer.querySelector("rect.played");
    this.points = this.played ? this.played.ownerSVGElement.viewBox.baseVal.width : 0;
    this.speaking = null;
    this.build();
    this.listen();
    this.show();
  }

  build() {
    const name = this.answer.querySelector("h3").firstChild.textContent.trim();
    this.play = button("▶ Nghe", "", () => this.toggle(), "play main");
    this.speed = button("1×", "Tốc độ nghe", () => this.faster(1, true));
    // Not <output>: that is a live region, and would be read out at every tick.
    this.time = document.createElement("span");
    this.time.className = "at";
    const knobs = document.createElement("div");
    knobs.className = "knobs";
    knobs.append(this.play, button("−3 s", "Lùi 3 giây", () => this.seek(-3)), button("+3 s", "Tới 3 giây", () => this.seek(3)), this.speed, this.time);
    this.audio.controls = false;
    this.audio.after(knobs);
    const wave = this.answer.querySelector(".wave");
    if (!wave) return;
    this.slider = document.createElement("input");
    Object.assign(this.slider, { type: "range", min: 0, max: this.length, step: 0.1, value: 0 });
    this.slider.setAttribute("aria-label", `Vị trí trong bản ghi: ${name}`);
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
      this.time.textContent = "Không nghe được bản ghi; hãy tải lại trang.";
    });
    this.words.forEach((word, place) => word.addEventListener("click", () => {
      if (String(window.getSelection())) return;
      this.go(this.starts[place]);
      this.audio.play();
    }));
  }

  begin() {
    for (const other of players) if (other !== this) other.audio.pause();
    current = this;
    this.answer.classList.add("playing");
    this.play.textContent = "❚❚ Dừng";
    const follow = () => { if (!this.audio.paused) { this.show(); requestAnimationFrame(follow); } };
    requestAnimationFrame(follow);
  }

  rest() {
    this.answer.classList.remove("playing");
    this.play.textContent = "▶ Nghe";
    this.show();
  }

  toggle() { if (this.audio.paused) this.audio.play(); else this.audio.pause(); }
  seek(by) { this.go(this.audio.currentTime + by); }

  go(to) {
    current = this;
    const place = Math.min(Math.max(to, 0), this.length);
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
    const next = around ? SPEEDS[(at + SPEEDS.length) % SPEEDS.length] : SPEEDS[Math.min(Math.max(at, 0), SPEEDS.length - 1)];
    this.audio.playbackRate = next;
    this.speed.textContent = `${String(next).replace(".", ",")}×`;
  }

  show() {
    const at = this.audio.currentTime;
    this.time.textContent = `${clock(at)} / ${clock(this.length)}`;
    if (this.played) this.played.setAttribute("width", this.length ? (at / this.length) * this.points : 0);
    if (this.slider) { this.slider.value = at; this.slider.setAttribute("aria-valuetext", clock(at)); }
    const said = at > 0 ? this.starts.findLastIndex((start, place) => start <= at && at < this.ends[place] + 0.3) : -1;
    const word = said >= 0 ? this.words[said] : null;
    if (word === this.speaking) return;
    if (this.speaking) this.speaking.classList.remove("now");
    if (word) word.classList.add("now");
    this.speaking = word;
  }
}

for (const answer of document.querySelectorAll("[data-answer]")) if (answer.querySelector("audio")) players.push(new Player(answer));
current = players.find((player) => player.answer.dataset.question === "story") || players[0] || null;

const edit = () => {
  const box = current.answer.querySelector(".edit");
  if (!box) return;
  box.open = true;
  box.querySelector("textarea").focus();
};
const keys_of_player = {
  " ": () => current.toggle(),
  ArrowLeft: () => current.seek(-3),
  ArrowRight: () => current.seek(3),
  "[": () => current.faster(-1),
  "]": () => current.faster(1),
  e: edit,
};
document.addEventListener("keydown", (event) => {
  if (!current || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const busy = event.target.closest("input:not([type=range]), textarea, select, audio") !== null;
  const pressing = event.key === " " && event.target.closest("button, summary, a") !== null;
  const act = keys_of_player[event.key];
  if (busy || pressing || !act) return;
  event.preventDefault();
  act();
});
