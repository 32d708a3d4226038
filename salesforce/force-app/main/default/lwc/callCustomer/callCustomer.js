import { LightningElement, api } from "lwc";
import { CloseActionScreenEvent } from "lightning/actions";
import { notifyRecordUpdateAvailable } from "lightning/uiRecordApi";
import look from "@salesforce/apex/CallCustomerController.look";
import nudge from "@salesforce/apex/CallCustomerController.nudge";
import prepare from "@salesforce/apex/CallCustomerController.prepare";
import request from "@salesforce/apex/CallCustomerController.request";

const LOOK_EVERY = 1000; // milliseconds
const LOOKS = 180; // then the panel stops asking; reopening it goes on

const NO_PHONE = "There is no phone number here that you can see.";
const NO_AGENT_ID = "Your user has no agent id of the phone system. Ask your administrator.";
const NO_ANSWER = "No answer yet, and too late for this call to be placed. If your phone does not ring, call again.";

/** What the agent reads for each state; the message is the phone system's own words. */
const OUTCOMES = {
    Requested: ({ phone }) => `Calling ${phone}…`,
    Placed: () => "Ringing… Pick up your phone.",
    Refused: ({ message }) => `Refused: ${reason(message)}`,
    Expired: ({ message }) => `Expired: ${reason(message)}`,
    Blocked: ({ message }) => `Blocked: ${reason(message)}`,
    Unknown: ({ message }) => `Unknown: ${reason(message)} It may have rung: look at your phone before you call again.`
};

/** "Unable to place call - Agent number busy" is told as "Agent number busy". */
function reason(message) {
    return (message || "no reason given.").replace(/^Unable to place call - /, "");
}

function words(error) {
    return error?.body?.message || error?.message || "Something went wrong.";
}

function pause(milliseconds) {
    // eslint-disable-next-line @lwc/lwc/no-async-operation -- looking again in a while is what this is for
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export default class CallCustomer extends LightningElement {
    phones = [];
    selected;
    call; // the latest request, as the org has it
    problem;
    hasAgentId = true;
    busy = true; // until the panel is prepared, and from a press to its outcome

    _recordId;

    /** A quick action gets its record after it is connected, hence a setter. */
    @api
    get recordId() {
        return this._recordId;
    }

    set recordId(value) {
        if (value && value !== this._recordId) {
            this._recordId = value;
            this.attempt(() => this.open());
        }
    }

    get options() {
        return this.phones.map(({ value, label, name }) => ({
            value,
            label: [value, label, name].filter(Boolean).join(" · ")
        }));
    }

    get calling() {
        return this.busy || this.call?.underWay === true;
    }

    get disabled() {
        return this.calling || !this.selected || !this.hasAgentId || this.call?.state === "Placed";
    }

    get warning() {
        if (!this.hasAgentId) {
            return NO_AGENT_ID;
        }
        const phone = this.phones.find(({ value }) => value === this.selected);
        return phone?.doNotCall ? `${phone.name || "This person"} does not want to be called.` : undefined;
    }

    get outcome() {
        if (!this.call) {
            return this.busy || this.problem || this.phones.length ? "" : NO_PHONE;
        }
        if (this.call.state === "Requested" && !this.call.underWay) {
            return NO_ANSWER;
        }
        return OUTCOMES[this.call.state]?.(this.call) ?? this.call.state;
    }

    handleSelect(event) {
        this.selected = event.detail.value;
    }

    handleCall() {
        // Two clicks can arrive before the button is drawn disabled.
        if (!this.disabled) {
            this.attempt(() => this.ask());
        }
    }

    handleClose() {
        this.dispatchEvent(new CloseActionScreenEvent());
    }

    async open() {
        const { phones, hasAgentId, call } = await prepare({ recordId: this.recordId });
        this.phones = phones;
        this.selected = phones[0]?.value;
        this.hasAgentId = hasAgentId;
        this.call = call;
        await this.follow();
    }

    async ask() {
        this.call = undefined;
        this.call = await request({ recordId: this.recordId, phone: this.selected });
        nudge({ taskId: this.call.taskId }).catch(() => false); // unheard, the connector finds it at its next poll
        await this.follow();
    }

    /** Looks at the request until it has an outcome. A look that fails is shown, and the next may succeed. */
    async follow() {
        for (let looks = 0; this.call?.underWay && looks < LOOKS; looks += 1) {
            // eslint-disable-next-line no-await-in-loop -- each look is to come after the pause
            await pause(LOOK_EVERY);
            if (!this.isConnected) {
                return;
            }
            // eslint-disable-next-line no-await-in-loop -- as above
            await this.lookAgain();
        }
        if (this.call) {
            notifyRecordUpdateAvailable([{ recordId: this.call.taskId }]);
        }
    }

    async lookAgain() {
        try {
            this.call = await look({ taskId: this.call.taskId });
            this.problem = undefined;
        } catch (error) {
            this.problem = words(error);
        }
    }

    async attempt(work) {
        this.busy = true;
        this.problem = undefined;
        try {
            await work();
        } catch (error) {
            this.problem = words(error);
        } finally {
            this.busy = false;
        }
    }
}
