/* Signing many papers: form[data-sign] is pressed again by itself until all are signed, with the passphrase that
   stands in the page and nowhere else. Without this script the person presses for each portion. */
(() => {
  "use strict";
  const { all, fill } = window.kipp;

  all("form[data-sign]").forEach((form) => {
    const progress = form.querySelector("[data-sign-progress]");
    if (!progress) return;
    const bar = progress.querySelector("progress");
    const text = progress.querySelector("[data-sign-text]");
    const failures = progress.querySelector("[data-sign-failed]");
    const finished = progress.querySelector("[data-sign-finished]");
    const button = form.querySelector('[type="submit"]');

    form.addEventListener("submit", async (event) => {
      const chosen = all('[name="dokumen"]', form).filter((box) => box.checked).length;
      const takesAll = form.elements.semua && form.elements.semua.checked;
      // One paper, or a mistake to be shown: the ordinary way.
      if ((chosen < 2 && !takesAll) || !form.elements.passphrase.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      button.disabled = true;
      progress.hidden = false;
      // What an earlier press was told is over; the line of the progress is one of them.
      text.classList.remove("field-error");
      all(".error-summary, .field-error", form).forEach((told) => { told.hidden = true; });
      all(".is-invalid, .field--error", form).forEach((part) => { part.classList.remove("is-invalid", "field--error"); });
      let done = 0;
      let total = takesAll ? Number(form.elements.semua.dataset.count) : chosen;
      text.textContent = fill(form.dataset.textWorking, { done, total });
      try {
        for (;;) {
          const answer = await fetch(form.getAttribute("action") || location.href, {
            method: "POST", body: new FormData(form), credentials: "same-origin",
            headers: { "X-Requested-With": "sign", Accept: "application/json" },
          });
          const told = answer.redirected ? null : await answer.json();
          if (!told) break;
          if (told.state === "invalid") { form.submit(); return; }
          done += told.signed;
          total = Math.max(total, done + told.left + told.failed.length);
          bar.max = total || 1;
          bar.value = done;
          text.textContent = fill(form.dataset.textWorking, { done, total });
          told.failed.forEach(({ code, number, message }) => {
            const line = document.createElement("li");
            line.textContent = `${number} ${form.dataset.textFailed} ${message}`;
            failures.append(line);
            const skipped = document.createElement("input");
            Object.assign(skipped, { type: "hidden", name: "lewati", value: code });
            form.append(skipped);
            all('[name="dokumen"]', form).filter((box) => box.value === code).forEach((box) => { box.checked = false; });
          });
          if (told.state === "stopped") { text.textContent = told.message; text.classList.add("field-error"); button.disabled = false; form.elements.passphrase.value = ""; return; }
          if (!told.left || !told.signed) break;
        }
      } catch { /* the line broke: what was signed is signed, and the page shows it */ }
      form.elements.passphrase.value = "";
      button.hidden = true;
      finished.hidden = false;
    });
  });
})();
