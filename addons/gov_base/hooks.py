def post_init_hook(env):
    """Name our other apps in each language; open “Server check” if something is missing."""
    env["ir.module.module"]._gov_translate_cards()
    env["gov.server.check"]._open_if_missing()
