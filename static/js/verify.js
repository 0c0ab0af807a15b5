/* Verification: a file dropped on [data-drop] is sent at once, and [data-print] opens the print dialog.
   Without this script the file is chosen with the button, and the browser's own menu prints. */
(() => {
  "use strict";
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.querySelectorAll("[data-drop]").forEach((zone) => {
    const form = zone.closest("form");
    const input = zone.querySelector('input[type="file"]');
    const hint = zone.querySelector("[data-drop-hint]");
    if (hint) hint.hidden = false;
    const send = () => {
      const button = form.querySelector('[type="submit"]');
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.textChecking;
    };
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      send();
    });
    window.addEventListener("pageshow", () => { delete form.dataset.sent; });
    ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); }));
    ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("is-over")));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const files = new DataTransfer();
      files.items.add(event.dataTransfer.files[0]);
      input.files = files.files;
      form.requestSubmit();
    });
  });
})();
