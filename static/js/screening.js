/* The check of a proposal: first wordings for reasons, and keys. The page works without. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-screening]");

  // A reason offers its sentence; what somebody wrote is never overwritten.
  const offered = new Map();
  const offer = (select) => {
    const note = document.getElementById(select.dataset.reasonFor);
    const sentence = select.selectedOptions[0]?.dataset.note || "";
    if (!note || !sentence) return;
    if (note.value.trim() === "" || note.value === offered.get(note)) {
      note.value = sentence;
      offered.set(note, sentence);
    }
  };
  const isRefused = (box) =>
    box.querySelector('input[type="radio"][value="not_met"]')?.checked === true;
  form?.addEventListener("change", (event) => {
    const box = event.target.closest(".requirement");
    if (!box) return;
    const select = box.querySelector("select[data-reason-for]");
    if (event.target === select) offer(select);
    if (event.target.type === "radio") {
      const details = box.querySelector("details");
      if (details) details.open = isRefused(box);
      if (isRefused(box) && select) offer(select);
    }
  });

  // Evidence opens beside the check, so that nothing typed is left behind.
  document.querySelectorAll("#isi-proposal a.chip").forEach((link) => {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow ugc";
  });

  const press = (value) =>
    form?.querySelector(`button[name="act"][value="${value}"]`)?.click();
  document.addEventListener("keydown", (event) => {
    if (form && (event.ctrlKey || event.metaKey) && !event.altKey) {
      if (event.key === "Enter") {
        event.preventDefault();
        press("decide");
      } else if (event.key.toLowerCase() === "s") {
        event.preventDefault();
        press("draft");
      }
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      const link = document.querySelector(
        `a[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`,
      );
      if (link) {
        event.preventDefault();
        link.click();
      }
    }
  });
})();
