import { Component, useEffect, useRef } from "@odoo/owl";

/** The line above: baskets with what waits in each. */
export class DeskHead extends Component {
    static template = "e_parapheur.DeskHead";
    static props = {
        baskets: Array,
        isChosen: Function,
        choose: Function,
        leave: Function,
        showKeys: Function,
        title: String,
    };

    setup() {
        this.nav = useRef("nav");
        // On a phone the basket that is open may stand outside.
        useEffect(
            () => {
                const chosen = this.nav.el.querySelector("[aria-current]");
                chosen && chosen.scrollIntoView({ block: "nearest", inline: "center" });
            },
            () => [this.props.baskets.findIndex((basket) => this.props.isChosen(basket))]
        );
    }
}
