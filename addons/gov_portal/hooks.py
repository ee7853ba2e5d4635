def post_init_hook(env):
    """Give the websites their languages and the desks their public addresses.

    The assistant of a new website asks services outside and would open instead of the mail
    office: it stays in the website's own menu.
    """
    env["website"].search([])._gov_set_languages()
    assistant = env.ref("website.website_configurator_todo", raise_if_not_found=False)
    if assistant:
        assistant.state = "done"
    offices = env["registry.office"].with_context(active_test=False).search([])
    offices._compute_portal_slug()
    offices._compute_portal_search_text()
