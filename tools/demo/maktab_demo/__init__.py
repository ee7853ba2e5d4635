"""Two invented administrations, their people and sixty letters.

Every name, number and address is fictional; e-mails are below example.org.
"""
