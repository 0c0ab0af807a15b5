/* Score sheet: running weighted total, one criterion open at a time, notes asked for where the round wants them, keys.
   form[data-scorecard] > .criterion[data-weight] with radio buttons or an input[data-score-max]. Keys with a modifier work
   anywhere on the page; single ones only outside of text fields, and can be switched off (WCAG 2.1.4). */
(() => {
  "use strict";
  const { all, fill, number } = window.kipp;
  const SINGLE = "kipp-single-keys";
  const SAY_AFTER = 900;
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private */ } },
  };
  // Hundredths, so that sums are exact: scores and weights have two decimals at most.
  const cents = (text) => Math.round(Number(text) * 100);

  function read(criterion) {
    const chosen = criterion.querySelector('input[type="radio"]:checked');
    if (chosen) {
      const scale = all('input[type="radio"]', criterion).map((radio) => Number(radio.value));
      return { value: Number(chosen.value), max: Math.max(...scale), text: number(Number(chosen.value), chosen.value.includes(".") ? 1 : 0) };
    }
    const input = criterion.querySelector("input[data-score-max]");
    const typed = input?.value.trim().replace(",", ".");
    const max = Number(input?.dataset.scoreMax);
    if (!typed || !/^\d+(\.\d{1,2})?$/.test(typed) || Number(typed) > max) return null;
    return { value: Number(typed), max, text: input.value.trim() };
  }

  class Scorecard {
    constructor(form) {
      this.form = form;
      this.criteria = all(".criterion", form);
      this.finish = form.querySelector("[data-finish]");
      this.hint = form.querySelector("[data-hint]");
      this.live = form.querySelector("[data-live]");
      this.keys = document.getElementById("keys");
      form.addEventListener("input", (event) => this.changed(event));
      form.addEventListener("change", (event) => this.changed(event));
      form.addEventListener("submit", (event) => this.submitting(event), true);
      this.criteria.forEach((criterion) => criterion.addEventListener("toggle", () => this.toggled(criterion)));
      document.addEventListener("keydown", (event) => this.pressed(event));
      this.setUpKeys();
      this.total();
    }

    setUpKeys() {
      all("[data-keys-help]").forEach((button) => { button.hidden = false; });
      const box = this.keys?.querySelector("[data-single-keys]");
      if (!box) return;
      box.checked = store.get(SINGLE) !== "off";
      box.addEventListener("change", () => store.set(SINGLE, box.checked ? "on" : "off"));
    }

    // Values ------------------------------------------------------------------

    needsNote(score) {
      const { noteBelow, noteAbove } = this.form.dataset;
      return score !== null && ("noteAlways" in this.form.dataset
        || (noteBelow !== undefined && score.value < Number(noteBelow))
        || (noteAbove !== undefined && score.value > Number(noteAbove)));
    }

    lacksNote(criterion) {
      const note = criterion.querySelector("textarea");
      return Boolean(note) && !note.value.trim() && this.needsNote(read(criterion));
    }

    total() {
      let sum = 0;
      let done = 0;
      let notes = 0;
      this.criteria.forEach((criterion) => {
        const score = read(criterion);
        const lacks = this.lacksNote(criterion);
        criterion.classList.toggle("is-scored", score !== null);
        criterion.classList.toggle("lacks-note", lacks);
        criterion.querySelector("textarea")?.toggleAttribute("required", lacks);
        const box = criterion.querySelector(".criterion__score");
        if (box) box.textContent = score ? score.text : "–";
        this.place(criterion, score);
        if (lacks) notes += 1;
        if (!score) return;
        done += 1;
        // Out of 100, or out of what the scale of the stage ends at.
        sum += (cents(score.value) * cents(criterion.dataset.weight) * Number(this.form.dataset.whole || 100)) / score.max;
      });
      const left = this.criteria.length - done;
      const text = number(Math.round(sum / 1e4) / 100, 2);
      const out = this.form.querySelector("[data-total]");
      if (out) out.textContent = text;
      const count = this.form.querySelector("[data-done]");
      if (count) count.textContent = String(done);
      if (this.finish) { if (left || notes) this.finish.setAttribute("aria-disabled", "true"); else this.finish.removeAttribute("aria-disabled"); }
      if (this.hint) {
        const { textLeft, textNotes, textDone } = this.hint.dataset;
        this.hint.textContent = left ? fill(textLeft, { n: left }) : notes && textNotes ? fill(textNotes, { n: notes }) : textDone;
      }
      return { text, done };
    }

    // What the scale calls this score, beside it and in the list below it.
    place(criterion, score) {
      let isFound = false;
      let word = "";
      all(".anchors > div", criterion).forEach((row) => {
        const isHere = score !== null && !isFound && score.value >= Number.parseFloat(row.firstElementChild.textContent);
        isFound ||= isHere;
        row.classList.toggle("is-here", isHere);
        if (isHere) word = row.querySelector("strong").textContent;
      });
      const box = criterion.querySelector("[data-word]");
      if (box) box.textContent = word;
      return word;
    }

    changed(event) {
      const { text, done } = this.total();
      const criterion = event.target.closest?.(".criterion");
      if (!criterion || event.target.matches("textarea")) return;
      // Asked for only once it is clear what was meant: "5" may become "55".
      clearTimeout(this.asking);
      const ask = () => { if (this.lacksNote(criterion)) this.openNote(criterion); };
      if (event.type === "change") ask(); else this.asking = setTimeout(ask, SAY_AFTER);
      this.say(criterion, text, done);
    }

    // Said when typing pauses, not at every key.
    say(criterion, total, done) {
      clearTimeout(this.saying);
      this.saying = setTimeout(() => {
        const score = read(criterion);
        if (!this.live || !score) return;
        const word = this.place(criterion, score) || criterion.querySelector('input[type="radio"]:checked ~ span strong')?.textContent || "";
        this.live.textContent = fill(this.live.dataset.text, { value: score.text, word, total, done, of: this.criteria.length });
      }, SAY_AFTER);
    }

    openNote(criterion) {
      const note = criterion.querySelector("details[data-note]");
      if (note) note.open = true;
      return criterion.querySelector("textarea");
    }

    // Where to -----------------------------------------------------------------

    get current() {
      return document.activeElement?.closest?.(".criterion") || this.criteria.find((criterion) => criterion.open) || this.criteria[0];
    }

    field(criterion) {
      return criterion.querySelector('input[type="radio"]:checked') || criterion.querySelector('input[type="radio"], input[data-score-max]');
    }

    enter(criterion) {
      criterion.open = true;
      const field = this.field(criterion);
      field?.focus({ preventScroll: true });
      field?.select?.();
      criterion.scrollIntoView({ block: "nearest" });
    }

    // A note that is asked for comes before the next criterion; after the last one the finish.
    move(step) {
      const here = this.current;
      const isInside = here.contains(document.activeElement);
      if (!isInside) { this.enter(here); return; }
      if (step > 0 && this.lacksNote(here) && !document.activeElement.matches("textarea")) { this.openNote(here).focus(); return; }
      const next = this.criteria[this.criteria.indexOf(here) + step];
      if (next) this.enter(next); else if (step > 0) this.finish?.focus();
    }

    toggled(criterion) {
      if (criterion.open && criterion.hasAttribute("name")) {
        this.criteria.forEach((other) => { if (other !== criterion) other.open = false; });
      }
    }

    // To the part of the proposal that the criterion is about, and back to the score.
    lookUp() {
      const link = this.current.querySelector('.criterion__links a[href^="#"]');
      const part = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const isThere = document.activeElement === this.part;
      if (isThere || !part) { this.enter(this.reader || this.current); return; }
      this.reader = this.current;
      this.part = part;
      part.tabIndex = -1;
      part.focus({ preventScroll: true });
      part.scrollIntoView({ block: "start" });
    }

    note() {
      const here = this.current;
      if (here.contains(document.activeElement) && document.activeElement.matches("textarea")) this.enter(here);
      else { here.open = true; this.openNote(here)?.focus(); }
    }

    // Keys ---------------------------------------------------------------------

    pressed(event) {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      const done = event.ctrlKey || event.metaKey ? this.withControl(event)
        : event.altKey ? this.withAlt(event) : this.alone(event);
      if (done) event.preventDefault();
    }

    withControl(event) {
      if (event.altKey) return false;
      if (event.key === "Enter") {
        const button = event.shiftKey ? this.form.querySelector("[data-later]") : this.finish;
        if (button) { button.focus(); this.form.requestSubmit(button); }
        return true;
      }
      if (event.key.toLowerCase() === "s" && !event.shiftKey) {
        const { autosave } = this.form;
        if (autosave) autosave.schedule(0); else this.form.requestSubmit(this.form.querySelector("[data-save]"));
        return true;
      }
      return false;
    }

    withAlt(event) {
      if (event.shiftKey) return false;
      if (event.key === "ArrowDown") this.move(1);
      else if (event.key === "ArrowUp") this.move(-1);
      else if (event.code === "KeyC") this.note();
      else if (event.code === "KeyB") this.lookUp();
      else return false;
      return true;
    }

    alone(event) {
      const target = event.target;
      const isScore = target.matches('input[type="radio"], input[data-score-max]') && this.form.contains(target);
      if (event.key === "Enter" && isScore) { this.move(1); return true; }
      if (isScore && target.type !== "radio" && ["ArrowUp", "ArrowDown"].includes(event.key)) { this.step(target, event); return true; }
      if (target.matches('textarea, select, input:not([type="radio"]):not([type="checkbox"]), [contenteditable]')) return false;
      if (store.get(SINGLE) === "off") return false;
      if (event.key === "?" && this.keys) { this.keys.showModal(); return true; }
      return /^\d$/.test(event.key) && this.digit(event.key);
    }

    // A digit chooses a value of a short scale, and begins a score of a long one; it changes none from afar.
    digit(key) {
      const here = this.current;
      if (read(here) && !here.contains(document.activeElement)) return false;
      const radio = here.querySelector(`input[type="radio"][value="${key}"]`);
      if (radio) {
        here.open = true;
        radio.checked = true;
        radio.focus();
        radio.dispatchEvent(new Event("change", { bubbles: true }));
        return true;
      }
      const input = here.querySelector("input[data-score-max]");
      if (!input) return false;
      this.enter(here);
      return false; // it lands in the field that has the focus now
    }

    step(input, event) {
      const { step, low, high } = this.form.dataset;
      const size = Math.max(Number(step), 1) * (event.shiftKey ? 5 : 1);
      const value = Number(input.value.trim().replace(",", "."));
      const base = input.value.trim() === "" || Number.isNaN(value) ? Number(low) - (event.key === "ArrowUp" ? size : -size) : value;
      const wanted = base + (event.key === "ArrowUp" ? size : -size);
      input.value = number(Math.min(Number(high), Math.max(Number(low), wanted)), 2).replace(/([,.]\d*?)0+$/, "$1").replace(/[,.]$/, "");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }

    submitting(event) {
      if (event.submitter !== this.finish) return;
      const open = this.criteria.find((criterion) => read(criterion) === null);
      const unexplained = this.criteria.find((criterion) => this.lacksNote(criterion));
      if (!open && !unexplained) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (open) { this.enter(open); return; }
      unexplained.open = true;
      this.openNote(unexplained).focus();
    }
  }

  all("form[data-scorecard]").forEach((form) => { form.scorecard = new Scorecard(form); });
})();
