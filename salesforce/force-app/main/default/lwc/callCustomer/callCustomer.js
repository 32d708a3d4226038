import { LightningElement, api } from "lwc";
import { CloseActionScreenEvent } from "lightning/actions";
import { notifyRecordUpdateAvailable } from "lightning/uiRecordApi";
import look from "@salesforce/apex/CallCustomerController.look";
import nudge from "@salesforce/apex/CallCustomerController.nudge";
import prepare from "@salesforce/apex/CallCustomerController.prepare";
import request from "@salesforce/apex/CallCustomerController.request";

const LOOK_EVERY = 1000; // milliseconds, while the call may still be placed
const LOOK_LATER = 5000; // when it is too late for that: what became of it is told soon
const LOOKS = 150; // then the panel stops asking; in seconds more than EXPIRES of the controller

const NO_PHONE = "There is no phone number here that you can see.";
const NO_AGENT_ID = "Your user has no agent id of the phone system. Ask your administrator.";
const GONE = "The Task of this call is gone. A request that was not read yet is withdrawn.";
const NO_ANSWER = "No answer yet, and too late for this call to be placed. If your phone does not ring, call again.";
const LOOK_FIRST = "It may have rung: look at your phone before you call again.";

/** What the agent reads for each state; the message is the phone system's own words. */
const OUTCOMES = {
    Requested: ({ phone, underWay }) => (underWay ? `Calling ${phone}…` : NO_ANSWER),
    Placed: () => "Ringing… Pick up your phone.",
    Refused: ({ message }) => `Refused: ${reason(message)}`,
    Expired: ({ message }) => `Expired: ${reason(message)}`,
    Blocked: ({ message }) => `Blocked: ${reason(message)}`,
    Unknown: ({ message }) => `Unknown: ${sentence(reason(message))} ${LOOK_FIRST}`
};

/** "Unable to place call - Agent number busy" is told as "Agent number busy". */
function reason(message) {
    return (message || "no reason given.").replace(/^Unable to place call - /, "");
}

function sentence(text) {
    return text.replace(/[^.!?…]$/, "$&.");
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
    busy = true; // until the panel is prepared, and from a press until the org has the request
    watch; // the following of the latest request; an older one ends

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
        return phone?.doNotCall ? `${phone.unwilling || "This person"} does not want to be called.` : undefined;
    }

    get outcome() {
        if (!this.call) {
            return this.busy || this.problem || this.phones.length ? "" : NO_PHONE;
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
    }

    async ask() {
        this.call = undefined;
        this.call = await request({ recordId: this.recordId, phone: this.selected });
        nudge({ taskId: this.call.taskId }).catch(() => false); // unheard, the connector finds it at its next poll
    }

    /**
     * Looks at the request until it has an outcome: also when it is too late for a call, which can be told as expired
     * after that. Whoever presses again, or closes the panel, ends it.
     */
    async follow() {
        const watch = {};
        this.watch = watch;
        const watched = () => this.watch === watch && this.isConnected && this.call?.state === "Requested";
        for (let looks = 0; watched() && looks < LOOKS; looks += 1) {
            // eslint-disable-next-line no-await-in-loop -- each look is to come after the pause
            await pause(this.call.underWay ? LOOK_EVERY : LOOK_LATER);
            if (watched()) {
                // eslint-disable-next-line no-await-in-loop -- as above
                await this.lookAgain(watched);
            }
        }
        if (watched()) {
            this.call = { ...this.call, underWay: false };
        }
        if (this.watch === watch && this.call) {
            notifyRecordUpdateAvailable([{ recordId: this.call.taskId }]);
        }
    }

    /** A look that fails is shown, and the next may succeed. */
    async lookAgain(watched) {
        try {
            const call = await look({ taskId: this.call.taskId });
            if (watched()) {
                this.call = call;
                this.problem = call ? undefined : GONE;
            }
        } catch (error) {
            if (watched()) {
                this.problem = words(error);
            }
        }
    }

    async attempt(work) {
        this.watch = undefined;
        this.busy = true;
        this.problem = undefined;
        try {
            await work();
        } catch (error) {
            this.problem = words(error);
        } finally {
            this.busy = false;
        }
        await this.follow();
    }
}
