from . import registry_receipt
