def post_init_hook(env):
    """Time off that was approved before, and is not over, proposes absences too."""
    leaves = env["hr.leave"].search([("state", "=", "validate")])
    leaves._gov_follow()
