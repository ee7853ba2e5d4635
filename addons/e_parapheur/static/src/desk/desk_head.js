import { Component } from "@odoo/owl";

/** The line above: baskets with what waits in each. */
export class DeskHead extends Component {
    static template = "e_parapheur.DeskHead";
    static props = {
        baskets: Array,
        isChosen: Function,
        choose: Function,
        leave: Function,
        showKeys: Function,
    };
}
