from . import gov_document
from . import link_preview
