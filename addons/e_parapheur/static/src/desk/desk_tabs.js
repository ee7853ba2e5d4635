import { Component } from "@odoo/owl";

/** The documents of a folder, one of them on the page. */
export class DeskTabs extends Component {
    static template = "e_parapheur.DeskTabs";
    static props = {
        documents: Array,
        documentId: { type: [Number, Boolean] },
        show: Function,
    };
}
