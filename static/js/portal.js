/* Portal KIPP: small enhancements of every page. Each page works without them.
   No dependencies, no inline handlers: safe under a strict Content-Security-Policy.
   Texts come from data attributes that Django has translated; [n] and the like are filled in here. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const fill = (text, values) => text.replace(/\[(\w+)\]/g, (whole, name) => (name in values ? values[name] : whole));
  const number = (value, digits = 0) =>
    value.toLocaleString(root.lang === "en" ? "en-GB" : "id-ID", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  function setIcon(svg, name) {
    const use = svg && svg.querySelector("use");
    if (use) use.setAttribute("href", `${root.dataset.icons}#${name}`);
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${root.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  // Counts like word_count() in core/text.py; tests/core/word_count.json holds the shared examples.
  const INLINE_TAG = /<\/?(?:a|abbr|b|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?\/?>/gi;
  const TAG = /<\/?[a-z][^<>]*>|<!--[^]*?-->/gi;
  const HARD_SPACE = /&nbsp;|&#160;|&#xa0;/gi;
  const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f]/g;
  function countWords(text) {
    const plain = text.replace(INLINE_TAG, "").replace(TAG, " ").replace(HARD_SPACE, " ").replace(UNSEEN, "");
    return (plain.match(/[^\s]+/g) || []).length;
  }

  window.kipp = { all, fill, number, icon, setIcon, countWords };

  // Theme: a stored choice wins over the device.
  all("[data-theme-toggle]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      try { localStorage.setItem("kipp-theme", next); } catch { /* private mode */ }
    });
  });

  // Menus close with Escape, and with a click or focus outside.
  all("details.nav-menu, details[data-menu]").forEach((menu) => {
    const closeFrom = (event) => { if (!menu.contains(event.target)) menu.open = false; };
    document.addEventListener("click", closeFrom);
    document.addEventListener("focusin", closeFrom);
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });

  // Countdown in days, hours, minutes, by the server's clock: it renders the first value
  // and says when that was. A page that comes out of the cache asks it again.
  let clockError = 0;
  function setClock(moment) { if (moment) clockError = new Date(moment).getTime() - Date.now(); }
  function askClock() {
    if (!document.querySelector("[data-countdown]")) return;
    fetch(location.href, { method: "HEAD", cache: "no-store" }).then((answer) => setClock(answer.headers.get("Date")), () => {});
  }
  setClock(document.querySelector("[data-countdown]")?.dataset.now);
  if (performance.getEntriesByType?.("navigation")[0]?.type === "back_forward") askClock();
  window.addEventListener("pageshow", (event) => { if (event.persisted) askClock(); });
  all("[data-countdown]").forEach((box) => {
    const end = new Date(box.dataset.countdown).getTime();
    const cells = all("dd", box);
    const tick = () => {
      const minutes = Math.floor((end - Date.now() - clockError) / 60000);
      if (minutes < 0) return;
      const two = (n) => String(n).padStart(2, "0");
      [String(Math.floor(minutes / 1440)), two(Math.floor(minutes / 60) % 24), two(minutes % 60)]
        .forEach((text, index) => { cells[index].textContent = text; });
    };
    if (!box.closest("[data-countdown-still]")) setInterval(tick, 30000);
  });

  // Password visibility.
  all("[data-show-password]").forEach((button) => {
    const field = document.getElementById(button.dataset.showPassword);
    const show = button.textContent;
    if (!field) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? button.dataset.textHide : show;
    });
  });

  // Word counter: announced politely only near and over the limit.
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("[data-words]")) return;
    const out = document.querySelector(`[data-count-for="${CSS.escape(area.id)}"]`);
    if (!out) return;
    const limit = Number(area.dataset.words);
    const words = countWords(area.value);
    const over = words - limit;
    out.textContent = fill(over > 0 ? out.dataset.textOver : out.dataset.text, { n: number(words), over: number(over) });
    out.classList.toggle("word-count--over", over > 0);
    if (words > limit * 0.9) out.setAttribute("aria-live", "polite"); else out.removeAttribute("aria-live");
  });

  // Dialogs. Openers are links to #id, so that :target shows the dialog where this script did not run.
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog?.matches("dialog") && !dialog.open) dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-open-dialog]");
    if (opener) { event.preventDefault(); openDialog(opener.dataset.openDialog); return; }
    const closer = event.target.closest?.("[data-close-dialog]");
    if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); return; }
    if (event.target.matches?.("[data-go-back]")) history.back();
  });
  all("[data-go-back]").forEach((button) => { button.hidden = history.length < 2; });
  if (/^#[\w-]+$/.test(location.hash) && document.querySelector(`dialog${location.hash}`)) {
    openDialog(location.hash.slice(1));
    history.replaceState(null, "", location.pathname + location.search);
  }
  all("input[data-confirm-word]").forEach((input) => {
    const button = input.closest("form").querySelector(".btn-danger");
    const check = () => { button.disabled = input.value.trim().toUpperCase() !== input.dataset.confirmWord.toUpperCase(); };
    input.addEventListener("input", check);
    check();
  });

  // One press, one submission. Comes back with the page, and after a while for downloads.
  const release = (form) => {
    delete form.dataset.sent;
    all('[aria-disabled="true"][data-guarded]', form).forEach((b) => { b.removeAttribute("aria-disabled"); delete b.dataset.guarded; });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "noGuard" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter && !event.submitter.hasAttribute("aria-disabled")) {
      event.submitter.dataset.guarded = "";
      event.submitter.setAttribute("aria-disabled", "true");
    }
    setTimeout(release, 10000, form);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  // A script that a page can do without at first is fetched once the page stands.
  const late = document.querySelector('meta[name="late-script"]');
  if (late) window.addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = late.content;
    document.head.append(script);
  });

  // htmx: the target says that it is busy; a failed request says so in words.
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

  // Paper shows what is folded on the screen.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("main details:not([open])");
    folded.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => { folded.forEach((details) => { details.open = false; }); });

  // Tabs wider than a phone: the one that is open is in sight.
  all(".tabs").forEach((tabs) => {
    const here = tabs.querySelector("[aria-current]");
    if (here) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
  });

  // The error summary takes focus; its links put the cursor into the field, not only near it.
  const summary = document.querySelector(".error-summary");
  if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".field") || field).scrollIntoView({ block: "start" });
      field.focus({ preventScroll: true });
    });
  }
})();
