/* The editor that static/js/rich-text.js puts in the place of a textarea: the writing area and its toolbar.
   The toolbar and its words come with the page, from templates/components/rich_text.html. */

const LARGEST_PASTE = 2000000;

export function edit({ box, area, html, format, library, ofPlain }) {
  const {
    DOMParser: Reader, EditorState, EditorView, TextSelection, keymap, history, inputRules, wrappingInputRule, tableEditing, fixTables,
  } = library;
  const schema = format.makeSchema(library);
  const reader = Reader.fromSchema(schema);
  const read = (markup) => reader.parse(format.inert(markup), { preserveWhitespace: true });
  const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  const { nodes } = schema;

  const plugins = [
    inputRules({ rules: [
      wrappingInputRule(/^\s*[-*•]\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d{1,3})[.)]\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + node.attrs.order === Number(match[1])),
    ] }),
    keymap(keysOf(library, schema)),
    keymap(library.baseKeymap),
    history(),
    tableEditing(),
  ];
  const stateOf = (markup) => {
    const state = EditorState.create({ doc: read(markup), plugins });
    const fixed = fixTables(state);
    return fixed ? state.apply(fixed) : state;
  };

  const place = document.createElement("div");
  place.className = "rich";
  area.before(place);
  const toolbar = box.querySelector("[data-rich-toolbar]");
  const notice = box.querySelector("[data-rich-notice]");
  toolbar.hidden = false;
  place.append(toolbar, notice);

  const view = new EditorView({ mount: place.appendChild(document.createElement("div")) }, {
    state: stateOf(html.value),
    // The heading and the toolbar stay at the top of the window, above the line that is written.
    scrollThreshold: { top: 170, bottom: 24, left: 0, right: 0 },
    scrollMargin: { top: 190, bottom: 40, left: 0, right: 0 },
    attributes: {
      class: "rich__text", role: "textbox", "aria-multiline": "true", lang: area.lang || "id",
      ...(label && { "aria-labelledby": label.id ||= `${area.id}-label` }),
      ...(area.getAttribute("aria-describedby") && { "aria-describedby": area.getAttribute("aria-describedby") }),
      ...(area.getAttribute("aria-invalid") && { "aria-invalid": area.getAttribute("aria-invalid") }),
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      if (transaction.docChanged && !transaction.getMeta("restored")) write(true);
      tools.show();
    },
    transformPastedHTML(markup) {
      const { html: clean, dropped } = format.ofClipboard(markup);
      if (dropped) tell("dropped");
      return clean;
    },
    handlePaste(_view, event) {
      const data = event.clipboardData;
      const size = Math.max(...["text/plain", "text/html"].map((type) => data?.getData(type).length || 0));
      if (size > LARGEST_PASTE) { tell("large"); return true; }
      if (data?.files.length && !data.getData("text/plain") && !data.getData("text/html")) { tell("dropped"); return true; }
      return false;
    },
    handleDrop(_view, event) {
      if (!event.dataTransfer?.files.length) return false;
      event.preventDefault();
      tell("dropped");
      return true;
    },
  });
  const isTyping = document.activeElement === area;
  const cursor = area.selectionEnd;
  area.hidden = true;
  // The label, the counter and the links of the error summary name the field by its id.
  const id = area.id;
  area.id = `${id}-plain`;
  const counter = document.querySelector(`[data-count-for="${CSS.escape(id)}"]`);
  if (counter) counter.dataset.countFor = area.id;
  view.setProps({ attributes: { ...view.props.attributes, id } });
  label?.addEventListener("click", () => view.focus());
  area.focus = () => view.focus(); // for whoever found it before it was hidden

  function write(tells) {
    html.value = format.writeHtml(view.state.doc);
    area.value = format.writePlain(view.state.doc);
    if (tells) area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function tell(name) {
    notice.querySelectorAll("[data-for]").forEach((line) => { line.hidden = line.dataset.for !== name; });
    notice.hidden = false;
  }
  notice.querySelector("button")?.addEventListener("click", () => { notice.hidden = true; view.focus(); });

  // A draft of this device was put back into the fields: its formats, or else its plain text.
  area.form?.addEventListener("kipp:restored", (event) => {
    const has = (name) => event.detail.fields.some(([field]) => field === name);
    const doc = read(has(html.name) ? html.value : ofPlain(area.value));
    const { state } = view;
    view.dispatch(state.tr.replaceWith(0, state.doc.content.size, doc.content).setMeta("restored", true));
    write(false);
  });

  const tools = makeToolbar({ view, toolbar, place, schema, library, format });
  tools.show();
  if (isTyping) {
    // A letter, a line break and the end of a paragraph each count as much here as in the textarea.
    const { doc, tr } = view.state;
    view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(Math.min(cursor + 1, doc.content.size)), -1)));
    view.focus();
  }
  return view;
}

function keysOf(library, { nodes, marks }) {
  const { undo, redo, toggleMark, chainCommands, splitListItem, sinkListItem, liftListItem, goToNextCell, exitCode } = library;
  const lineBreak = chainCommands(exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  });
  return {
    "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo,
    "Mod-b": toggleMark(marks.strong), "Mod-i": toggleMark(marks.em),
    Enter: splitListItem(nodes.list_item), "Shift-Enter": lineBreak,
    "Mod-]": sinkListItem(nodes.list_item), "Mod-[": liftListItem(nodes.list_item),
    // Tab leaves the editor, but for the cells of a table, whose last one it leaves as well.
    Tab: goToNextCell(1), "Shift-Tab": goToNextCell(-1),
  };
}

function makeToolbar({ view, toolbar, place, schema, library, format }) {
  const { toggleMark, wrapInList, liftListItem, sinkListItem, undo, redo, isInTable, TextSelection } = library;
  const { nodes, marks } = schema;
  const panel = toolbar.querySelector("[data-rich-link]");
  const address = panel.querySelector("input");
  const run = (command) => { command(view.state, view.dispatch, view); view.focus(); };

  const listAround = () => {
    const { $from } = view.state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      const { name } = $from.node(depth).type;
      if (name === "table_cell" || name === "table_header") return null;
      if (name === "bullet_list" || name === "ordered_list") return { node: $from.node(depth), at: $from.before(depth) };
    }
    return null;
  };
  const hasMark = (mark) => {
    const { from, to, empty, $from } = view.state.selection;
    return empty ? Boolean(mark.isInSet(view.state.storedMarks || $from.marks())) : view.state.doc.rangeHasMark(from, to, mark);
  };
  const toggleList = (type) => {
    const around = listAround();
    if (!around) run(wrapInList(type));
    else if (around.node.type === type) run(liftListItem(nodes.list_item));
    else { view.dispatch(view.state.tr.setNodeMarkup(around.at, type)); view.focus(); }
  };
  const insertTable = () => {
    const cell = (type) => type.createAndFill();
    const row = (type) => nodes.table_row.create(null, [1, 2, 3].map(() => cell(type)));
    const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
    const { state } = view;
    const { $from } = state.selection;
    const after = $from.depth ? $from.after(1) : state.selection.to;
    const isEmpty = $from.depth === 1 && !$from.parent.content.size;
    const at = isEmpty ? $from.before(1) : after;
    const tr = isEmpty ? state.tr.replaceWith(at, after, table) : state.tr.insert(at, table);
    // Whoever ends with a table could write nothing after it.
    if (tr.doc.lastChild.type === nodes.table) tr.insert(tr.doc.content.size, nodes.paragraph.create());
    view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
    view.focus();
  };

  // The link that the cursor is in, or what is selected.
  const linkRange = () => {
    const { selection, doc } = view.state;
    const mark = marks.link.isInSet(selection.$from.marks()) || marks.link.isInSet(selection.$from.nodeAfter?.marks || []);
    if (!selection.empty || !mark) return { from: selection.from, to: selection.to, href: mark?.attrs.href || "" };
    const { $from } = selection;
    let from = $from.pos;
    let to = $from.pos;
    $from.parent.forEach((child, offset) => {
      const start = $from.start() + offset;
      if (mark.isInSet(child.marks) && start <= $from.pos && start + child.nodeSize >= $from.pos) { from = start; to = start + child.nodeSize; }
    });
    return { from, to, href: doc.rangeHasMark(from, to, marks.link) ? mark.attrs.href : "" };
  };
  const openLink = () => {
    panel.hidden = !panel.hidden;
    if (panel.hidden) { view.focus(); return; }
    address.value = linkRange().href;
    address.removeAttribute("aria-invalid");
    panel.querySelector("[data-rich-error]").hidden = true;
    address.focus();
    address.select();
  };
  const setLink = () => {
    const typed = address.value.trim();
    const whole = /^(https?:|mailto:|tel:)/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    const href = /[^\s/]\.[^\s/]|^mailto:.+@|^tel:/.test(whole) ? format.cleanLink(whole) : "";
    panel.querySelector("[data-rich-error]").hidden = Boolean(href);
    if (!href) { address.setAttribute("aria-invalid", "true"); address.focus(); return; }
    const { from, to } = linkRange();
    const { state } = view;
    const mark = marks.link.create({ href });
    const tr = from === to
      ? state.tr.replaceWith(from, to, schema.text(typed, [mark]))
      : state.tr.removeMark(from, to, marks.link).addMark(from, to, mark);
    view.dispatch(tr.removeStoredMark(marks.link));
    panel.hidden = true;
    view.focus();
  };
  const unlink = () => {
    const { from, to } = linkRange();
    view.dispatch(view.state.tr.removeMark(from, to, marks.link));
    panel.hidden = true;
    view.focus();
  };

  const actions = {
    bold: () => run(toggleMark(marks.strong)), italic: () => run(toggleMark(marks.em)),
    bullets: () => toggleList(nodes.bullet_list), numbers: () => toggleList(nodes.ordered_list),
    deeper: () => run(sinkListItem(nodes.list_item)), higher: () => run(liftListItem(nodes.list_item)),
    link: openLink, "link-set": setLink, "link-remove": unlink, "link-close": openLink,
    table: insertTable, undo: () => run(undo), redo: () => run(redo),
    "row-add": () => run(library.addRowAfter), "row-delete": () => run(library.deleteRow),
    "column-add": () => run(library.addColumnAfter), "column-delete": () => run(library.deleteColumn),
    "table-delete": () => run(library.deleteTable),
  };
  const buttons = [...toolbar.querySelectorAll("[data-rich]")];
  const bar = (button) => button.closest("[role=toolbar]");
  const usable = () => buttons.filter((button) => bar(button) && !button.closest("[hidden]") && button.offsetParent);
  // A press must not take the selection out of the text.
  toolbar.addEventListener("mousedown", (event) => { if (event.target.closest("[data-rich]")) event.preventDefault(); });
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rich]");
    if (button && button.getAttribute("aria-disabled") !== "true") actions[button.dataset.rich]();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); setLink(); }
    if (event.key === "Escape") openLink();
  });
  // Its own field is no content of the form.
  panel.addEventListener("input", (event) => event.stopPropagation());
  panel.addEventListener("change", (event) => event.stopPropagation());
  // One stop for the Tab key; arrows move within.
  const stop = (button) => buttons.forEach((each) => { if (bar(each)) each.tabIndex = each === button ? 0 : -1; });
  toolbar.addEventListener("keydown", (event) => {
    const all = usable();
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    stop(next);
    next.focus();
  });
  toolbar.addEventListener("focusin", (event) => { if (buttons.includes(event.target) && bar(event.target)) stop(event.target); });
  view.dom.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") { event.preventDefault(); (usable().find((each) => each.tabIndex === 0) || usable()[0])?.focus(); }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openLink(); }
  });
  stop(buttons[0]);

  const pressed = (name, value) => toolbar.querySelector(`[data-rich="${name}"]`)?.setAttribute("aria-pressed", String(Boolean(value)));
  const usableIf = (name, value) => toolbar.querySelector(`[data-rich="${name}"]`)?.setAttribute("aria-disabled", String(!value));
  return {
    show() {
      const around = listAround();
      const inTable = isInTable(view.state);
      pressed("bold", hasMark(marks.strong));
      pressed("italic", hasMark(marks.em));
      pressed("link", hasMark(marks.link));
      pressed("bullets", around?.node.type === nodes.bullet_list);
      pressed("numbers", around?.node.type === nodes.ordered_list);
      usableIf("undo", undo(view.state));
      usableIf("redo", redo(view.state));
      usableIf("table", !inTable && !around);
      toolbar.querySelector("[data-rich-table]").hidden = !inTable;
      toolbar.querySelector("[data-rich-list]").hidden = !around;
      usableIf("deeper", around && sinkListItem(nodes.list_item)(view.state));
      place.classList.toggle("rich--empty", !view.state.doc.textContent);
      if (!usable().some((button) => button.tabIndex === 0)) stop(usable()[0] || buttons[0]);
    },
  };
}
