/* Supporting files open beside the score sheet, in place of the text: nothing that is being scored is left.
   #proposal[data-beside] a[data-beside="image|pdf"]. Narrow screens, other keys of the mouse and no script: a new tab. */
(() => {
  "use strict";
  const reading = document.querySelector("[data-beside-close]");
  const wide = window.matchMedia("(min-width: 62em)");
  let shown = null;

  function close() {
    if (!shown) return;
    const { box, link, top } = shown;
    shown = null;
    box.remove();
    reading.classList.remove("is-beside");
    window.scrollTo({ top, behavior: "instant" });
    link.focus({ preventScroll: true });
  }

  function open(link) {
    const box = document.createElement("section");
    box.className = "beside";
    box.setAttribute("aria-label", link.textContent);
    const head = document.createElement("div");
    head.className = "beside__head";
    const name = document.createElement("a");
    name.href = link.href;
    name.target = "_blank";
    name.rel = "noopener";
    name.textContent = link.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-sm";
    button.textContent = reading.dataset.besideClose;
    button.addEventListener("click", close);
    head.append(name, button);
    const view = document.createElement(link.dataset.beside === "image" ? "img" : "iframe");
    view.className = "beside__view";
    if (view.tagName === "IMG") view.alt = link.textContent; else view.title = link.textContent;
    view.src = link.href;
    box.append(head, view);
    shown = { box, link, top: window.scrollY };
    reading.classList.add("is-beside");
    reading.prepend(box);
    box.scrollIntoView({ block: "nearest", behavior: "instant" });
    button.focus({ preventScroll: true });
  }

  reading?.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-beside]");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !document.querySelector("dialog[open]")) close(); });
  // The links of the sheet lead into the text: then the text is what is wanted.
  window.addEventListener("hashchange", close);
})();
