// Passkeys: asks the browser for one when a form with data-passkey is sent, and sends what it answers. "create" makes one, "get" shows
// one, both by the options in the page; "login" asks for the options first. The forms are hidden without this file: people log in
// by password, by a code, and with an authenticator app. mfa/js/webauthn-json.js, which turns bytes into text and back, comes before.

const NOTHING_CHOSEN = "NotAllowedError";
const IS_THERE_ALREADY = "InvalidStateError";

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options of passkeys: ${answer.status}`);
  return answer.json();
}

async function credentialOf(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey !== "create") return window.webauthnJSON.get(options.request_options);
  const { publicKey } = options.creation_options;
  // One that the device finds by itself, and that opens by finger, face or PIN.
  const chosen = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...chosen };
  return window.webauthnJSON.create({ publicKey });
}

function tell(form, problem) {
  const place = form.querySelector("[data-passkey-problem]");
  const { cancelled, known, failed } = place.dataset;
  place.textContent = { [NOTHING_CHOSEN]: cancelled, [IS_THERE_ALREADY]: known }[problem.name] || failed;
}

async function ask(event) {
  const form = event.target;
  const field = form.elements.namedItem("credential");
  if (form.dataset.answered) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "true";
  form.querySelector("[data-passkey-problem]").textContent = "";
  try {
    field.value = JSON.stringify(await credentialOf(form));
    form.dataset.answered = "true";
    form.requestSubmit();
  } catch (problem) {
    tell(form, problem);
  } finally {
    delete form.dataset.asking;
  }
}

// What was sent is worth nothing a second time, on a page that comes back from the browser's memory.
function forget() {
  for (const form of document.querySelectorAll("form[data-passkey]")) delete form.dataset.answered;
}

// A passkey belongs to a name: where the portal is called by a number there are none.
const IS_NUMBER = /^[\d.]+$|:/;

if (window.PublicKeyCredential && window.webauthnJSON && !IS_NUMBER.test(location.hostname)) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", ask);
  }
  window.addEventListener("pageshow", (event) => event.persisted && forget());
}
