import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// beyond, a decimal tells nothing any more: nothing is quite sure
const HIGHEST = 99.9;

/**
 * A probability in percent, as people read it: never 100, and with a decimal where it makes a difference.
 *
 * @param {number} score 0 to 100
 */
export function scoreText(score) {
    if (score < 99) {
        return `${Math.floor(score)}\u00a0%`;
    }
    // rounded first: 99.3 is a little less as a binary number
    const shown = Math.min(Math.floor(Number((score * 10).toFixed(6))) / 10, HIGHEST);
    const text = formatFloat(shown, { digits: [3, 1] });
    return shown < HIGHEST ? `${text}\u00a0%` : `≥ ${text}\u00a0%`;
}

/** The score of a pair. What is certain differs from what is likely by colour, sign and word. */
export class ScoreBadge extends Component {
    static template = "openfire_leads.ScoreBadge";
    static props = {
        score: Number,
        certain: { type: Boolean, optional: true },
    };

    get text() {
        return scoreText(this.props.score);
    }
}

/** A pair's score in lists, cards and forms; the view gives the field `certain`. */
export class ScoreField extends Component {
    static template = "openfire_leads.ScoreField";
    static components = { ScoreBadge };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("openfire_score", {
    component: ScoreField,
    supportedTypes: ["float"],
    fieldDependencies: [{ name: "certain", type: "boolean" }],
});
