/* Passkeys: form[data-passkey] is shown where the browser knows them, and asks the device before it is sent.
   data-passkey="create" makes one, "get" uses one; both read their options from the JSON block named in data-options.
   "login" fetches its options from the form's own address. The device's answer goes into the field `credential`. */
(() => {
  "use strict";
  const forms = document.querySelectorAll("form[data-passkey]");
  // Passkeys belong to a name; an address of digits has none.
  const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
  if (!forms.length) return;
  if (!window.PublicKeyCredential || !navigator.credentials || isNumber) {
    document.querySelectorAll("[data-passkey-missing]").forEach((box) => { box.hidden = false; });
    return;
  }

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  async function create(options) {
    const wanted = options.publicKey;
    const credential = await navigator.credentials.create({
      publicKey: {
        ...wanted,
        challenge: toBytes(wanted.challenge),
        user: { ...wanted.user, id: toBytes(wanted.user.id) },
        excludeCredentials: named(wanted.excludeCredentials),
        authenticatorSelection: {
          ...wanted.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
        },
      },
    });
    return {
      ...outline(credential),
      response: {
        clientDataJSON: toText(credential.response.clientDataJSON),
        attestationObject: toText(credential.response.attestationObject),
        transports: credential.response.getTransports?.() || [],
      },
    };
  }

  async function get(options) {
    const wanted = options.publicKey;
    const credential = await navigator.credentials.get({
      publicKey: { ...wanted, challenge: toBytes(wanted.challenge), allowCredentials: named(wanted.allowCredentials) },
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
    return {
      ...outline(credential),
      response: {
        clientDataJSON: toText(clientDataJSON), authenticatorData: toText(authenticatorData), signature: toText(signature),
        userHandle: userHandle ? toText(userHandle) : null,
      },
    };
  }

  function outline(credential) {
    return {
      type: credential.type, id: credential.id, rawId: toText(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function options(form) {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const response = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return response.json();
  }

  const steps = { creation_options: create, request_options: get };

  forms.forEach((form) => {
    form.hidden = false;
    form.dataset.noGuard = "";
    const error = form.querySelector("[data-passkey-error]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      error.hidden = true;
      try {
        const [[step, wanted]] = Object.entries(await options(form));
        form.elements.credential.value = JSON.stringify(await steps[step](wanted));
        form.submit();
      } catch {
        error.textContent = form.dataset.textFailed;
        error.hidden = false;
      }
    });
  });
})();
