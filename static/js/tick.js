/* One button that ticks all boxes of its [data-tick-group], or none when all are ticked. */
(() => {
  "use strict";
  const { all } = window.kipp;
  all("[data-tick-group]").forEach((group) => {
    const button = group.querySelector("[data-tick-all]");
    const boxes = all('input[type="checkbox"]', group);
    if (!button || !boxes.length) return;
    const usual = button.textContent;
    const show = () => { button.textContent = boxes.every((box) => box.checked) ? button.dataset.textNone : usual; };
    button.hidden = false;
    button.addEventListener("click", () => {
      const ticked = !boxes.every((box) => box.checked);
      boxes.forEach((box) => { box.checked = ticked; });
      show();
    });
    group.addEventListener("change", show);
    show();
  });
})();
