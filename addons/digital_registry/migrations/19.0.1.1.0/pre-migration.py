def migrate(cr, version):
    """Let the index of working references be made again: parts of them are looked for."""
    if version:
        cr.execute("DROP INDEX IF EXISTS registry_letter__reference_index")
