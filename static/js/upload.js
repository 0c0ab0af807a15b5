/* Uploads: dragging onto [data-drop], and a progress bar for form[data-upload].
   The server answers JSON: 200 {"state": "stored", "url": …}, 422 {"state": "invalid", "errors": {field: […]}}.
   With data-upload-begin the file goes in pieces: begin → piece at an offset → the form, naming the upload
   in place of the file. A broken line is tried again, and the same file chosen after a reload goes on where
   it stopped. Without this script the form sends the file at once. */
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

  const wait = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });
  const remembered = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* private mode */ } },
  };
  class Given extends Error { constructor(answer) { super(answer.state); this.answer = answer; } }

  // One file on its way; `stop` ends it, `progress(offset)` tells how far it is.
  function sendInPieces(form, file, { progress, waiting }) {
    const begin = form.dataset.uploadBegin;
    const place = form.getAttribute("action") || location.pathname;
    const memory = `kipp-upload:${place}:${file.name}:${file.size}:${file.lastModified}`;
    const token = form.querySelector('[name="csrfmiddlewaretoken"]').value;
    const headers = { "X-Requested-With": "upload", Accept: "application/json", "X-CSRFToken": token };
    const stopping = new AbortController();
    let part = remembered.get(memory);

    // Asks until an answer comes: pauses grow, and a line that is back is used at once.
    async function ask(url, options, tries = 12) {
      for (let turn = 0; ; turn += 1) {
        try {
          const answer = await fetch(url, { credentials: "same-origin", signal: stopping.signal, ...options, headers: { ...headers, ...options.headers } });
          if (answer.redirected) { location.assign(location.href); return new Promise(() => {}); }
          if (answer.status < 500) return answer;
        } catch (error) {
          if (error.name === "AbortError") throw error;
        }
        if (turn >= tries) throw new Error("stopped");
        waiting();
        const online = new Promise((done) => { window.addEventListener("online", done, { once: true }); });
        await Promise.race([wait(Math.min(30, 2 ** turn) * (0.75 + Math.random() / 2)), online]);
        if (stopping.signal.aborted) throw new DOMException("", "AbortError");
      }
    }
    async function read(answer) {
      try { return await answer.json(); } catch { return {}; }
    }
    async function begun() {
      if (part) {
        const answer = await ask(part, { method: "GET" });
        const state = answer.ok ? await read(answer) : {};
        if (state.size === file.size) return state;
        remembered.drop(memory);
      }
      const body = new FormData();
      body.append("name", file.name);
      body.append("size", file.size);
      const answer = await ask(begin, { method: "POST", body });
      const state = await read(answer);
      if (answer.status !== 201) throw new Given(state);
      part = state.url;
      remembered.set(memory, part);
      return state;
    }
    async function run(body) {
      let state = await begun();
      while (state.offset < file.size) {
        progress(state.offset);
        const piece = file.slice(state.offset, state.offset + state.piece);
        const answer = await ask(part, { method: "POST", body: piece, headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(state.offset) } });
        const next = await read(answer);
        if (answer.status === 404) { part = null; remembered.drop(memory); state = await begun(); } else if (typeof next.offset === "number") state = next;
        else throw new Given(next);
      }
      progress(file.size);
      body.append("unggahan", state.key);
      const answer = await ask(place, { method: "POST", body });
      const given = await read(answer);
      if (given.state) remembered.drop(memory);
      return given;
    }
    return {
      run,
      stop() {
        stopping.abort();
        remembered.drop(memory);
        if (part) fetch(`${part}batal/`, { method: "POST", credentials: "same-origin", headers, keepalive: true }).catch(() => {});
      },
    };
  }

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
    const cancel = status.querySelector("[data-upload-cancel]");
    const refuse = (answer) => {
      delete form.dataset.sending;
      say(Object.values(answer.errors || {}).flat().join(" ") || status.dataset.textStopped, true);
      const input = form.querySelector('input[type="file"]');
      input.value = "";
      input.focus();
    };
    const sendResumed = (input, submitter) => {
      const file = input.files[0];
      const body = new FormData(form);
      body.delete(input.name);
      if (submitter?.name) body.append(submitter.name, submitter.value);
      meter.max = file.size;
      const sending = sendInPieces(form, file, {
        progress: (offset) => {
          meter.value = offset;
          say(offset < file.size ? fill(status.dataset.textSending, { done: size(offset), total: size(file.size) }) : status.dataset.textChecking);
        },
        waiting: () => say(status.dataset.textWaiting),
      });
      const ended = () => { if (cancel) { cancel.hidden = true; cancel.onclick = null; } };
      if (cancel) {
        cancel.hidden = false;
        cancel.onclick = () => {
          sending.stop();
          ended();
          delete form.dataset.sending;
          input.value = "";
          input.dispatchEvent(new Event("change"));
          meter.value = 0;
          say(status.dataset.textCancelled);
          input.focus();
        };
      }
      sending.run(body).then((answer) => {
        if (answer.state === "stored") { location.assign(answer.url || location.href); return; }
        ended();
        refuse(answer);
      }, (error) => {
        if (error.name === "AbortError") return;
        ended();
        if (error instanceof Given) refuse(error.answer);
        else { delete form.dataset.sending; say(status.dataset.textStopped, true); }
      });
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !all('input[type="file"]', form).some((input) => input.files.length)) return;
      event.preventDefault();
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      const chosen = all('input[type="file"]', form).filter((input) => input.files.length);
      if (form.dataset.uploadBegin && chosen.length === 1 && chosen[0].files.length === 1 && window.fetch && window.AbortController) {
        sendResumed(chosen[0], event.submitter);
        return;
      }
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
