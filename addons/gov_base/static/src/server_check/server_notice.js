import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** Says at the start of the web client that this server lacks something. */
export const serverNotice = {
    dependencies: ["action", "notification"],
    start(env, { action, notification }) {
        const notice = session.gov_server_notice;
        if (!notice) {
            return { close: () => {} };
        }
        const close = notification.add(notice.message, {
            title: _t("Server check"),
            type: notice.may_act ? "danger" : "warning",
            sticky: notice.may_act,
            buttons: notice.may_act
                ? [
                      {
                          name: _t("What to do"),
                          primary: true,
                          onClick: () => {
                              close();
                              action.doAction("gov_base.gov_server_check_action");
                          },
                      },
                  ]
                : [],
        });
        return { close };
    },
};

registry.category("services").add("gov_base.server_notice", serverNotice);
