def post_init_hook(env):
    """Give the websites their languages and the desks their public addresses."""
    env["website"].search([])._gov_set_languages()
    offices = env["registry.office"].with_context(active_test=False).search([])
    offices._compute_portal_slug()
    offices._compute_portal_search_text()
