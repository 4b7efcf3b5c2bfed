import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { SearchPanel } from "@web/search/search_panel/search_panel";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import { ReviewController } from "./review_controller";

/** The panel is folded until somebody unfolds it: the table of the merge needs the room. */
class ReviewSearchPanel extends SearchPanel {
    setup() {
        super.setup();
        if (browser.localStorage.getItem(this.keyExpandSidebar) === null) {
            this.state.sidebarExpanded = false;
        }
    }
}

export const reviewView = {
    type: "kanban",
    Controller: ReviewController,
    SearchPanel: ReviewSearchPanel,
    searchMenuTypes: ["filter", "favorite"],
};

registry.category("views").add("openfire_duplicate_review", reviewView);

/** The list of groups, for many at once: a click on one opens the page on it, among what the list shows. */
export class GroupListController extends ListController {
    async openRecord(record) {
        await this.actionService.switchView("kanban", { resId: record.resId });
    }
}

registry.category("views").add("openfire_duplicate_group_list", {
    ...listView,
    Controller: GroupListController,
});
