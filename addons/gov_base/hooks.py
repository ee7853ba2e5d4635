def post_init_hook(env):
    """Open the page “Server check” after the installation when something is missing."""
    env["gov.server.check"]._open_if_missing()
