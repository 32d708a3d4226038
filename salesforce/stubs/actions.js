/** Stands in for lightning/actions: what a panel dispatches to be closed. */
export class CloseActionScreenEvent extends CustomEvent {
    constructor() {
        super("closeactionscreen", { bubbles: true, composed: true });
    }
}
