import { Component } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// the weight that fills a bar
const FULL_BAR = 20;

/** Two leads value against value; a bar to the right speaks for one requester, to the left against. */
export class PairComparison extends Component {
    static template = "openfire_leads.PairComparison";
    static props = { ...standardFieldProps };

    get comparison() {
        return this.props.record.data[this.props.name] || { titles: ["", ""], lines: [] };
    }

    /** @returns {string} the width of half a bar in percent, as CSS wants it */
    width(line, side) {
        const weight = side === "for" ? line.weight : -line.weight;
        return `width: ${Math.max(0, Math.min(weight / FULL_BAR, 1)) * 100}%`;
    }

    weightText(line) {
        if (!line.weight) {
            return _t("no evidence");
        }
        const weight = formatFloat(Math.abs(line.weight), { digits: [3, 1] });
        return line.weight > 0 ? `+${weight}` : `−${weight}`;
    }

    levelText(line) {
        // a degree says nothing where it weighs nothing, and “partly the same (100 %)” is none
        return line.percent && line.percent < 100 && line.weight
            ? `${line.level_label} (${line.percent}\u00a0%)`
            : line.level_label;
    }
}

registry.category("fields").add("openfire_pair_comparison", {
    component: PairComparison,
    supportedTypes: ["json"],
});
