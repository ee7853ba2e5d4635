import { Component, useState } from "@odoo/owl";

/** Words, each a label that can be removed; Enter, a comma or leaving the field adds what was typed. */
export class WordInput extends Component {
    static template = "gov_base.WordInput";
    static props = { words: Array, label: String, update: Function };

    setup() {
        this.state = useState({ text: "" });
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        if (/[,،;؛\n]/.test(this.state.text)) {
            this.add();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.state.text.trim()) {
            ev.preventDefault();
            ev.stopPropagation();
            this.add();
        } else if (ev.key === "Backspace" && !this.state.text && this.props.words.length) {
            this.remove(this.props.words.length - 1);
        }
    }

    add() {
        const typed = this.state.text
            .split(/[,،;؛\n]/)
            .map((word) => word.trim())
            .filter((word) => word && !this.props.words.includes(word));
        this.state.text = "";
        if (typed.length) {
            this.props.update([...this.props.words, ...typed]);
        }
    }

    remove(index) {
        this.props.update(this.props.words.filter((_word, position) => position !== index));
    }
}
