// Passkeys: asks the browser for a credential and posts it with the form. Without JavaScript these forms stay hidden.

const forms = document.querySelectorAll("form[data-passkey]");
const able = window.PublicKeyCredential && navigator.credentials && window.isSecureContext;

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));
}

async function optionsOf(form) {
  if (!form.dataset.fetch) {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const answer = await fetch(form.dataset.fetch, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function create(options) {
  const wanted = options.creation_options.publicKey;
  const credential = await navigator.credentials.create({
    publicKey: {
      ...wanted,
      challenge: toBytes(wanted.challenge),
      user: { ...wanted.user, id: toBytes(wanted.user.id) },
      excludeCredentials: described(wanted.excludeCredentials),
      // a passkey that can sign in alone where the device can; a plain security key is still a second factor
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    },
  });
  return {
    ...frame(credential),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      attestationObject: toText(credential.response.attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const wanted = options.request_options.publicKey;
  const credential = await navigator.credentials.get({
    publicKey: {
      ...wanted,
      challenge: toBytes(wanted.challenge),
      allowCredentials: described(wanted.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...frame(credential),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

function frame(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = words;
  place.hidden = !words;
}

async function send(form) {
  say(form, "");
  try {
    const act = form.dataset.passkey === "create" ? create : get;
    form.elements.credential.value = JSON.stringify(await act(await optionsOf(form)));
    form.submit();
  } catch (error) {
    const stopped = error.name === "NotAllowedError" || error.name === "AbortError";
    const there = error.name === "InvalidStateError";
    say(
      form,
      there
        ? "This device already has a passkey for your account."
        : stopped
          ? "No passkey was used. Try again, or use another way."
          : "The passkey did not work. Try again, or use another way.",
    );
  }
}

if (able) {
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
