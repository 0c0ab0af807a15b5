/* The screen of a plenary by keyboard or presenter: arrows, Page Up and Down, space; Home is the agenda. */
(() => {
  "use strict";
  const goTo = (selector) => {
    const link = document.querySelector(selector);
    if (link) link.click();
    return Boolean(link);
  };
  const ways = {
    ArrowRight: "a[rel=next]", PageDown: "a[rel=next]", " ": "a[rel=next]",
    ArrowLeft: "a[rel=prev]", PageUp: "a[rel=prev]", Home: "a[data-screen-home]",
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // A table wider than the screen is scrolled by its own arrows; a link is pressed by space.
    const focused = document.activeElement;
    if (focused && focused.closest(".table-scroll, a, button") && (event.key === " " || focused.closest(".table-scroll"))) return;
    const way = ways[event.key];
    if (way && goTo(way)) event.preventDefault();
  });
})();
