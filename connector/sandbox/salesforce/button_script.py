"""What the stand-in record page does in the browser: the panel of the Call button, as
the component callCustomer of the project's metadata has it (salesforce/)."""

from typing import Final

SCRIPT: Final = r"""<script type="module">
const LOOK_EVERY = 1000;
const here = location.pathname.replace(/\/$/, "");
const sandbox = here.replace(/\/record\/[^/]*$/, "");
const at = (id) => document.getElementById(id);
const OUTCOMES = {
  Requested: (call) => call.under_way ? `Calling ${call.number}…`
    : "No answer yet, and too late for this call to be placed. Call again.",
  Placed: () => "Ringing… Pick up your phone.",
  Refused: (call) => `Refused: ${reason(call)}`,
  Expired: (call) => `Expired: ${reason(call)}`,
  Blocked: (call) => `Blocked: ${reason(call)}`,
  Unknown: (call) => `Unknown: ${reason(call)} It may have rung: look at your phone.`,
};
let panel = { phones: [], has_agent_id: true, call: null };
let busy = true;
let problem = "";

function reason(call) {
  const words = call.message || "no reason given.";
  return words.replace(/^Unable to place call - /, "");
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
  if (!panel.has_agent_id) return "This user has no agent id of the phone system.";
  const phone = panel.phones.find(({ value }) => value === selected());
  const who = phone?.name || "This person";
  return phone?.do_not_call ? `${who} does not want to be called.` : "";
}

function draw() {
  const { call } = panel;
  const calling = busy || call?.under_way === true;
  const none = busy || panel.phones.length ? "" : "There is no phone number here.";
  at("phones").disabled = calling;
  at("by").disabled = calling;
  const done = call?.state === "Placed";
  at("call").disabled = calling || done || !selected() || !panel.has_agent_id;
  at("warning").textContent = problem || warning();
  at("warning").hidden = !at("warning").textContent;
  at("outcome").textContent = call ? OUTCOMES[call.state]?.(call) ?? call.state : none;
  at("outcome").dataset.state = call?.state ?? "";
}

function offer() {
  at("phones").replaceChildren(...panel.phones.map((phone, index) => {
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
  while (panel.call?.under_way) {
    draw();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    try {
      panel.call = await ask(`${sandbox}/requests/${panel.call.task}`);
      problem = "";
    } catch (error) {
      if (error instanceof TypeError) { problem = error.message; } else { throw error; }
    }
  }
  const page = await (await fetch(here)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  at("details").replaceWith(fresh.getElementById("details"));
}

async function attempt(work) {
  busy = true;
  problem = "";
  draw();
  try {
    await work();
  } catch (error) {
    problem = error.message;
    panel.call = null;
  } finally {
    busy = false;
    draw();
  }
}

async function open(by) {
  panel = await ask(`${here}/panel${by ? `?by=${by}` : ""}`);
  at("by").value = panel.agent;
  offer();
  await follow();
}

async function press() {
  panel.call = null;
  panel.call = await ask(`${here}/press`, { number: selected(), by: at("by").value });
  await follow();
}

at("by").addEventListener("change", () => attempt(() => open(at("by").value)));
at("call").addEventListener("click", () => busy || attempt(press));
attempt(() => open());
</script>"""
