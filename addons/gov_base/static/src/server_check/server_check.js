import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const STATES = {
    missing: { icon: "fa-times-circle text-danger", label: _t("Missing") },
    advice: { icon: "fa-exclamation-triangle text-warning", label: _t("To do") },
    optional: { icon: "fa-circle-o text-muted", label: _t("Optional") },
    ok: { icon: "fa-check-circle text-success", label: _t("Ready") },
};

/** The page “Server check”: what is missing, what to do about it, what is ready. */
export class ServerCheck extends Component {
    static template = "gov_base.ServerCheck";
    static components = { CopyButton, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        // The page says it itself, and more.
        useService("gov_base.server_notice").close();
        this.state = useState({ busy: false, report: null });
        this.display = { controlPanel: {} };
        this.copied = _t("Copied");
        onWillStart(() => this.check());
        // Back from the terminal: look again by itself.
        useExternalListener(window, "focus", () => this.check());
    }

    get sections() {
        const all = this.state.report.requirements;
        const of = (state) => all.filter((one) => one.state === state);
        return [
            { key: "missing", title: _t("Missing"), rows: of("missing") },
            { key: "advice", title: _t("Before real letters"), rows: of("advice") },
            { key: "ok", title: _t("Ready"), rows: of("ok") },
            { key: "optional", title: _t("Optional"), rows: of("optional") },
        ].filter((section) => section.rows.length);
    }

    stateOf(requirement) {
        return STATES[requirement.state];
    }

    async check() {
        this.state.busy = true;
        try {
            this.state.report = await this.orm.call("gov.server.check", "report", []);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("gov_base.server_check", ServerCheck);
