/* Forms of the set-up: rows that grow ([data-rows]), and fields that only some choices need
   (data-depends="kind=rank favourite": shown while the field `kind` holds one of them). */
(() => {
  "use strict";
  const { all } = window.kipp;

  all("[data-rows]").forEach((field) => {
    const button = field.querySelector("[data-add-row]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const rows = all("[data-row]", field);
      const last = rows[rows.length - 1];
      const row = last.cloneNode(true);
      all("input, select", row).forEach((input, place) => {
        const id = `${input.name}-${rows.length}-${place}`;
        row.querySelector(`label[for="${CSS.escape(input.id)}"]`).htmlFor = id;
        input.id = id;
        if (input.matches("select")) input.selectedIndex = 0; else input.value = "";
      });
      all("[data-row-number]", row).forEach((span) => {
        span.textContent = span.textContent.replace(/\d+/, String(rows.length + 1));
      });
      last.after(row);
      row.querySelector("input, select").focus();
    });
  });

  all("[data-depends*='=']").forEach((input) => {
    const [name, values] = input.dataset.depends.split("=");
    const wanted = values.split(" ");
    const controls = all(`[name="${CSS.escape(name)}"]`, input.form);
    const box = input.closest(".field");
    if (!controls.length || !box) return;
    // What is typed or wrong stays in sight, whatever is chosen.
    const keeps = () => box.classList.contains("field--error") || (input.value.trim() !== "" && input.value !== input.dataset.begun);
    if (!box.classList.contains("field--error")) input.dataset.begun = input.value;
    function show() {
      const chosen = controls.filter((each) => each.type !== "radio" || each.checked).map((each) => each.value);
      box.hidden = !keeps() && !chosen.some((value) => wanted.includes(value));
    }
    controls.forEach((each) => each.addEventListener("change", show));
    show();
  });
})();
