/* Rows of ol[data-order] are dragged to their place; the buttons do the same without a script. */
(() => {
  "use strict";
  const { all } = window.kipp;

  function send(row, place) {
    const form = row.querySelector("form");
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "tempat";
    field.value = place;
    form.append(field);
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }

  // Only rows beside each other change places, not those above or below in a tree.
  function isLike(row, other) {
    const depth = Number(row.dataset.orderDepth);
    if (Number(other.dataset.orderDepth) !== depth) return false;
    const rows = all("li", row.parentElement);
    const [from, to] = [rows.indexOf(row), rows.indexOf(other)].sort((a, b) => a - b);
    return rows.slice(from, to + 1).every((each) => Number(each.dataset.orderDepth) >= depth);
  }

  all("[data-order]").forEach((list) => {
    let dragged = null;
    const unmark = () => all(".is-target", list).forEach((row) => row.classList.remove("is-target"));
    all("li", list).forEach((row) => {
      row.draggable = true;
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        row.classList.add("is-dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.id);
      });
      row.addEventListener("dragend", () => {
        row.classList.remove("is-dragged");
        unmark();
        dragged = null;
      });
      row.addEventListener("dragover", (event) => {
        if (!dragged || dragged === row || !isLike(dragged, row)) return;
        event.preventDefault();
        unmark();
        row.classList.add("is-target");
      });
      row.addEventListener("drop", (event) => {
        if (!dragged || dragged === row || !isLike(dragged, row)) return;
        event.preventDefault();
        send(dragged, row.dataset.orderPlace);
      });
    });
  });

  // After the page came back the focus is where it was: on the row that moved.
  const moved = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (moved?.closest("[data-order]")) moved.focus({ preventScroll: true });
})();
