from odoo.api import Environment

SUPERUSER_ID = 1
#: what the rules said of a letter, before one question stood for it
_UNIT = (
    "'|', ('user_id', '=', user.id), ('unit_id.gov_access_ids.user_id', '=', user.id)"
)
_ASKED = "'any', [('user_id', '=', user.id), ('state', '!=', 'waiting')])"
_ROUTE = (
    "('assignment_ids', 'any', "
    f"[('state', 'in', ('to_dispatch', 'assigned', 'done')), {_UNIT}])"
)
OLD = (
    f"['|', '|', '|', '|', {_ROUTE}, "
    f"('prepared_ids', 'any', [{_UNIT}]), ('run_ids.actor_ids', {_ASKED}, "
    f"('outgoing_ids.run_ids.actor_ids', {_ASKED}, "
    f"('prepared_ids.run_ids.actor_ids', {_ASKED}]"
)
NEW = {
    OLD: "[('desk_readable', '=', True)]",
    f"('answers_id', 'any', [{_ROUTE}])": "('answers_id.desk_with_me', '=', True)",
}


def migrate(cr, version):
    """Let the rules of agents ask the quick question, where nobody has changed them."""
    if not version:
        return
    rules = Environment(cr, SUPERUSER_ID, {})["ir.rule"]
    for rule in rules.search([("domain_force", "like", "('assignment_ids', 'any'")]):
        domain = rule.domain_force
        for old, new in NEW.items():
            domain = domain.replace(old, new)
        if domain != rule.domain_force:
            rule.domain_force = domain
