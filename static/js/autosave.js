/* Autosave of form[data-autosave]: what is typed goes to the server after a second's pause, and while typing goes on every
   second and a half; to this device first.
   The form works without it: the same address takes the same fields from the save button.
   Request: POST of all fields but files, with autosave=1, X-Requested-With: autosave, Accept: application/json.
   Answers: 200 {"state": "saved", "at": "10.42", "version": 7, "progress": {"value", "max", "text"}};
   200 {"state": "late", "at"}: stored, but after the closing;
   409 {"state": "conflict", "version", "url", "html", "both": {field: value}}; 422 {"state": "invalid", "errors": {field: [...]}};
   any 4xx {"state": "refused", "message"}: no further try; 401, 403 or a redirect: signed out, text kept here;
   all else: tried again.
   States of .save-state: idle, unsaved, saving, saved, late, failed, offline, paused, invalid.
   An editor that stands over a field listens to kipp:restored of the form. */
(() => {
  "use strict";
  const { all, fill, setIcon } = window.kipp;
  const WAIT = 900;
  const LONGEST = 1500; // whoever types without a pause is saved too
  const KEEP = 250;
  const RETRIES = [2, 5, 15, 30];
  const TIMEOUT = 20000;
  const ICONS = {
    unsaved: "circle-half", saving: "arrow-repeat", saved: "check-circle-fill", failed: "exclamation-circle-fill", offline: "wifi-off",
    paused: "pause-circle-fill", late: "clock-history", invalid: "exclamation-circle-fill", signedout: "lock-fill",
  };
  const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "version"]);
  // Fields of [data-autosave-skip] do something when a button is pressed; they hold nothing to be kept.
  const skipped = (field) => Boolean(field?.closest("[data-autosave-skip]"));
  const page = Math.random().toString(36).slice(2);

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    // False where the device is full or private: then nobody may say that it keeps the text.
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* private */ } },
  };

  // What lies in localStorage reaches the disk after seconds only, too late for a browser that is killed; this reaches it
  // at once. Each draft lies in both; the later of the two counts, and a mark says that there is none any more.
  const disk = {
    open() {
      this.base ||= new Promise((resolve, reject) => {
        const request = indexedDB.open("kipp-drafts", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("drafts");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      return this.base;
    },
    async ask(mode, work) {
      const transaction = (await this.open()).transaction("drafts", mode);
      const request = work(transaction.objectStore("drafts"));
      transaction.commit?.();
      return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    },
    async get(key) { try { return await this.ask("readonly", (drafts) => drafts.get(key)); } catch { return undefined; } },
    async set(key, value) { try { await this.ask("readwrite", (drafts) => drafts.put(value, key)); return true; } catch { return false; } },
    async remove(key) { try { await this.ask("readwrite", (drafts) => drafts.delete(key)); } catch { /* private */ } },
  };

  class Autosave {
    constructor(form) {
      this.form = form;
      this.key = `kipp-draft:${form.dataset.autosaveKey || location.pathname}`;
      this.oldKey = this.key.replace("kipp-draft:", "kipp-old-drafts:");
      this.edits = 0;
      this.savedEdits = 0;
      this.tries = 0;
      this.busy = false;
      this.paused = false;
      this.signedOut = false;
      form.addEventListener("input", (event) => this.changed(event));
      form.addEventListener("change", (event) => this.changed(event));
      form.addEventListener("focusout", () => { if (this.dirty) this.schedule(0); });
      form.addEventListener("submit", (event) => this.submitting(event));
      form.addEventListener("click", (event) => this.clicked(event));
      window.addEventListener("online", () => { if (this.dirty) this.schedule(0); });
      window.addEventListener("focus", () => { if (this.signedOut) this.comeBack(); });
      window.addEventListener("beforeunload", (event) => { if (this.dirty && !this.leaving) event.preventDefault(); });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden" && this.dirty) { this.keep(); this.schedule(0); }
      });
      this.offerDrafts();
    }

    get dirty() { return this.edits !== this.savedEdits; }
    part(name) { return this.form.querySelector(`[data-autosave-${name}]`); }

    // What the form holds now, without tokens, files and passwords.
    content() {
      return [...new FormData(this.form)].filter(([name, value]) =>
        typeof value === "string" && !NOT_CONTENT.has(name) && this.form.elements[name]?.type !== "password"
        && !skipped(this.form.querySelector(`[name="${CSS.escape(name)}"]`)));
    }

    changed(event) {
      const type = event.target.type;
      if (skipped(event.target)) return;
      if (type === "file" || (event.type === "change" && type !== "checkbox" && type !== "radio" && !type?.startsWith("select"))) return;
      this.edits += 1;
      this.leaving = false;
      this.keeping ||= setTimeout(() => this.keep(), KEEP);
      if (this.paused || this.signedOut) return;
      this.unsavedSince ||= Date.now();
      if (!this.tries) {
        if (!this.busy) this.show("unsaved");
        this.schedule(Math.max(0, Math.min(WAIT, this.unsavedSince + LONGEST - Date.now())));
      }
    }

    keep() {
      this.stopKeeping();
      this.kept = true;
      const draft = { page, at: new Date().toISOString(), fields: this.content() };
      const isHere = store.set(this.key, draft);
      disk.set(this.key, draft).then((isThere) => { this.isUnkept = !isHere && !isThere; });
    }

    stopKeeping() {
      clearTimeout(this.keeping);
      this.keeping = 0;
    }

    forget() {
      this.stopKeeping();
      const here = store.get(this.key);
      if (!this.kept || (here && here.page !== page)) return;
      this.kept = false;
      store.remove(this.key);
      disk.set(this.key, { at: new Date().toISOString(), gone: true });
    }

    schedule(wait) {
      clearTimeout(this.timer);
      if (!this.paused && !this.signedOut) this.timer = setTimeout(() => this.save(), wait);
    }

    // One request at a time; what was typed meanwhile goes with the next.
    async save() {
      if (this.busy || this.paused || this.signedOut || !this.dirty) return;
      clearTimeout(this.timer);
      this.busy = true;
      const edits = this.edits;
      this.unsavedSince = 0;
      this.show("saving");
      const body = new FormData(this.form);
      [...body].forEach(([name, value]) => { if (typeof value !== "string") body.delete(name); });
      body.set("autosave", "1");
      const abort = new AbortController();
      const limit = setTimeout(() => abort.abort(), TIMEOUT);
      let response = null;
      let answer = {};
      try {
        response = await fetch(this.form.getAttribute("action") || location.href, {
          method: "POST", body, signal: abort.signal, redirect: "manual", credentials: "same-origin",
          headers: { "X-Requested-With": "autosave", Accept: "application/json" },
        });
        if (response.headers.get("Content-Type")?.includes("json")) answer = await response.json();
      } catch { response = null; }
      clearTimeout(limit);
      this.busy = false;
      this.answered(response, answer, edits);
      if (this.afterSave && !this.paused) { const go = this.afterSave; this.afterSave = null; go(); }
    }

    answered(response, answer, edits) {
      if (answer.version !== undefined && response?.ok) this.setVersion(answer.version);
      if (response?.ok && (answer.state === "saved" || answer.state === "late")) {
        this.tries = 0;
        this.savedEdits = edits;
        this.clearErrors();
        this.showProgress(answer.progress);
        if (this.dirty) {
          this.show("unsaved");
          this.schedule(Math.max(0, Math.min(WAIT, (this.unsavedSince || Date.now()) + LONGEST - Date.now())));
        } else {
          this.show(answer.state, { at: answer.at || "" });
          this.form.dispatchEvent(new CustomEvent("kipp:saved", { bubbles: true }));
          this.forget();
        }
      } else if (response?.status === 409) {
        this.keep();
        this.conflict(answer);
      } else if (response?.status === 422) {
        this.tries = 0;
        this.keep();
        if (answer.version !== undefined) this.setVersion(answer.version);
        this.showErrors(answer.errors || {});
        this.show("invalid");
        if (this.edits !== edits) this.schedule(WAIT);
      } else if (answer.state === "refused" || response?.status === 404) {
        this.keep(); // 404: it is no longer this person's to write
        this.paused = true;
        this.show("paused", {}, answer.message);
      } else if (response && (response.type === "opaqueredirect" || response.status === 401 || response.status === 403)) {
        this.keep();
        this.signedOut = true;
        this.show("signedout");
        this.reveal("signedout");
      } else {
        this.keep();
        this.show(response ? "failed" : "offline");
        this.schedule(1000 * RETRIES[Math.min(this.tries, RETRIES.length - 1)]);
        this.tries += 1;
      }
    }

    setVersion(version) {
      const field = this.form.elements.version;
      if (field) field.value = version;
    }

    show(state, values = {}, text = "") {
      const name = this.isUnkept && (state === "offline" || state === "signedout") ? "unkept" : state;
      const box = this.form.querySelector(".save-state") || document.querySelector(`.save-state[data-for="${this.form.id}"]`);
      if (!box) return;
      box.dataset.state = state === "signedout" ? "offline" : state;
      setIcon(box.querySelector(".icon"), ICONS[state]);
      const words = text || fill(box.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] || "", values).trim();
      const span = box.querySelector("span");
      if (span && span.textContent !== words) span.textContent = words;
    }

    reveal(name) {
      const notice = this.part(name);
      if (notice) notice.hidden = false;
      return notice;
    }

    showProgress(progress) {
      const box = progress && document.querySelector("[data-autosave-progress]");
      if (!box) return;
      const meter = box.querySelector("progress");
      if (meter) { meter.max = progress.max; meter.value = progress.value; meter.setAttribute("aria-label", progress.text); }
      const words = box.querySelector("[data-text]");
      if (words) words.textContent = progress.text;
    }

    // Another tab or colleague saved a newer version: nothing is overwritten in silence.
    conflict(answer) {
      this.paused = true;
      this.show("paused");
      this.theirVersion = answer.version;
      if (this.wantsBoth && answer.both) {
        this.wantsBoth = false;
        this.fillIn(Object.entries(answer.both));
        this.resume();
        return;
      }
      const notice = this.reveal("conflict");
      const body = this.part("conflict-body");
      if (body && answer.html) body.innerHTML = answer.html;
      const link = this.part("conflict-link");
      if (link && answer.url) link.href = answer.url; else if (link && !answer.html) link.hidden = true;
      all('[type="submit"]:not([data-autosave-mine])', this.form).forEach((button) => button.setAttribute("aria-disabled", "true"));
      notice?.focus();
    }

    clicked(event) {
      const pressed = (name) => event.target.closest?.(`[data-autosave-${name}]`);
      if (pressed("restore")) this.restore();
      else if (pressed("discard")) this.nextDraft();
      else if (pressed("mine")) { event.preventDefault(); this.resume(); }
      else if (pressed("both")) { event.preventDefault(); this.takeBoth(); }
      else if (pressed("theirs")) { event.preventDefault(); this.savedEdits = this.edits; this.forget(); location.reload(); }
    }

    // Asks anew, with what was typed since; the answer brings both texts, one after the other.
    takeBoth() {
      this.wantsBoth = true;
      this.paused = false;
      this.edits += 1;
      this.save();
    }

    resume() {
      if (this.theirVersion !== undefined) this.setVersion(this.theirVersion);
      this.paused = false;
      this.part("conflict").hidden = true;
      all('[type="submit"][aria-disabled]', this.form).forEach((button) => button.removeAttribute("aria-disabled"));
      this.edits += 1;
      this.schedule(0);
    }

    submitting(event) {
      if (this.paused) { event.preventDefault(); this.part("conflict")?.focus(); return; }
      clearTimeout(this.timer);
      if (this.busy) {
        // Our own save is under way and will raise the version: submit after it.
        event.preventDefault();
        const button = event.submitter;
        this.afterSave = () => this.form.requestSubmit(button);
        return;
      }
      if (this.dirty) this.keep();
      this.leaving = true;
    }

    // Signed in again elsewhere: take a fresh token of the same form, of the same person, then send.
    async comeBack() {
      if (this.returning) return;
      this.returning = true;
      try {
        const response = await fetch(location.href, { redirect: "manual", credentials: "same-origin" });
        if (!response.ok) return;
        const html = new DOMParser().parseFromString(await response.text(), "text/html");
        const twin = html.querySelector(`form[data-autosave-key="${CSS.escape(this.form.dataset.autosaveKey || "")}"]`);
        const token = twin?.querySelector('[name="csrfmiddlewaretoken"]')?.value;
        if (!token) return;
        all('[name="csrfmiddlewaretoken"]').forEach((field) => { field.value = token; });
        this.signedOut = false;
        this.part("signedout").hidden = true;
        this.schedule(0);
      } catch { /* still away */ } finally { this.returning = false; }
    }

    // Text of an earlier visit that the server never got.
    async offerDrafts() {
      const here = store.get(this.key);
      const slow = new Promise((resolve) => { setTimeout(() => resolve([]), 2000); });
      const [kept, older] = await Promise.race([Promise.all([disk.get(this.key), disk.get(this.oldKey)]), slow]);
      const found = kept && kept.page !== page && kept.at > (here?.at || "") ? kept : here;
      const known = new Set();
      this.old = [...(store.get(this.oldKey) || []), ...(older || [])]
        .filter((draft) => !known.has(draft.at) && known.add(draft.at)).sort((a, b) => (a.at < b.at ? -1 : 1));
      if (found && !found.gone) this.old.push(found);
      if (found && !this.kept) {
        store.remove(this.key);
        disk.remove(this.key);
      }
      this.old = this.old.filter((draft) => !this.holds(draft)).slice(-5);
      this.storeOld();
      this.showDraft();
    }

    // Whether the page has all of a draft; what the page has besides, as fields that came since, is empty.
    holds(draft) {
      const drafted = new Set(draft.fields.map((field) => JSON.stringify(field)));
      const here = this.content().map((field) => JSON.stringify(field));
      return here.every((field) => drafted.delete(field) || JSON.parse(field)[1] === "") && !drafted.size;
    }

    storeOld() {
      if (this.old.length) {
        store.set(this.oldKey, this.old);
        disk.set(this.oldKey, this.old);
      } else {
        store.remove(this.oldKey);
        disk.remove(this.oldKey);
      }
    }

    showDraft() {
      const notice = this.part("draft");
      if (!notice) return;
      const draft = this.old[this.old.length - 1];
      notice.hidden = !draft;
      if (!draft) return;
      const text = notice.querySelector("p:not(.notice__title)");
      text.dataset.text ||= text.textContent;
      const at = new Date(draft.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "id-ID", {
        day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
      });
      text.textContent = fill(text.dataset.text, { at });
    }

    nextDraft() {
      this.old.pop();
      this.storeOld();
      this.showDraft();
    }

    restore() {
      this.fillIn(this.old[this.old.length - 1].fields);
      this.nextDraft();
      this.schedule(0);
    }

    // Put into the fields what they held.
    fillIn(fields) {
      const values = new Map();
      fields.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
      [...this.form.elements].forEach((field) => {
        if (!field.name || NOT_CONTENT.has(field.name) || ["file", "submit", "button", "password"].includes(field.type)) return;
        const wanted = values.get(field.name) || [];
        if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
        else if (field.type === "select-multiple") [...field.options].forEach((o) => { o.selected = wanted.includes(o.value); });
        else if (wanted.length) field.value = wanted.shift();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      this.form.dispatchEvent(new CustomEvent("kipp:restored", { detail: { fields } }));
    }

    showErrors(errors) {
      this.clearErrors();
      Object.entries(errors).forEach(([name, messages]) => {
        const box = document.getElementById(`div_id_${name}`) || this.form.elements[name]?.closest?.(".field");
        if (!box) return;
        const error = document.createElement("div");
        error.className = "field-error";
        error.dataset.autosaveError = "";
        error.append(window.kipp.icon("exclamation-circle-fill"), [].concat(messages).join(" "));
        box.classList.add("field--error");
        const before = box.querySelector(".search-box, .input-suffix, input, textarea, select");
        if (before?.parentNode === box) box.insertBefore(error, before); else box.append(error);
      });
    }

    clearErrors() {
      all("[data-autosave-error]", this.form).forEach((error) => {
        error.closest(".field")?.classList.remove("field--error");
        error.remove();
      });
    }
  }

  all("form[data-autosave]").forEach((form) => { form.autosave = new Autosave(form); });
})();
