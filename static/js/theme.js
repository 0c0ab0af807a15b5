/* Applies the stored or the system's theme before first paint. Load without defer in <head>. */
(() => {
  "use strict";
  let stored = null;
  try { stored = localStorage.getItem("kipp-theme"); } catch { /* private mode */ }
  const dark = stored ? stored === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
