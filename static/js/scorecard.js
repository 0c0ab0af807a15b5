/* Score sheet: running weighted total, one criterion open at a time, keys 1 to 5 for ratings.
   form[data-scorecard] > .criterion[data-weight] with radio buttons or an input[data-score-max]. */
(() => {
  "use strict";
  const { all, fill, number } = window.kipp;

  function read(criterion) {
    const chosen = criterion.querySelector('input[type="radio"]:checked');
    if (chosen) {
      const scale = all('input[type="radio"]', criterion).map((radio) => Number(radio.value));
      return { value: Number(chosen.value), max: Math.max(...scale), text: chosen.value };
    }
    const input = criterion.querySelector("input[data-score-max]");
    const typed = input?.value.trim().replace(",", ".");
    const value = Number(typed);
    const max = Number(input?.dataset.scoreMax);
    if (!typed || Number.isNaN(value) || value < 0 || value > max) return null;
    return { value, max, text: input.value.trim() };
  }

  all("[data-scorecard]").forEach((form) => {
    const criteria = all(".criterion", form);
    const finish = form.querySelector("[data-finish]");
    const hint = form.querySelector("[data-hint]");

    function total() {
      let sum = 0;
      let done = 0;
      criteria.forEach((criterion) => {
        const score = read(criterion);
        criterion.classList.toggle("is-scored", score !== null);
        const box = criterion.querySelector(".criterion__score");
        if (box) box.textContent = score ? score.text : "–";
        if (score) { done += 1; sum += (score.value / score.max) * Number(criterion.dataset.weight); }
      });
      const left = criteria.length - done;
      const out = form.querySelector("[data-total]");
      // Out of 100, or out of what the scale of the stage ends at.
      const whole = Number(form.dataset.whole || 100);
      if (out) out.textContent = number((sum * whole) / 100, Number(form.dataset.digits || 1));
      const count = form.querySelector("[data-done]");
      if (count) count.textContent = String(done);
      if (finish) { if (left) finish.setAttribute("aria-disabled", "true"); else finish.removeAttribute("aria-disabled"); }
      if (hint) hint.textContent = left ? fill(hint.dataset.textLeft, { n: left }) : hint.dataset.textDone;
    }

    form.addEventListener("input", total);
    form.addEventListener("change", total);
    form.addEventListener("submit", (event) => {
      if (event.submitter !== finish) return;
      const first = criteria.find((criterion) => read(criterion) === null);
      if (!first) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      first.open = true;
      first.querySelector('input[type="radio"], input[data-score-max]')?.focus();
    }, true);

    criteria.forEach((criterion) => {
      criterion.addEventListener("toggle", () => {
        if (criterion.open && criterion.hasAttribute("name")) {
          criteria.forEach((other) => { if (other !== criterion) other.open = false; });
        }
      });
      criterion.addEventListener("keydown", (event) => {
        const inText = event.target.matches('textarea, input:not([type="radio"])');
        if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || inText || !criterion.open) return;
        const radio = criterion.querySelector(`input[type="radio"][value="${event.key}"]`);
        if (!radio) return;
        radio.checked = true;
        radio.focus();
        radio.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
    total();
  });
})();
