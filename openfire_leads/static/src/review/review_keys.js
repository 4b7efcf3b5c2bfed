import { useExternalListener } from "@odoo/owl";

/** The key of each verb: letters that are on every keyboard, and mean something in English and in French. */
export const KEYS = {
    merge: "m",
    dismiss: "n",
    leaveOut: "l",
    skip: "s",
    open: "o",
    undo: "z",
};
// "next" and "previous" as in mail programs, and by arrows
const MOVES = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
const MARKS = { ArrowRight: 1, ArrowLeft: -1 };

/** Whether what is typed there is a text. */
function isTyping({ target }) {
    return Boolean(
        target.closest?.("textarea, select, [contenteditable='true']") ||
            target.closest?.("input:not([type='radio'], [type='checkbox'])")
    );
}

/** Whether something lies over the page, whose keys these are. */
function isCovered() {
    return Boolean(
        document.querySelector(
            ".modal, .o-dropdown--menu, .o_command_palette, .o-overlay-item .modal"
        )
    );
}

/**
 * Have the page's keys do what its buttons do, except while somebody types or something lies over the page.
 *
 * @param {Object} verbs by the names of `KEYS`, functions; besides `move(step)` and `mark(step)`
 */
export function useReviewKeys(verbs) {
    useExternalListener(window, "keydown", (ev) => {
        if (ev.defaultPrevented || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        if (isTyping(ev) || isCovered()) {
            return;
        }
        const { key } = ev;
        if (key.startsWith("Arrow") && ev.target.type === "radio") {
            return; // arrows choose there
        }
        const verb = Object.keys(KEYS).find((name) => KEYS[name] === key.toLowerCase());
        if (verb && !ev.repeat) {
            ev.preventDefault();
            verbs[verb]();
        } else if (key in MOVES) {
            ev.preventDefault();
            verbs.move(MOVES[key]);
        } else if (key in MARKS) {
            ev.preventDefault();
            verbs.mark(MARKS[key]);
        }
    });
}
