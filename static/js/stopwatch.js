/* The clock of a presentation: [data-stopwatch] with the server's moments in milliseconds.
   data-now is the server's time when the page was made, so a device whose clock is wrong shows the right time.
   Parts that htmx brings are drawn like the first ones. */
(() => {
  "use strict";
  const MINUTE = 60000;
  const offsets = new WeakMap();
  const shown = new WeakMap();
  const digits = (milliseconds) => {
    const seconds = Math.abs(milliseconds < 0 ? Math.floor(-milliseconds / 1000) : Math.ceil(milliseconds / 1000));
    return `${milliseconds < 0 ? "+" : ""}${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")}`;
  };

  function draw(box) {
    const { now, turn, end } = box.dataset;
    if (!offsets.has(box)) offsets.set(box, Number(now) - Date.now());
    const at = Date.now() + offsets.get(box);
    const phase = at < Number(turn) ? "presenting" : at < Number(end) ? "questions" : "over";
    const left = (phase === "presenting" ? Number(turn) : Number(end)) - at;
    const state = phase !== "over" && left <= MINUTE ? `${phase}-minute` : phase;
    const text = digits(left);
    const before = shown.get(box) || {};
    if (before.text !== text) box.querySelector("[data-stopwatch-time]").textContent = text;
    if (before.state !== state) {
      box.classList.toggle("stopwatch--questions", phase === "questions");
      box.classList.toggle("stopwatch--over", phase === "over");
      box.classList.toggle("stopwatch--minute", state.endsWith("-minute"));
      const words = { presenting: "textPresenting", questions: "textQuestions", over: "textOver" }[phase];
      box.querySelector("[data-stopwatch-phase]").textContent = box.dataset[words];
      if (before.state) box.querySelector("[data-stopwatch-status]").textContent = state.endsWith("-minute") ? box.dataset.textMinute : box.dataset[words];
    }
    shown.set(box, { text, state });
  }

  const tick = () => document.querySelectorAll("[data-stopwatch]").forEach(draw);
  tick();
  setInterval(tick, 250);
})();
