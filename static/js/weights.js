/* Weights that must add up to 100: form[data-weights] with [data-weight-input] and [data-weight-total].
   Where tracks are weighted by themselves each has a total with its code in data-weight-track. */
(() => {
  "use strict";
  const { all, fill, number, setIcon } = window.kipp;
  const digits = (value) => (Number.isInteger(value) ? 0 : 2);
  const value = (input) => Number(input.value.trim().replace(",", ".")) || 0;
  const counts = (input, track) => {
    const tracks = (input.dataset.weightTracks || "").split(" ").filter(Boolean);
    return !track || tracks.length === 0 || tracks.includes(track);
  };

  all("[data-weights]").forEach((form) => {
    const outs = all("[data-weight-total]", form);
    function show(out, inputs) {
      const sum = Math.round(inputs.reduce((total, input) => total + value(input), 0) * 100) / 100;
      const gap = Math.round((100 - sum) * 100) / 100;
      const text = gap === 0 ? out.dataset.textExact : gap > 0 ? out.dataset.textUnder : out.dataset.textOver;
      out.classList.toggle("is-off", gap !== 0);
      setIcon(out.querySelector(".icon"), gap === 0 ? "check-circle-fill" : "exclamation-circle-fill");
      out.querySelector("span").textContent = fill(text, { sum: number(sum, digits(sum)), gap: number(Math.abs(gap), digits(gap)) });
    }
    function add() {
      const inputs = all("[data-weight-input]", form);
      inputs.forEach((input) => {
        const meter = input.closest("tr, li")?.querySelector("progress");
        if (meter) meter.value = value(input);
      });
      outs.forEach((out) => {
        const track = out.closest("[data-weight-track]")?.dataset.weightTrack || "";
        show(out, inputs.filter((input) => counts(input, track)));
      });
    }
    // Keeps the proportions, in whole numbers; what rounding leaves goes to the largest remainders.
    function bringToHundred() {
      const inputs = all("[data-weight-input]", form);
      const sum = inputs.reduce((total, input) => total + value(input), 0);
      const shares = inputs.map((input) => (sum ? (value(input) / sum) * 100 : 100 / inputs.length));
      const whole = shares.map(Math.floor);
      let left = 100 - whole.reduce((total, share) => total + share, 0);
      shares
        .map((share, place) => [share - whole[place], place])
        .sort((a, b) => b[0] - a[0] || a[1] - b[1])
        .forEach(([, place]) => { if (left > 0) { whole[place] += 1; left -= 1; } });
      inputs.forEach((input, place) => { input.value = number(whole[place]); });
      add();
    }
    const button = form.querySelector("[data-weight-fit]");
    if (button && outs.length === 1) {
      button.hidden = false;
      button.addEventListener("click", bringToHundred);
    }
    form.addEventListener("input", add);
    add();
  });
})();
