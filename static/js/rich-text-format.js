/* The formats of a rich text, for static/js/rich-text-editor.js: what it may hold, how it is written, how it reads as
   plain text, and what becomes of a paste out of Word, LibreOffice or Google Docs.
   Writes and reads like core/rich_text.py: tests/core/rich_text.json holds the shared examples. */
const LONGEST_LINK = 2000;
const DEEPEST_LIST = 5;
const MOST_SPANNED = 50;
const LARGEST_START = 9999;

export function makeSchema({ Schema, tableNodes }) {
  const number = (element, name, largest) => {
    const value = element.getAttribute(name) || "";
    return /^[0-9]{1,6}$/.test(value) ? Math.max(1, Math.min(Number(value), largest)) : 1;
  };
  const tables = tableNodes({ cellContent: "block+", cellAttributes: {} });
  const spans = (element) => ({
    colspan: number(element, "colspan", MOST_SPANNED), rowspan: number(element, "rowspan", MOST_SPANNED), colwidth: null,
  });
  for (const [name, tag] of [["table_cell", "td"], ["table_header", "th"]]) {
    tables[name] = {
      ...tables[name],
      parseDOM: [{ tag, getAttrs: spans }],
      toDOM: (node) => [tag, {
        ...(node.attrs.colspan > 1 && { colspan: node.attrs.colspan }), ...(node.attrs.rowspan > 1 && { rowspan: node.attrs.rowspan }),
      }, 0],
    };
  }
  return new Schema({
    nodes: {
      doc: { content: "(block | table)+" },
      paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
      bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
      ordered_list: {
        group: "block", content: "list_item+", attrs: { order: { default: 1 } },
        parseDOM: [{ tag: "ol", getAttrs: (element) => ({ order: number(element, "start", LARGEST_START) }) }],
        toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
      },
      list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
      ...tables,
      hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
      text: { group: "inline" },
    },
    marks: {
      link: {
        attrs: { href: {} }, inclusive: false,
        parseDOM: [{ tag: "a[href]", getAttrs: (element) => { const href = cleanLink(element.getAttribute("href")); return href ? { href } : false; } }],
        toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer nofollow ugc" }, 0],
      },
      strong: {
        parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0],
      },
      em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    },
  });
}

// An address of the web, of mail or of a telephone; "" for any other.
export function cleanLink(address) {
  const tight = (address || "").replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\s/g, "");
  const found = tight.match(/^(https?:\/\/|mailto:|tel:)(?=.)/i);
  if (!found || tight.length > LONGEST_LINK) return "";
  return found[1].toLowerCase() + tight.slice(found[1].length).replace(/["'<>`\\]/g, "");
}

// Reading ---------------------------------------------------------------------------

// A document without scripts, images or anything that would be loaded.
export const inert = (html) => new DOMParser().parseFromString(html, "text/html").body;

// The Content-Security-Policy lets no document have styles or handlers of its own, not even one that is only read.
const TAG = /<[a-z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>/gi;
const withoutStyles = (html) => html.replace(/<style\b[^]*?<\/style\s*>/gi, "").replace(TAG, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
const ATTRIBUTES = new Set(["href", "start", "colspan", "rowspan"]);
const styleOf = (element) => element.dataset?.style || "";

/* A pasted text, brought to elements the schema knows. Gives the HTML, and how many images and the like it left out. */
export function ofClipboard(html) {
  const body = inert(withoutStyles(html));
  const dropped = body.querySelectorAll("img, video, audio, object, embed, iframe, canvas").length;
  const drop = "script, style, title, template, noscript, math, svg, img, video, audio, object, embed, iframe, canvas, meta, link, xml, "
    + "[data-style*='mso-element:comment'], .MsoCommentReference, .MsoCommentText, [data-style*='mso-special-character:comment']";
  body.querySelectorAll(drop).forEach((element) => element.remove());
  makeLists(body);
  markStyles(body);
  body.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach((heading) => {
    const paragraph = document.createElement("p");
    const strong = paragraph.appendChild(document.createElement("strong"));
    strong.append(...heading.childNodes);
    heading.replaceWith(paragraph);
  });
  // Word nests a list beside the item that it belongs to, not in it.
  body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol").forEach((list) => list.previousElementSibling?.append(list));
  // A table within another, or within a list, is read cell by cell.
  body.querySelectorAll("table table, li table").forEach((table) => {
    const cells = [...table.querySelectorAll("td, th")].map((cell) => { const p = document.createElement("p"); p.append(...cell.childNodes); return p; });
    table.replaceWith(...cells);
  });
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/[\u00a0 ]+/g, " ").replace(/[\u200b\ufeff\u00ad]/g, "");
  body.querySelectorAll("p").forEach((paragraph) => { if (!paragraph.textContent.trim()) paragraph.remove(); });
  body.querySelectorAll("*").forEach((element) => {
    [...element.attributes].filter(({ name }) => !ATTRIBUTES.has(name)).forEach(({ name }) => element.removeAttribute(name));
  });
  return { html: body.innerHTML, dropped };
}

// Bold and italic that were styles become elements; elements that their style makes neither go.
function markStyles(body) {
  body.querySelectorAll("b, strong, i, em").forEach((element) => {
    const isPlain = /^(b|strong)$/.test(element.localName) ? /(^|[;\s])font-weight:\s*(normal|[1-5]00)/i : /(^|[;\s])font-style:\s*normal/i;
    if (isPlain.test(styleOf(element))) element.replaceWith(...element.childNodes);
  });
  body.querySelectorAll("span, font").forEach((element) => {
    const wrap = (name) => {
      const mark = document.createElement(name);
      mark.append(...element.childNodes);
      element.append(mark);
    };
    if (/(^|[;\s])font-weight:\s*(bold|[6-9]00)/i.test(styleOf(element))) wrap("strong");
    if (/(^|[;\s])font-style:\s*italic/i.test(styleOf(element))) wrap("em");
  });
}

const MARKER = /^\s*(?:([·•▪●○■◦§o–-])|(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]))\s+/i;

// Word writes lists as paragraphs that carry their marker and their level in a style.
function makeLists(body) {
  const levelOf = (element) => {
    if (element.tagName !== "P") return 0;
    const found = /mso-list:\s*l\d+\s+level(\d+)/i.exec(styleOf(element));
    if (found) return Math.min(Number(found[1]), DEEPEST_LIST);
    return /MsoList/.test(element.className) && MARKER.test(element.textContent) ? 1 : 0;
  };
  [...body.querySelectorAll("p")].forEach((first) => {
    if (!first.isConnected || !levelOf(first)) return;
    const run = [];
    for (let next = first; next && levelOf(next); next = next.nextElementSibling) run.push(next);
    const place = document.createComment("");
    first.before(place);
    const open = []; // the lists that are open, outermost first
    run.forEach((paragraph) => {
      const level = Math.min(levelOf(paragraph), open.length + 1);
      const mark = takeMarker(paragraph);
      const tag = mark && !/^[·•▪●○■◦§o–-]$/i.test(mark) ? "ol" : "ul";
      open.length = Math.min(open.length, level);
      if (open.length === level && open[level - 1].localName !== tag) open.length = level - 1;
      if (open.length < level) {
        const list = document.createElement(tag);
        const number = /^\(?(\d+)/.exec(mark);
        if (number && number[1] !== "1") list.setAttribute("start", number[1]);
        if (level === 1) place.before(list); else open[level - 2].lastElementChild.append(list);
        open.push(list);
      }
      const item = document.createElement("li");
      open[level - 1].append(item);
      paragraph.removeAttribute("data-style"); // it is no marker of a list any more
      paragraph.removeAttribute("class");
      item.append(paragraph);
    });
    place.remove();
  });
}

function takeMarker(paragraph) {
  const ignored = [...paragraph.querySelectorAll("[data-style*='mso-list']")].find((each) => /mso-list:\s*Ignore/i.test(styleOf(each)));
  if (ignored) {
    const mark = ignored.textContent.replace(/\s/g, "");
    ignored.remove();
    return mark;
  }
  const found = MARKER.exec(paragraph.textContent);
  if (!found) return "";
  let left = found[0].length;
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (left && walker.nextNode()) {
    const cut = Math.min(left, walker.currentNode.data.length);
    walker.currentNode.data = walker.currentNode.data.slice(cut);
    left -= cut;
  }
  return found[0].trim();
}

// Writing ---------------------------------------------------------------------------

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// The runs of a paragraph: single blanks only, none at the ends of a line, and no empty last line.
function runsOf(paragraph) {
  const runs = [];
  const endLine = () => {
    const last = runs[runs.length - 1];
    if (!last?.text.endsWith(" ")) return;
    last.text = last.text.replace(/ +$/, "");
    if (!last.text) runs.pop();
  };
  paragraph.forEach((node) => {
    const marks = Object.fromEntries(node.marks.map((mark) => [mark.type.name, mark.attrs.href || true]));
    const same = { link: marks.link || "", strong: Boolean(marks.strong), em: Boolean(marks.em) };
    if (!node.isText) {
      endLine();
      if (runs.length) runs.push({ text: "\n", ...same });
      return;
    }
    let text = node.text.replace(/[ \t\n\f\r\u2028\u2029]+/g, " ");
    if (!runs.length || /[ \n]$/.test(runs[runs.length - 1].text)) text = text.replace(/^ +/, "");
    if (text) runs.push({ text, ...same });
  });
  endLine();
  while (runs[runs.length - 1]?.text === "\n") { runs.pop(); endLine(); }
  return runs;
}

function tagsOf(run) {
  return [...(run.link ? [`<a href="${escape(run.link)}">`] : []), ...(run.strong ? ["<strong>"] : []), ...(run.em ? ["<em>"] : [])];
}

function writeRuns(runs) {
  let written = "";
  let open = [];
  [...runs, { text: "" }].forEach((run) => {
    const wanted = tagsOf(run);
    let kept = 0;
    while (kept < Math.min(open.length, wanted.length) && open[kept] === wanted[kept]) kept += 1;
    open.slice(kept).reverse().forEach((tag) => { written += `</${/\w+/.exec(tag)[0]}>`; });
    written += wanted.slice(kept).join("") + escape(run.text).replace(/\n/g, "<br>");
    open = wanted;
  });
  return written;
}

const contentOf = (node) => { const parts = []; node.forEach((child) => parts.push(child)); return parts; };

function writeBlock(node) {
  switch (node.type.name) {
    case "paragraph": {
      const runs = runsOf(node);
      return runs.length ? `<p>${writeRuns(runs)}</p>` : "";
    }
    case "bullet_list":
    case "ordered_list": {
      const items = contentOf(node).map(writeInside).filter(Boolean).map((item) => `<li>${item}</li>`).join("");
      if (!items) return "";
      if (node.type.name === "bullet_list") return `<ul>${items}</ul>`;
      return `<ol${node.attrs.order === 1 ? "" : ` start="${node.attrs.order}"`}>${items}</ol>`;
    }
    default: {
      const rows = contentOf(node).map((row) => `<tr>${contentOf(row).map(writeCell).join("")}</tr>`).join("");
      return `<table><tbody>${rows}</tbody></table>`;
    }
  }
}

function writeCell(cell) {
  const tag = cell.type.name === "table_header" ? "th" : "td";
  const span = (name) => (cell.attrs[name] > 1 ? ` ${name}="${cell.attrs[name]}"` : "");
  return `<${tag}${span("colspan")}${span("rowspan")}>${writeInside(cell)}</${tag}>`;
}

const writeInside = (node) => contentOf(node).map(writeBlock).join("");

export const writeHtml = writeInside;

// Plain text --------------------------------------------------------------------------

function plainRuns(runs) {
  let written = "";
  for (let at = 0; at < runs.length;) {
    const { link } = runs[at];
    let label = "";
    for (; at < runs.length && runs[at].link === link; at += 1) label += runs[at].text;
    const shown = link.replace(/^mailto:/, "").replace(/^tel:/, "");
    const short = shown.replace(/^https:\/\//, "").replace(/^http:\/\//, "").replace(/\/+$/, "");
    if (link && ![link, shown, short].includes(label.trim())) {
      const end = label.trimEnd().length;
      label = `${label.slice(0, end)} (${shown})${label.slice(end)}`;
    }
    written += label;
  }
  return written;
}

function plainLines(node) {
  switch (node.type.name) {
    case "paragraph": {
      const runs = runsOf(node);
      return runs.length ? plainRuns(runs).split("\n") : [];
    }
    case "bullet_list":
    case "ordered_list": {
      let number = node.type.name === "ordered_list" ? node.attrs.order : 0;
      return contentOf(node).flatMap((item) => {
        const lines = contentOf(item).flatMap(plainLines);
        if (!lines.length && !writeInside(item)) return [];
        const marker = number ? `${number}. ` : "- ";
        if (number) number += 1;
        return lines.map((line, place) => (place ? "  " : marker) + line);
      });
    }
    default:
      return contentOf(node).map((row) => contentOf(row).map((cell) =>
        contentOf(cell).flatMap(plainLines).map((line) => line.trim()).join(" ")).join("\t"));
  }
}

export function writePlain(doc) {
  const blocks = contentOf(doc).map((node) => [node, plainLines(node)]);
  return blocks.filter(([node, lines]) => lines.length || node.type.name === "table")
    .map(([, lines]) => lines.join("\n")).join("\n\n").trimEnd();
}
