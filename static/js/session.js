/* Warns two minutes before a session ends, and stays signed in at a press. <div data-session> of signed-in pages holds the
   dialog and the addresses. The server says how long is left; asking it (X-Background) does not prolong anything, and tabs
   tell each other, so that one of them is enough. */
(() => {
  "use strict";
  const box = document.querySelector("[data-session]");
  if (!box || !box.querySelector("dialog")?.showModal) return;
  const { fill } = window.kipp;
  const dialog = box.querySelector("dialog");
  const words = dialog.querySelector("[data-session-text]");
  const stay = dialog.querySelector("[data-session-stay]");
  const WARNING = 120;
  const AGAIN = 15; // while the warning stands; work in another tab takes it away
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("kipp-session") : null;
  let until = 0;
  let canExtend = true;
  let timer = 0;
  let counter = 0;

  const left = () => Math.round((until - Date.now()) / 1000);

  function learn(answer) {
    until = Date.now() + answer.seconds * 1000;
    canExtend = answer.can_extend;
    clearTimeout(timer);
    const isFar = left() > WARNING;
    timer = setTimeout(look, (isFar ? Math.min(left() - WARNING, 3600) : AGAIN) * 1000);
    if (isFar) close();
  }

  function close() {
    clearInterval(counter);
    if (dialog.open) dialog.close();
  }

  async function ask(address, method = "GET") {
    const headers = { Accept: "application/json" };
    if (method === "GET") headers["X-Background"] = "1"; else headers["X-CSRFToken"] = box.dataset.token;
    const response = await fetch(address, { method, headers, redirect: "manual", credentials: "same-origin" });
    if (response.ok) return response.json();
    throw new Error(response.type);
  }

  // Another tab, or a save, may have prolonged the session meanwhile: the server knows.
  async function look() {
    try { learn(await ask(box.dataset.left)); } catch { if (left() > WARNING) return; }
    if (left() <= WARNING) warn();
  }

  function warn() {
    stay.hidden = !canExtend;
    if (!dialog.open) dialog.showModal();
    clearInterval(counter);
    counter = setInterval(tell, 1000);
    tell();
  }

  function tell() {
    const seconds = left();
    if (seconds <= 0) {
      clearInterval(counter);
      words.textContent = box.dataset.textOver;
      stay.hidden = true;
      return;
    }
    // Said once a half minute, not once a second.
    if (seconds % 30 === 0 || !words.textContent) {
      const text = seconds > 60 ? box.dataset.textMinutes : box.dataset.textSeconds;
      words.textContent = fill(text, { n: seconds > 60 ? Math.ceil(seconds / 60) : seconds });
    }
  }

  stay.addEventListener("click", async () => {
    try {
      const answer = await ask(box.dataset.extend, "POST");
      learn(answer);
      tabs?.postMessage(answer);
    } catch { tell(); }
  });
  dialog.addEventListener("close", () => { words.textContent = ""; });
  tabs?.addEventListener("message", (event) => learn(event.data));
  learn({ seconds: Number(box.dataset.seconds), can_extend: true });
})();
