def post_init_hook(env):
    """Give a fresh database its identity, its platform stream and its first keys."""
    env["gov.trust.identity"]._establish()
    env["gov.journal"]._trust_stream()
