import { Component } from "@odoo/owl";

/** Figures that answer questions: totals, then blocks of rows; each figure opens the list it counts. */
export class Figures extends Component {
    static template = "gov_base.Figures";
    static props = { totals: Array, blocks: Array, open: Function };

    width(row) {
        return `width: ${Math.round(row.part * 100)}%`;
    }
}

/** Open the list that a figure counts, as the window action `xmlid` shows it. */
export async function openFigure(actionService, xmlid, { domain, name }) {
    const action = await actionService.loadAction(xmlid);
    // The figure is the list: no filter of the list's own narrows it.
    return actionService.doAction({
        ...action,
        name,
        display_name: name,
        path: false,
        domain,
        context: {},
        views: action.views.some(([, kind]) => kind === "list")
            ? [...action.views].sort((a, b) => (b[1] === "list") - (a[1] === "list"))
            : action.views,
    });
}
