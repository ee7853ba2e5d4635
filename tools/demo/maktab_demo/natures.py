"""Natures of acts: what a folder says, which circuit it takes."""

from __future__ import annotations

from odoo.fields import Command

from .store import Store


def make(store: Store, said: dict) -> None:
    """Publish a nature, with its form and the circuit from an amount on when it has them."""
    name = f"nature_{said['key']}"
    if store.get(name):
        return
    register = said.get("register")
    form = _form(store, said) if "form" in said else None
    nature = store.make(
        name,
        "parapheur.nature",
        {
            "company_id": store.get(f"company_{said['company']}").id,
            "circuit_id": store.get(f"circuit_{said['circuit']}").id,
            "register_id": store.get(f"register_{register}").id if register else False,
            **(_settings(store, said, form) if form else {}),
        },
        {"name": said["name"], "description": said["description"]},
    )
    for office in said.get("offices", ()):
        store.get(f"office_{office}").desk_nature_id = nature
    store.commit()


def _form(store: Store, said: dict):
    """Publish what folders of a nature say besides their documents."""
    form = store.make(
        f"form_{said['key']}",
        "gov.form",
        {
            "company_id": store.get(f"company_{said['company']}").id,
            "field_ids": [
                Command.create(
                    {
                        "key": field["key"],
                        "label": field["en"],
                        "type": field["type"],
                        "required": field.get("required", False),
                    }
                )
                for field in said["form"]
            ],
        },
        {"name": said["name"]},
    )
    if form.state == "draft":
        for field, words in zip(form.field_ids, said["form"], strict=True):
            labels = {lang: words[lang] for lang in ("fr", "ar", "en")}
            store.translate(field, {"label": labels})
        form.action_publish()
        store.commit()
    return form


def _settings(store: Store, said: dict, form) -> dict:
    """The form, which of its fields is the amount, and the circuit from an amount on when there is one."""
    amount = form.field_ids.filtered(lambda field: field.key == said["amount"])
    settings = {"form_id": form.id, "amount_field_id": amount.id}
    above = said.get("from_amount")
    if above:
        condition = {
            "field": "amount",
            "operator": "at_least",
            "value": above["amount"],
        }
        way = {
            "conditions": [condition],
            "circuit_id": store.get(f"circuit_{above['circuit']}").id,
            "creation_circuit_id": store.get(f"circuit_{above['first']}").id,
        }
        settings["way_ids"] = [Command.create(way)]
    return settings
