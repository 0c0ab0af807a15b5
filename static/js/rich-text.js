/* Puts an editor with formats over textarea[data-rich-text]; without it the textarea holds the plain text.
   The editor (static/js/rich-text-editor.js) is large: it is fetched after the page was painted. Until it is there, a
   plain text can be typed on; one with formats can only be read, so that they are not lost. If the editor does not come,
   the textarea stays, and the hint beside it says what happens to the formats.
   Two fields carry the text: `html`, which counts where it is sent, and `text`, the same as plain text. */
(() => {
  "use strict";
  const { all } = window.kipp;
  const PATIENCE = 12000;
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

  // Paragraphs parted by blank lines, line breaks within them; like of_plain() in core/rich_text.py.
  const ofPlain = (text) => text.replace(/\r\n?/g, "\n").replace(/[&<>]/g, (letter) => ESCAPES[letter])
    .split(/\n\s*\n/).map((block) => block.replace(/^\n+|\n+$/g, "")).filter((block) => block.trim())
    .map((block) => `<p>${block.replace(/\n/g, "<br>")}</p>`).join("");

  function prepare(box) {
    const area = document.getElementById(box.dataset.richText);
    const html = box.querySelector("[data-rich-html]");
    if (!area || !html || area.readOnly) return;
    const hint = box.querySelector("[data-rich-plain]");
    const hasFormats = Boolean(hint);
    let isComposing = false;
    html.disabled = false;
    html.value ||= ofPlain(area.value);
    area.readOnly = hasFormats;
    if (hint) hint.hidden = true;
    const typed = () => { html.value = ofPlain(area.value); };
    const composing = (event) => { isComposing = event.type !== "compositionend"; };
    area.addEventListener("input", typed);
    area.addEventListener("compositionstart", composing);
    area.addEventListener("compositionend", composing);

    let isOver = false;
    const stayPlain = () => {
      isOver = true;
      html.disabled = hasFormats;
      area.readOnly = false;
      if (hint) hint.hidden = false;
    };
    const limit = setTimeout(stayPlain, PATIENCE);
    const load = async () => {
      try {
        const [editor, format, library] = await Promise.all(
          [box.dataset.editor, box.dataset.format, box.dataset.library].map((address) => import(address)));
        if (isComposing) await new Promise((resolve) => { area.addEventListener("compositionend", () => setTimeout(resolve), { once: true }); });
        if (isOver) return;
        area.readOnly = false;
        area.removeEventListener("input", typed);
        editor.edit({ box, area, html, format, library, ofPlain });
      } catch (error) {
        if (!isOver) stayPlain();
        throw error;
      } finally { clearTimeout(limit); }
    };
    const soon = () => (window.requestIdleCallback ? requestIdleCallback(load, { timeout: 500 }) : setTimeout(load, 50));
    if (document.readyState === "complete") soon(); else window.addEventListener("load", soon, { once: true });
  }

  all("[data-rich-text]").forEach(prepare);
})();
