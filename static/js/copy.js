/* Copies the text of a field: button[data-copy="id of the field"]; without it one selects and copies by hand. */
(() => {
  "use strict";
  const { all } = window.kipp;
  all("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    if (!field || !label) return;
    const usual = label.textContent;
    label.setAttribute("role", "status");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        field.focus();
        field.select();
        if (!document.execCommand("copy")) return;
      }
      label.textContent = button.dataset.textCopied;
      setTimeout(() => { label.textContent = usual; }, 3000);
    });
  });
})();
