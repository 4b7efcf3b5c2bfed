// what was fetched ahead is not shown after so long, in ms
const STALE = 3 * 60 * 1000;

/** What is shown of the groups that come next, fetched while the user reads. */
export class SheetsAhead {
    /** @param {(ids: number[]) => Promise<Object[]>} fetch returns the sheets of groups */
    constructor(fetch) {
        this.fetch = fetch;
        // {group id: {sheet: promise, at: when it was asked for}}
        this.known = new Map();
    }

    /**
     * Return the sheet of a group, which is not kept any longer.
     *
     * @return {Promise<Object|undefined>|null} null where none was fetched, or long ago
     */
    take(id) {
        const known = this.known.get(id);
        this.known.delete(id);
        return known && Date.now() - known.at < STALE ? known.sheet : null;
    }

    drop(id) {
        this.known.delete(id);
    }

    /** Fetch what is missing of these groups, and drop all others. */
    keep(ids) {
        for (const [id, { at }] of this.known) {
            if (!ids.includes(id) || Date.now() - at > STALE) {
                this.known.delete(id);
            }
        }
        const missing = ids.filter((id) => !this.known.has(id));
        if (!missing.length) {
            return;
        }
        const sheets = this.fetch(missing).catch(() => []);
        for (const id of missing) {
            const sheet = sheets.then((all) => all.find((one) => one.id === id));
            this.known.set(id, { sheet, at: Date.now() });
        }
    }
}
