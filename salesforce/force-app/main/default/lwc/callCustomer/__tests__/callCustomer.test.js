import { createElement } from "@lwc/engine-dom";
import { notifyRecordUpdateAvailable } from "lightning/uiRecordApi";
import CallCustomer from "c/callCustomer";
import look from "@salesforce/apex/CallCustomerController.look";
import nudge from "@salesforce/apex/CallCustomerController.nudge";
import prepare from "@salesforce/apex/CallCustomerController.prepare";
import request from "@salesforce/apex/CallCustomerController.request";

jest.mock("@salesforce/apex/CallCustomerController.look", () => ({ default: jest.fn() }), { virtual: true });
jest.mock("@salesforce/apex/CallCustomerController.nudge", () => ({ default: jest.fn() }), { virtual: true });
jest.mock("@salesforce/apex/CallCustomerController.prepare", () => ({ default: jest.fn() }), { virtual: true });
jest.mock("@salesforce/apex/CallCustomerController.request", () => ({ default: jest.fn() }), { virtual: true });

const CONTACT = "003000000000001AAA";
const TASK = "00T000000000001EAA";
const PHONE = { value: "+912240001001", label: "Business Phone", name: "Asha Rao", doNotCall: false };
const MOBILE = {
    value: "+919820098200",
    label: "Mobile",
    name: "Asha Rao",
    doNotCall: true,
    unwilling: "Asha Rao"
};

const call = (state, message) => ({
    taskId: TASK,
    state,
    message,
    phone: PHONE.value,
    underWay: state === "Requested"
});
const late = { ...call("Requested"), underWay: false };
const refusal = (message) => ({ body: { message } });

let panel;

const settled = () => jest.advanceTimersByTimeAsync(0);
const aLookLater = () => jest.advanceTimersByTimeAsync(1000);

async function show() {
    panel = createElement("c-call-customer", { is: CallCustomer });
    document.body.appendChild(panel);
    panel.recordId = CONTACT;
    await settled();
}

function open(prepared = {}) {
    prepare.mockResolvedValue({ phones: [PHONE, MOBILE], hasAgentId: true, ...prepared });
    return show();
}

const find = (selector) => panel.shadowRoot.querySelector(selector);
const button = (label) =>
    [...panel.shadowRoot.querySelectorAll("lightning-button")].find((each) => each.label === label);
const outcome = () => find("[data-id=outcome]").textContent;

async function press() {
    button("Call").click();
    await settled();
}

beforeEach(() => {
    jest.useFakeTimers();
    request.mockResolvedValue(call("Requested"));
    nudge.mockResolvedValue(true);
    look.mockResolvedValue(call("Requested"));
});

afterEach(() => {
    panel.remove();
    jest.resetAllMocks();
    jest.useRealTimers();
});

test("the numbers of the record are offered, the first one chosen", async () => {
    await open();

    const group = find("lightning-radio-group");
    expect(prepare).toHaveBeenCalledWith({ recordId: CONTACT });
    expect(group.options.map(({ label }) => label)).toEqual([
        "+912240001001 · Business Phone · Asha Rao",
        "+919820098200 · Mobile · Asha Rao"
    ]);
    expect(group.value).toBe(PHONE.value);
    expect(button("Call").disabled).toBe(false);
});

test("the number that the agent picks is asked for", async () => {
    await open();

    find("lightning-radio-group").dispatchEvent(new CustomEvent("change", { detail: { value: MOBILE.value } }));
    await press();

    expect(request).toHaveBeenCalledWith({ recordId: CONTACT, phone: MOBILE.value });
});

test("whoever does not want to be called is warned of", async () => {
    await open();
    expect(find("[data-id=warning]")).toBeNull();

    find("lightning-radio-group").dispatchEvent(new CustomEvent("change", { detail: { value: MOBILE.value } }));
    await settled();

    expect(find("[data-id=warning]").textContent).toBe("Asha Rao does not want to be called.");
});

test("who it is that does not want to be called is said, whoever else has the number", async () => {
    await open({ phones: [{ ...PHONE, doNotCall: true, unwilling: "Meera Nair" }] });

    expect(find("[data-id=warning]").textContent).toBe("Meera Nair does not want to be called.");
});

test("without a number there is nothing to press", async () => {
    await open({ phones: [] });

    expect(outcome()).toBe("There is no phone number here that you can see.");
    expect(button("Call").disabled).toBe(true);
});

test("an agent without an agent id is told whom to ask", async () => {
    await open({ hasAgentId: false });

    expect(find("[data-id=warning]").textContent).toContain("Ask your administrator");
    expect(button("Call").disabled).toBe(true);
});

test("a press asks once, nudges for that Task, and disables the button meanwhile", async () => {
    await open();

    button("Call").click();
    button("Call").click();
    await settled();

    expect(request).toHaveBeenCalledTimes(1);
    expect(nudge).toHaveBeenCalledWith({ taskId: TASK });
    expect(button("Call").disabled).toBe(true);
    expect(find("lightning-radio-group").disabled).toBe(true);
    expect(outcome()).toBe("Calling +912240001001…");
});

test("the nudge waits for the request to be written", async () => {
    let written;
    request.mockReturnValue(new Promise((resolve) => (written = resolve)));
    await open();

    await press();
    expect(nudge).not.toHaveBeenCalled();

    written(call("Requested"));
    await settled();
    expect(nudge).toHaveBeenCalledTimes(1);
});

test("a call that was placed rings, and is not placed twice", async () => {
    await open();
    await press();
    look.mockResolvedValue(call("Placed"));

    await aLookLater();

    expect(outcome()).toBe("Ringing… Pick up your phone.");
    expect(button("Call").disabled).toBe(true);
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: TASK }]);
});

test.each([
    ["Refused", "Unable to place call - Agent number busy", "Refused: Agent number busy"],
    ["Refused", "Telephone number exceeds 30 characters", "Refused: Telephone number exceeds 30 characters"],
    ["Expired", "Older than 2 minutes.", "Expired: Older than 2 minutes."],
    ["Blocked", "Outside calling hours.", "Blocked: Outside calling hours."],
    ["Blocked", undefined, "Blocked: no reason given."]
])("%s with %p is shown, and the agent may press again", async (state, message, shown) => {
    await open();
    await press();
    look.mockResolvedValue(call(state, message));

    await aLookLater();

    expect(outcome()).toBe(shown);
    expect(button("Call").disabled).toBe(false);
    await press();
    expect(request).toHaveBeenCalledTimes(2);
});

test.each([
    "The answer was lost.",
    "The answer was lost"
])("after an unknown outcome, %p, the agent is asked to look before pressing again", async (message) => {
    await open();
    await press();
    look.mockResolvedValue(call("Unknown", message));

    await aLookLater();

    expect(outcome()).toBe("Unknown: The answer was lost. It may have rung: look at your phone before you call again.");
});

test("without the nudge the call is followed all the same", async () => {
    nudge.mockRejectedValue(refusal("no such credential"));
    await open();
    await press();
    look.mockResolvedValue(call("Placed"));

    await aLookLater();

    expect(outcome()).toContain("Ringing…");
    expect(find("[role=alert]")).toBeNull();
});

test("a call that is under way when the panel opens is followed, not repeated", async () => {
    await open({ call: call("Requested") });
    expect(button("Call").disabled).toBe(true);
    look.mockResolvedValue(call("Placed"));

    await aLookLater();

    expect(outcome()).toContain("Ringing…");
    expect(request).not.toHaveBeenCalled();
});

test("a request that nobody answered in time may be made again", async () => {
    await open();
    await press();
    look.mockResolvedValue(late);

    await aLookLater();

    expect(outcome()).toContain("too late for this call to be placed");
    expect(button("Call").disabled).toBe(false);
});

test("what became of a late request is still shown", async () => {
    await open();
    await press();
    look.mockResolvedValue(late);
    await aLookLater();
    look.mockResolvedValue(call("Expired", "It was asked for 2 minutes ago."));

    await jest.advanceTimersByTimeAsync(5000);

    expect(outcome()).toBe("Expired: It was asked for 2 minutes ago.");
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1);
});

test("after a late request was made again, only the new one is looked at", async () => {
    await open();
    await press();
    look.mockResolvedValue(late);
    await aLookLater();
    const fresh = { ...call("Requested"), taskId: "00T000000000002EAA" };
    request.mockResolvedValue(fresh);
    look.mockClear();
    look.mockResolvedValue(fresh);

    await press();
    await jest.advanceTimersByTimeAsync(10_000);

    expect(look).toHaveBeenCalledTimes(10);
    expect(look).toHaveBeenCalledWith({ taskId: fresh.taskId });
    expect(look).not.toHaveBeenCalledWith({ taskId: TASK });
});

test("an answer that comes after the next press changes nothing", async () => {
    await open();
    await press();
    look.mockResolvedValue(late);
    await aLookLater();
    let answer;
    look.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    await jest.advanceTimersByTimeAsync(5000);

    await press();
    answer(call("Expired", "It was asked for 2 minutes ago."));
    await settled();

    expect(outcome()).toBe("Calling +912240001001…");
    expect(button("Call").disabled).toBe(true);
});

test("a panel that nobody answers gives up, and the agent may press again", async () => {
    await open();
    await press();
    look.mockRejectedValue(refusal("You are offline."));

    await jest.advanceTimersByTimeAsync(150_000);
    const looks = look.mock.calls.length;
    await jest.advanceTimersByTimeAsync(600_000);

    expect(look).toHaveBeenCalledTimes(looks);
    expect(outcome()).toContain("too late for this call to be placed");
    expect(button("Call").disabled).toBe(false);
});

test("a Task that is gone is told, and the agent may press again", async () => {
    await open();
    await press();
    look.mockResolvedValue(null);

    await aLookLater();

    expect(find("[role=alert]").textContent).toContain("The Task of this call is gone.");
    expect(outcome()).toBe("");
    expect(button("Call").disabled).toBe(false);
});

test("a look that fails is shown, and the next one goes on", async () => {
    await open();
    await press();
    look.mockRejectedValueOnce(refusal("You are offline."));

    await aLookLater();
    expect(find("[role=alert]").textContent).toBe("You are offline.");

    look.mockResolvedValue(call("Placed"));
    await aLookLater();
    expect(find("[role=alert]")).toBeNull();
    expect(outcome()).toContain("Ringing…");
});

test("a request that the org refuses is shown in its words, and nothing is nudged", async () => {
    request.mockRejectedValue(refusal("The record no longer has the number."));
    await open();

    await press();

    expect(find("[role=alert]").textContent).toBe("The record no longer has the number.");
    expect(nudge).not.toHaveBeenCalled();
    expect(button("Call").disabled).toBe(false);
});

test("a panel that can't be prepared says why", async () => {
    prepare.mockRejectedValue(refusal("You do not have access."));

    await show();

    expect(find("[role=alert]").textContent).toBe("You do not have access.");
    expect(button("Call").disabled).toBe(true);
});

test("a panel that was closed looks no more", async () => {
    await open();
    await press();
    panel.remove();

    await jest.advanceTimersByTimeAsync(10_000);

    expect(look).not.toHaveBeenCalled();
});

test("Close closes the panel", async () => {
    await open();
    const closed = jest.fn();
    panel.addEventListener("closeactionscreen", closed);

    button("Close").click();

    expect(closed).toHaveBeenCalledTimes(1);
});
