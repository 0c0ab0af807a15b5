/* Weights that must add up to 100: form[data-weights] with [data-weight-input] and [data-weight-total]. */
(() => {
  "use strict";
  const { all, fill, number, setIcon } = window.kipp;
  const digits = (value) => (Number.isInteger(value) ? 0 : 2);
  const value = (input) => Number(input.value.trim().replace(",", ".")) || 0;

  all("[data-weights]").forEach((form) => {
    const out = form.querySelector("[data-weight-total]");
    const words = out.querySelector("span");
    function add() {
      const inputs = all("[data-weight-input]", form);
      const sum = Math.round(inputs.reduce((total, input) => total + value(input), 0) * 100) / 100;
      const gap = Math.round((100 - sum) * 100) / 100;
      inputs.forEach((input) => {
        const meter = input.closest("tr, li")?.querySelector("progress");
        if (meter) meter.value = value(input);
      });
      const text = gap === 0 ? out.dataset.textExact : gap > 0 ? out.dataset.textUnder : out.dataset.textOver;
      out.classList.toggle("is-off", gap !== 0);
      setIcon(out.querySelector(".icon"), gap === 0 ? "check-circle-fill" : "exclamation-circle-fill");
      words.textContent = fill(text, { sum: number(sum, digits(sum)), gap: number(Math.abs(gap), digits(gap)) });
    }
    form.addEventListener("input", add);
    add();
  });
})();
