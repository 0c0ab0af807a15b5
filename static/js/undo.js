// Counts down to the moment when a broadcast can no longer be called back.
(() => {
  const panel = document.querySelector("[data-undo]");
  if (panel) {
    const left = panel.querySelector("[data-undo-left]");
    // The page's own clock may be wrong: count from what the server said.
    const end = Date.now() + (new Date(panel.dataset.until) - new Date(panel.dataset.now));
    const show = () => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      left.textContent = `${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")}`;
      if (seconds === 0) {
        clearInterval(clock);
        setTimeout(() => location.reload(), 1500);
      }
    };
    const clock = setInterval(show, 1000);
    show();
  }
  const sending = document.querySelector("[data-undo-reload]");
  if (sending) {
    setTimeout(() => location.reload(), 1000 * Number(sending.dataset.undoReload));
  }
})();
