import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { KeepLast, Mutex } from "@web/core/utils/concurrency";

import { markRaw, reactive } from "@odoo/owl";

import { SheetsAhead } from "./review_ahead";

export const GROUP = "crm.lead.duplicate.group";
// how many groups are listed, and how few of them left ask for more
export const PAGE = 40;
const FEW = 10;
// groups whose merge is fetched while the user reads
const AHEAD = 2;
// so long after the last verb, in ms, the list and the counts are fetched anew
const IDLE = 3000;
// a group that came by itself takes no verb for so long: a key pressed twice was meant for the former; in ms
const GUARD = 250;

/** What was wrong, in the server's words; what is no refusal is an error like any other. */
function refusal(error) {
    if (error.exceptionName?.startsWith("odoo.exceptions.")) {
        return error.data.message;
    }
    throw error;
}

/**
 * The groups under review: which are listed, which one is open, what was chosen for its merge, what was done.
 *
 * A verb opens the next group at once, fetched ahead, while the server is at work; verbs are made one after the other.
 * A group that the server refuses comes back and is shown as it is now.
 */
export class ReviewModel {
    /**
     * @param {Object} orm the service
     * @param {(message: string) => void} refuse tells why something was not done
     */
    constructor(orm, refuse) {
        this.orm = orm;
        this.refuse = refuse;
        this.mutex = new Mutex();
        this.pages = new KeepLast();
        this.previews = new KeepLast();
        this.domain = [];
        this.limit = PAGE;
        this.ahead = new SheetsAhead((ids) => this.orm.silent.call(GROUP, "review_sheets", [ids]));
        // the groups whose verb is being made: pages fetched meanwhile may list them still
        this.acting = new Set();
        this.claimedId = false;
        this.turn = 0;
        this.state = reactive({
            loaded: false,
            rows: [],
            total: 0,
            left: 0,
            today: [],
            pace: 0,
            waiting: 0,
            currentId: false,
            sheet: null,
            // of the group that is open: {survivorId, picks, includeWon, preview}
            choices: null,
            markedId: false,
            // whether the group takes a verb
            ready: false,
            status: "",
            // what was done, the last one at the end: {message, undo, leadIds}
            done: [],
        });
    }

    // ------------------------------------------------------------------
    // The list
    // ------------------------------------------------------------------

    /**
     * Fetch the list and the counts.
     *
     * @param {Object} options
     * @param {number[]} [options.leadIds] the leads whose group is to be found
     * @return {Promise<number|false>} the id of that group
     */
    async load({ leadIds = false } = {}) {
        const page = await this.pages.add(
            this.orm.silent.call(GROUP, "review_page", [], {
                domain: this.domain,
                limit: this.limit,
                lead_ids: leadIds,
            })
        );
        const { found_id, rows, ...counts } = page;
        const acting = rows.filter(({ id }) => this.acting.has(id));
        const shown = rows.filter((row) => !acting.includes(row));
        Object.assign(this.state, counts, { rows: shown, loaded: true });
        this.state.total -= acting.length;
        this.state.left -= acting.filter(({ state }) => state === "open").length;
        return found_id;
    }

    /** Fetch the list and the counts once the user pauses. */
    loadSoon() {
        browser.clearTimeout(this.idle);
        this.idle = browser.setTimeout(() => this.load(), IDLE);
    }

    /** List more groups. */
    more() {
        this.limit += PAGE;
        return this.load();
    }

    get index() {
        return this.state.rows.findIndex(({ id }) => id === this.state.currentId);
    }

    /**
     * The groups that nobody else has open, from a position on and then before it; those last of which the user cannot
     * compare two leads.
     */
    freeFrom(position) {
        const { rows } = this.state;
        const around = [...rows.slice(position), ...rows.slice(0, position)];
        const free = around.filter(({ reviewer }) => !reviewer);
        const comparable = ({ lead_count, hidden_count }) => lead_count - hidden_count > 1;
        const last = free.filter((row) => !comparable(row));
        return [...free.filter(comparable), ...last].map(({ id }) => id);
    }

    /** The first of these. */
    free(position) {
        return this.freeFrom(position)[0] || false;
    }

    fetchAhead() {
        const { currentId } = this.state;
        const next = this.freeFrom(this.index + 1).filter((id) => id !== currentId);
        this.ahead.keep(next.slice(0, AHEAD));
    }

    removeRow(id) {
        const at = this.state.rows.findIndex((row) => row.id === id);
        if (at < 0) {
            return { at: 0, row: null };
        }
        const [row] = this.state.rows.splice(at, 1);
        this.state.total -= 1;
        if (row.state === "open") {
            this.state.left -= 1;
        }
        return { at, row };
    }

    // ------------------------------------------------------------------
    // Opening a group
    // ------------------------------------------------------------------

    /** Open the group at a distance from the one that is open. */
    async move(step) {
        const { rows } = this.state;
        const next = rows[Math.min(Math.max(this.index + step, 0), rows.length - 1)];
        if (next && next.id !== this.state.currentId) {
            await this.open(next.id);
        }
    }

    close() {
        this.turn++;
        Object.assign(this.state, { currentId: false, sheet: null, choices: null, ready: false });
    }

    /**
     * Open the first free group from a position in the list on.
     */
    async openFree(position) {
        const id = this.free(position);
        if (id) {
            await this.open(id, { goOn: true });
        } else {
            this.close();
        }
    }

    /**
     * Open a group and claim it.
     *
     * @param {number} id
     * @param {Object} options
     * @param {boolean} [options.goOn] go on to the next one where somebody else has it
     */
    async open(id, { goOn = false } = {}) {
        const turn = ++this.turn;
        const leave_id = this.claimedId && this.claimedId !== id ? this.claimedId : false;
        Object.assign(this.state, { currentId: id, ready: false });
        const position = Math.max(this.index, 0);
        let sheet = false;
        try {
            const known = this.ahead.take(id);
            if (known) {
                sheet = await known;
            }
            if (sheet) {
                if (turn === this.turn) {
                    this.show(sheet);
                }
                sheet = await this.claimed(sheet, leave_id);
            } else {
                sheet = await this.orm.silent.call(GROUP, "review_open", [[id]], { leave_id });
            }
        } catch (error) {
            this.refuse(refusal(error));
        }
        if (turn !== this.turn) {
            // somebody opened another one meanwhile: that one's claim gives up this one
            return;
        }
        if (!sheet) {
            this.removeRow(id);
            return this.openFree(position);
        }
        const row = this.state.rows.find((row) => row.id === id);
        if (row) {
            row.reviewer = sheet.reviewer;
        }
        if (sheet.reviewer && goOn && this.free(position)) {
            return this.openFree(position);
        }
        this.claimedId = id;
        if (this.state.sheet !== sheet) {
            this.show(sheet);
        }
        const wait = GUARD - (Date.now() - this.shownAt);
        if (wait > 0) {
            await new Promise((resolve) => browser.setTimeout(resolve, wait));
        }
        if (turn === this.turn) {
            this.state.ready = true;
            this.fetchAhead();
        }
    }

    /** Claim a group that was fetched ahead; where it changed since then, fetch it anew. */
    async claimed(sheet, leave_id) {
        const ids = [sheet.id];
        const claim = await this.orm.silent.call(GROUP, "review_claim", [ids], { leave_id });
        if (!claim || (claim.digest === sheet.digest && claim.state === sheet.state)) {
            return claim && claim.reviewer !== sheet.reviewer
                ? markRaw({ ...sheet, reviewer: claim.reviewer })
                : claim && sheet;
        }
        const [fresh] = await this.orm.silent.call(GROUP, "review_sheets", [ids]);
        return fresh || false;
    }

    show(sheet) {
        const { lead_ids, include_won, preview } = sheet;
        this.shownAt = Date.now();
        Object.assign(this.state, {
            sheet: markRaw(sheet),
            choices: { survivorId: false, picks: {}, includeWon: include_won, preview },
            // the newest one: the oldest is kept, mostly
            markedId: lead_ids.at(-1) || false,
        });
    }

    /** Claim the open group for some time more. */
    async renew() {
        const { currentId, ready } = this.state;
        if (currentId && ready) {
            await this.orm.silent.call(GROUP, "review_claim", [[currentId]]);
        }
    }

    /** Give up the claim: the page is left. */
    leave() {
        browser.clearTimeout(this.idle);
        if (this.claimedId) {
            this.orm.silent.call(GROUP, "review_leave", [[this.claimedId]]);
            this.claimedId = false;
        }
    }

    // ------------------------------------------------------------------
    // What the user chooses
    // ------------------------------------------------------------------

    get mergeIds() {
        const { lead_ids, won_ids } = this.state.sheet;
        return this.state.choices.includeWon
            ? lead_ids
            : lead_ids.filter((id) => !won_ids.includes(id));
    }

    async choose(changes) {
        const { sheet } = this.state;
        const choices = { ...this.state.choices, ...changes };
        this.state.choices = choices;
        const preview = await this.previews.add(
            this.orm.silent.call("crm.merge.opportunity", "get_merge_preview", [this.mergeIds], {
                survivor_id: choices.survivorId,
                picks: choices.picks,
            })
        );
        if (this.state.sheet === sheet) {
            this.state.choices = { ...this.state.choices, preview };
        }
    }

    mark(id) {
        this.state.markedId = id;
    }

    markNext(step) {
        const ids = this.state.sheet?.lead_ids || [];
        const at = ids.indexOf(this.state.markedId) + step;
        this.state.markedId = ids[Math.min(Math.max(at, 0), ids.length - 1)] || false;
    }

    // ------------------------------------------------------------------
    // What the user may do
    // ------------------------------------------------------------------

    get can() {
        const { sheet, choices } = this.state;
        const preview = choices?.preview;
        const own = Boolean(sheet) && sheet.state !== "done" && !sheet.reviewer;
        const linked = own && sheet.links.length > 0;
        return {
            merge: own && Boolean(preview) && !preview.blockers.length,
            dismiss: linked,
            leaveOut: linked && sheet.lead_count > 2 && sheet.lead_ids.length > 1,
            skip: own && sheet.state === "open",
            open: Boolean(sheet) && sheet.lead_ids.length > 0,
            takeBack: Boolean(sheet) && sheet.state !== "open",
        };
    }

    // ------------------------------------------------------------------
    // Verbs
    // ------------------------------------------------------------------

    merge() {
        const { survivorId, picks } = this.state.choices;
        return this.act("merge", {
            lead_ids: this.mergeIds,
            survivor_id: survivorId,
            picks: { ...picks },
        });
    }

    dismiss() {
        return this.act("dismiss", {});
    }

    skip() {
        return this.act("skip", {});
    }

    async leaveOut(leadId) {
        const { sheet } = this.state;
        if (!this.state.ready || !this.can.leaveOut) {
            return;
        }
        this.state.ready = false;
        await this.mutex.exec(() =>
            this.told(sheet, "leave_out", { lead_ids: [leadId] }).catch((error) =>
                this.refuse(refusal(error))
            )
        );
        // what is left of it, or the next one
        await this.open(sheet.id);
        await this.load();
    }

    /** Have a verb made on the open group, and open the next one meanwhile. */
    async act(verb, kwargs) {
        const { sheet } = this.state;
        if (!this.state.ready || !this.can[verb]) {
            return;
        }
        this.state.ready = false;
        this.acting.add(sheet.id);
        // it becomes free with the verb
        this.claimedId = false;
        const { at, row } = this.removeRow(sheet.id);
        const made = this.mutex.exec(() => this.told(sheet, verb, kwargs));
        const next = this.openFree(at);
        try {
            await made;
            this.acting.delete(sheet.id);
            if (verb !== "skip") {
                this.countOwn(1);
            }
        } catch (error) {
            this.acting.delete(sheet.id);
            const message = refusal(error);
            if (row) {
                this.state.rows.splice(at, 0, row);
                this.state.total += 1;
                this.state.left += row.state === "open" ? 1 : 0;
            }
            this.ahead.drop(sheet.id);
            this.refuse(message);
            await this.open(sheet.id);
        }
        await next;
        if (this.state.rows.length < FEW) {
            await this.load();
            this.fetchAhead();
        } else {
            this.loadSoon();
        }
    }

    /** Have the server make a verb; remember how to take it back. */
    async told(sheet, verb, kwargs) {
        const action = await this.orm.silent.call(GROUP, `review_${verb}`, [[sheet.id]], {
            digest: sheet.digest,
            ...kwargs,
        });
        const { message, undo } = action.params;
        this.state.done.push(markRaw({ message, undo, leadIds: sheet.lead_ids }));
        this.state.status = message;
    }

    countOwn(number) {
        const own = this.state.today.find((line) => line.own);
        if (own) {
            own.count += number;
        } else {
            this.state.today.unshift({ name: "", own: true, count: number });
        }
    }

    /** Take the last one back, and open its group again. */
    async undo() {
        const last = this.state.done.pop();
        if (last && !(await this.takenBack(last))) {
            this.state.done.push(last);
        }
    }

    /** Take back what was done with the open group, whoever did it. */
    async takeBack() {
        const { id, title, lead_ids } = this.state.sheet;
        const undo = { model: GROUP, method: "action_undo", ids: [id] };
        await this.takenBack({ message: title, undo, leadIds: lead_ids });
    }

    /** @return {Promise<boolean>} whether it was taken back */
    async takenBack({ message, undo, leadIds }) {
        this.state.ready = false;
        let done = false;
        try {
            await this.mutex.exec(() => this.orm.silent.call(undo.model, undo.method, [undo.ids]));
            this.state.status = _t("Taken back: %s", message);
            done = true;
        } catch (error) {
            this.refuse(refusal(error));
        }
        const found = await this.load({ leadIds });
        await this.open(found || this.state.currentId || this.free(0));
        return done;
    }

    /** Ask who may see the hidden leads of the open group to compare them. */
    async ask() {
        const { sheet } = this.state;
        try {
            const names = await this.orm.silent.call(GROUP, "review_ask", [[sheet.id]]);
            this.state.status = _t("Asked: %s", names.join(", "));
            if (this.state.sheet === sheet) {
                this.state.sheet = markRaw({ ...sheet, ask: { names, asked: true } });
            }
        } catch (error) {
            this.refuse(refusal(error));
        }
    }
}
