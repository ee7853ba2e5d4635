/** The picture of a circuit: groups of boxes from the start of the line to its end, in the direction of the language. */

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// What a state looks like; its text always stands beside.
const LOOKS = {
    waiting: { icon: "fa-circle-o", badge: "text-bg-light border" },
    current: { icon: "fa-play", badge: "text-bg-primary" },
    late: { icon: "fa-clock-o", badge: "text-bg-danger" },
    done: { icon: "fa-check", badge: "text-bg-success" },
    refused: { icon: "fa-times", badge: "text-bg-danger" },
    skipped: { icon: "fa-minus", badge: "text-bg-light border" },
    transferred: { icon: "fa-share", badge: "text-bg-light border" },
    recalled: { icon: "fa-undo", badge: "text-bg-light border" },
    recused: { icon: "fa-hand-paper-o", badge: "text-bg-light border" },
    replaced: { icon: "fa-exchange", badge: "text-bg-light border" },
    bypassed: { icon: "fa-fast-forward", badge: "text-bg-warning" },
    left_out: { icon: "fa-ban", badge: "text-bg-light border" },
};

export class CircuitPicture extends Component {
    static template = "gov_base.CircuitPicture";
    static props = {
        picture: { type: [Object, Boolean], optional: true },
        openBox: { type: Function, optional: true },
    };

    setup() {
        this.shown = useState({ key: null });
    }

    get groups() {
        return (this.props.picture && this.props.picture.groups) || [];
    }

    get hasPeople() {
        return this.groups.some((group) => group.steps.some((step) => step.people.length));
    }

    /** What stands on the arrow before a group: the condition of its step, or of each of them by name. */
    conditions(group) {
        const named = group.steps.length > 1;
        return group.steps
            .filter((step) => step.condition)
            .map((step) => ({ key: step.id, name: named ? step.name : "", text: step.condition }));
    }

    look(step) {
        return LOOKS[step.late ? "late" : step.state] || {};
    }

    icon(person) {
        return (LOOKS[person.state] || {}).icon || "fa-user-o";
    }

    /** A step that asks several superiors one after the other stands in several groups. */
    key(group, step, index) {
        return `${group.rank}/${step.id}/${index}`;
    }

    show(key) {
        this.shown.key = key;
    }

    get why() {
        for (const group of this.groups) {
            for (const step of group.steps) {
                const index = step.people.findIndex(
                    (_person, place) => this.key(group, step, place) === this.shown.key
                );
                if (index >= 0) {
                    return { ...step.people[index], step: step.name };
                }
            }
        }
        return null;
    }

    get earlier() {
        const count = this.props.picture && this.props.picture.earlier;
        return count ? _t("Sent back: earlier steps kept in the history: %s", count) : "";
    }
}

/** On a Json field it shows the value; on a many2one (a run, a circuit) it asks the record for its picture. */
export class CircuitPictureField extends Component {
    static template = "gov_base.CircuitPictureField";
    static components = { CircuitPicture };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ picture: null });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load(props) {
        const { record, name } = props;
        if (record.fields[name].type !== "many2one") {
            this.state.picture = null;
            return;
        }
        const value = record.data[name];
        this.state.picture = value
            ? await this.orm.call(record.fields[name].relation, "get_picture", [value.id])
            : false;
    }

    get picture() {
        const { record, name } = this.props;
        return record.fields[name].type === "many2one"
            ? this.state.picture
            : record.data[name] || false;
    }
}

export const circuitPictureField = {
    component: CircuitPictureField,
    displayName: _t("Picture of a circuit"),
    supportedTypes: ["many2one", "json"],
    isEmpty: () => false,
};

registry.category("fields").add("gov_circuit_picture", circuitPictureField);
