"""What the stand-in record page does in the browser: the panel of the Call button, as
the component callCustomer of the project's metadata has it (salesforce/), in its words.

Ours: who presses can be chosen, and the page's details are read anew at the end.
"""

from typing import Final

SCRIPT: Final = r"""<script type="module">
const LOOK_EVERY = 1000;
const LOOK_LATER = 5000;
const LOOKS = 150;
const here = location.pathname.replace(/\/$/, "");
const sandbox = here.replace(/\/record\/[^/]*$/, "");
const at = (id) => document.getElementById(id);
const NO_PHONE = "There is no phone number here that you can see.";
const NO_AGENT_ID =
  "Your user has no agent id of the phone system. Ask your administrator.";
const GONE =
  "The Task of this call is gone. A request that was not read yet is withdrawn.";
const NO_ANSWER = "No answer yet, and too late for this call to be placed."
  + " If your phone does not ring, call again.";
const LOOK_FIRST = "It may have rung: look at your phone before you call again.";
const OUTCOMES = {
  Requested: (call) => call.under_way ? `Calling ${call.number}…` : NO_ANSWER,
  Placed: () => "Ringing… Pick up your phone.",
  Refused: (call) => `Refused: ${reason(call)}`,
  Expired: (call) => `Expired: ${reason(call)}`,
  Blocked: (call) => `Blocked: ${reason(call)}`,
  Unknown: (call) => `Unknown: ${sentence(reason(call))} ${LOOK_FIRST}`,
};
let panel = { phones: [], has_agent_id: true, call: null };
let busy = true;
let problem = "";
let watch;

function reason(call) {
  return (call.message || "no reason given.").replace(/^Unable to place call - /, "");
}

function sentence(text) {
  return text.replace(/[^.!?…]$/, "$&.");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function ask(path, body) {
  const post = { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(path, body && post);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
}

function selected() {
  return document.querySelector("#phones input:checked")?.value;
}

function warning() {
  if (!panel.has_agent_id) return NO_AGENT_ID;
  const phone = panel.phones.find(({ value }) => value === selected());
  const who = phone?.unwilling || "This person";
  return phone?.do_not_call ? `${who} does not want to be called.` : "";
}

function outcome() {
  const { call, phones } = panel;
  if (call) return OUTCOMES[call.state]?.(call) ?? call.state;
  return busy || problem || phones.length ? "" : NO_PHONE;
}

function tell(id, words) {
  at(id).textContent = words;
  at(id).hidden = !words;
}

function draw() {
  const { call } = panel;
  const calling = busy || call?.under_way === true;
  const done = call?.state === "Placed";
  at("phones").disabled = calling;
  at("by").disabled = calling;
  at("call").disabled = calling || done || !selected() || !panel.has_agent_id;
  tell("problem", problem);
  tell("warning", warning());
  at("outcome").textContent = outcome();
  at("outcome").dataset.state = call?.state ?? "";
}

function offer() {
  at("phones").hidden = !panel.phones.length;
  at("numbers").replaceChildren(...panel.phones.map((phone, index) => {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    const note = document.createElement("small");
    Object.assign(radio, { type: "radio", name: "phone", value: phone.value });
    radio.checked = index === 0;
    radio.addEventListener("change", draw);
    note.textContent = ` ${[phone.label, phone.name].filter(Boolean).join(" · ")}`;
    label.append(radio, ` ${phone.value}`, note);
    return label;
  }));
}

async function follow() {
  if (!panel.call) return;
  const own = {};
  watch = own;
  const watched = () => watch === own && panel.call?.state === "Requested";
  for (let looks = 0; watched() && looks < LOOKS; looks += 1) {
    await pause(panel.call.under_way ? LOOK_EVERY : LOOK_LATER);
    if (watched()) await lookAgain(watched);
    draw();
  }
  if (watched()) panel.call.under_way = false;
  draw();
  if (watch === own) await refresh();
}

async function lookAgain(watched) {
  try {
    const call = await ask(`${sandbox}/requests/${panel.call.task}`);
    if (!watched()) return;
    panel.call = call;
    problem = call ? "" : GONE;
  } catch (error) {
    if (watched()) problem = error.message;
  }
}

async function refresh() {
  const page = await (await fetch(here)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  at("details").replaceWith(fresh.getElementById("details"));
}

async function attempt(work) {
  watch = undefined;
  busy = true;
  problem = "";
  draw();
  try {
    await work();
  } catch (error) {
    problem = error.message;
  } finally {
    busy = false;
    draw();
  }
  await follow();
}

async function open(by) {
  panel = await ask(`${here}/panel${by ? `?by=${by}` : ""}`);
  at("by").value = panel.agent;
  offer();
}

async function press() {
  panel.call = null;
  panel.call = await ask(`${here}/press`, { number: selected(), by: at("by").value });
  ask(`${sandbox}/requests/${panel.call.task}/nudge`, {}).catch(() => false);
}

at("by").addEventListener("change", () => attempt(() => open(at("by").value)));
at("call").addEventListener("click", () => busy || attempt(press));
attempt(() => open());
</script>"""
