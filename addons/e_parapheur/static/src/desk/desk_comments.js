import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** What was said, and a comment of one's own: for everybody who reads the folder, or for some. */
export class DeskComments extends Component {
    static template = "e_parapheur.DeskComments";
    static props = { comments: Array, people: Array, canComment: Boolean, comment: Function };

    setup() {
        this.state = useState({
            words: "",
            isPrivate: false,
            readers: [],
            error: "",
            isBusy: false,
        });
    }

    get placeholder() {
        return this.state.isPrivate
            ? _t("Only for those you name…")
            : _t("For everybody who reads this folder…");
    }

    when(text) {
        return formatDateTime(deserializeDateTime(text), { showSeconds: false });
    }

    privacy(said) {
        return said.readers.length
            ? _t("private, for %s", said.readers.join(", "))
            : _t("private, for the author alone");
    }

    toggle(id) {
        const { readers } = this.state;
        this.state.readers = readers.includes(id)
            ? readers.filter((one) => one !== id)
            : [...readers, id];
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.comment();
        }
    }

    async comment() {
        const { words, isPrivate, readers, isBusy } = this.state;
        if (isBusy || !words.trim()) {
            return;
        }
        Object.assign(this.state, { error: "", isBusy: true });
        try {
            await this.props.comment(words, isPrivate && [...readers]);
            Object.assign(this.state, { words: "", isPrivate: false, readers: [] });
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }
}
