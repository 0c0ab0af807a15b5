/* Uploads: dragging onto [data-drop], and a progress bar for form[data-upload].
   The server answers JSON: 200 {"state": "stored", "url": …}, 422 {"state": "invalid", "errors": {field: […]}}. */
(() => {
  "use strict";
  const { all, fill, number } = window.kipp;
  const size = (bytes) => (bytes < 1048576 ? `${number(bytes / 1024)} KB` : `${number(bytes / 1048576, 1)} MB`);

  all("[data-drop]").forEach((zone) => {
    const input = zone.querySelector('input[type="file"]');
    const hint = zone.querySelector("[data-drop-hint]");
    if (!input) return;
    const names = zone.querySelector("[data-drop-names]");
    zone.classList.add("is-enhanced");
    if (hint) hint.hidden = false;
    input.addEventListener("change", () => {
      if (names) names.textContent = [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
    });
    ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); }));
    ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("is-over")));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const files = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1).forEach((file) => files.items.add(file));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  all("form[data-upload]").forEach((form) => {
    const status = form.querySelector("[data-upload-status]");
    const meter = status?.querySelector("progress");
    const words = status?.querySelector("[data-upload-text]");
    if (!status || !meter || !words) return;
    const say = (text, failed = false) => {
      status.hidden = false;
      words.textContent = text;
      words.classList.toggle("text-bad", failed);
      meter.classList.toggle("meter--bad", failed);
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !all('input[type="file"]', form).some((input) => input.files.length)) return;
      event.preventDefault();
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      const request = new XMLHttpRequest();
      const stopped = () => { delete form.dataset.sending; say(status.dataset.textStopped, true); };
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        meter.max = total;
        meter.value = loaded;
        say(loaded < total ? fill(status.dataset.textSending, { done: size(loaded), total: size(total) }) : status.dataset.textChecking);
      });
      request.addEventListener("error", stopped);
      request.addEventListener("timeout", stopped);
      request.addEventListener("load", () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
        if (answer.state === "stored") { location.assign(answer.url || location.href); return; }
        if (answer.state === "invalid") {
          delete form.dataset.sending;
          say(Object.values(answer.errors).flat().join(" "), true);
          form.querySelector('input[type="file"]').focus();
          return;
        }
        if (request.status >= 500) { stopped(); return; }
        location.assign(request.responseURL || location.href);
      });
      request.open("POST", form.getAttribute("action") || location.href);
      request.setRequestHeader("X-Requested-With", "upload");
      request.setRequestHeader("Accept", "application/json");
      const body = new FormData(form);
      if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
      request.send(body);
      say(fill(status.dataset.textSending, { done: size(0), total: "…" }));
    });
    if (form.dataset.upload === "auto") {
      form.addEventListener("change", (event) => { if (event.target.type === "file" && event.target.files.length) form.requestSubmit(); });
    }
  });
})();
