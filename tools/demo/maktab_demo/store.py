"""Records that are made once: each has an external id, written with it."""

from __future__ import annotations

MODULE = "maktab_demo"
LANGUAGES = {"ar": "ar_MA", "fr": "fr_FR", "zgh": "zgh", "en": "en_US"}


class Store:
    """Makes records of the demo unless an earlier run made them."""

    def __init__(self, env) -> None:
        self.env = env

    def get(self, name: str):
        """Return the record that an earlier step or run made, or None."""
        return self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False) or None

    def note(self, name: str, record):
        """Remember ``record`` under ``name``, in the transaction that made it."""
        self.env["ir.model.data"].create(
            {
                "module": MODULE,
                "name": name,
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )
        return record

    def make(self, name: str, model: str, vals: dict, texts: dict | None = None):
        """Return the record ``name``, made now if need be.

        :param texts: translated fields: ``{"name": {"fr": …, "ar": …, "en": …}}``
        """
        record = self.get(name)
        if not record:
            texts = texts or {}
            first = {field: said["en"] for field, said in texts.items()}
            record = self.env[model].create({**first, **vals})
            self.translate(record, texts)
            self.note(name, record)
        return record

    @staticmethod
    def translate(record, texts: dict) -> None:
        """Write the texts of translated fields in each language that is given."""
        for field, said in texts.items():
            record.update_field_translations(
                field, {LANGUAGES[code]: text for code, text in said.items()}
            )

    def acting(self, user):
        """Return the environment of a person at work: rights, language, zone."""
        return self.env(
            user=user.id, su=False, context={"lang": user.lang, "tz": user.tz}
        )

    def commit(self) -> None:
        """Commit: what was appended to the journals takes its number right after."""
        self.env.cr.commit()
        # What other cursors wrote (the sequencer) is read again.
        self.env.invalidate_all()
