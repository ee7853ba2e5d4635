from odoo import models


class ParapheurHygiene(models.Model):
    """Sentences about a document: what it holds, what was done with it, what to do."""

    _inherit = "parapheur.hygiene"

    def _refused(self):
        return {
            "broken": lambda words: self.env._(
                "The file is damaged and cannot be read whole: print it to PDF again and "
                "add that file."
            ),
            "encrypted": lambda words: self.env._(
                "The file is protected by a password: save it without one and add it again."
            ),
            "no_page": lambda words: self.env._(
                "The file has no page: there is nothing to sign."
            ),
            "too_many_pages": lambda words: self.env._(
                "The file has more than %(limit)s pages: cut it into several documents.",
                **words,
            ),
            "page_twice": lambda words: self.env._(
                "Page %(where)s stands twice in the tree of pages, so that a later change "
                "would show in two places: print the file to PDF again.",
                **words,
            ),
            "page_size": lambda words: self.env._(
                "Page %(where)s is smaller than a stamp or larger than any paper: print the "
                "file to PDF on A4 or A3.",
                **words,
            ),
            "portfolio": lambda words: self.env._(
                "The file is a portfolio: what it shows is a cover, the documents lie "
                "inside. Add each of them by itself."
            ),
            "external": lambda words: self.env._(
                "The file shows content that lies outside it: what is signed must be whole. "
                "Print it to PDF again and add that file."
            ),
            "layers": lambda words: self.env._(
                "The file has layers that are hidden, or that print differently from what "
                "the screen shows: print it to PDF as it must be signed."
            ),
            "xfa": lambda words: self.env._(
                "The file is a dynamic form (XFA), which each program shows differently: "
                "print it to PDF with its values and add that file."
            ),
            "annotations": lambda words: self.env._(
                "The notes and fields of page %(where)s cannot be made part of it: print the "
                "file to PDF again.",
                **words,
            ),
            "active": lambda words: self.env._(
                "The file contains active content that cannot be taken out: print it to PDF "
                "again and add that file."
            ),
            "signed_active": lambda words: self.env._(
                "The file is signed already and contains active content (a script, an "
                "action, an embedded file). It cannot be made clean without breaking its "
                "signature: ask its author for a file without."
            ),
            "signed_broken": lambda words: self.env._(
                "The file was signed elsewhere, and no signature can follow: %(reason)s.",
                **words,
            ),
            "too_slow": lambda words: self.env._(
                "The file is too heavy to be examined: print it to PDF again, cut it into "
                "several documents, or try once more when the server has less to do."
            ),
        }

    def _changed(self):
        return {
            "links": lambda words: self.env._(
                "%(count)s links were made plain text: nothing opens from a signed "
                "document.",
                **words,
            ),
            "scripts": lambda words: self.env._(
                "Scripts were taken out (%(count)s).", **words
            ),
            "actions": lambda words: self.env._(
                "Actions that run by themselves or open something were taken out "
                "(%(count)s).",
                **words,
            ),
            "media": lambda words: self.env._(
                "Sound, film or 3D content was taken out (%(count)s).", **words
            ),
            "embedded": lambda words: self.env._(
                "Files that lay inside were taken out: %(names)s. Add them as annexes if "
                "they are needed.",
                **{**words, "names": words["names"] or words["count"]},
            ),
            "xfa": lambda words: self.env._(
                "The form had a second description of itself (XFA): it was dropped, the "
                "values shown on the pages were kept. Look at them."
            ),
            "form": lambda words: self.env._(
                "Page %(page)s: %(count)s form fields became plain text, with the values "
                "they had.",
                **words,
            ),
            "annotations": lambda words: self.env._(
                "Page %(page)s: %(count)s stamps, drawings or marks became part of the page.",
                **words,
            ),
            "notes": lambda words: self.env._(
                "Page %(page)s: %(count)s comments in notes were taken off; they are no part "
                "of the text.",
                **words,
            ),
            "hidden_annotations": lambda words: self.env._(
                "Page %(page)s: %(count)s hidden notes or fields were taken off.",
                **words,
            ),
            "empty_signature": lambda words: self.env._(
                "Page %(page)s: %(count)s empty signature boxes of another program were "
                "taken off.",
                **words,
            ),
            "layers": lambda words: self.env._(
                "%(count)s layers, all of them shown, became plain content.", **words
            ),
            "turned": lambda words: self.env._(
                "Page %(page)s was turned upright for good.", **words
            ),
            "cropped": lambda words: self.env._(
                "Page %(page)s is larger than what is shown of it: it ends now where it is "
                "seen to end.",
                **words,
            ),
            "versions": lambda words: self.env._(
                "The file held %(count)s earlier versions of itself: only what is shown was "
                "kept.",
                **words,
            ),
            "objects": lambda words: self.env._(
                "%(count)s parts that no page shows were dropped.", **words
            ),
        }

    def _warned(self):
        return {
            "annotations_gone": lambda words: self.env._(
                "Page %(page)s: %(count)s notes or fields could not be drawn and were taken "
                "off. Compare the page with the original.",
                **words,
            ),
            "redactions": lambda words: self.env._(
                "Page %(page)s: %(count)s places are marked to be blacked out, and never "
                "were. The words under them can be read.",
                **words,
            ),
            "over_text": lambda words: self.env._(
                "Page %(page)s: %(count)s stamps, drawings or fields lie over words of the "
                "page.",
                **words,
            ),
            "looks_other": lambda words: self.env._(
                "Page %(page)s looks different now that it is clean: read it before you "
                "submit.",
                **words,
            ),
            "text_invisible": lambda words: self.env._(
                "Page %(page)s holds invisible text: “%(words)s”.", **words
            ),
            "text_outside": lambda words: self.env._(
                "Page %(page)s holds text outside its edges: “%(words)s”.", **words
            ),
            "text_covered": lambda words: self.env._(
                "Page %(page)s holds text under a picture or a filled shape: “%(words)s”.",
                **words,
            ),
            "text_tiny": lambda words: self.env._(
                "Page %(page)s holds text too small to be read: “%(words)s”.", **words
            ),
            "text_colour": lambda words: self.env._(
                "Page %(page)s holds text in the colour of its ground: “%(words)s”.",
                **words,
            ),
            "text_unread": lambda words: self.env._(
                "Page %(page)s is made of too many pieces: not all of it could be searched for "
                "hidden text.",
                **words,
            ),
            "font_missing": lambda words: self.env._(
                "Fonts that are not in the file: %(names)s. Another machine may show other "
                "letters: export it with its fonts if you can.",
                **words,
            ),
            "tag_without_signer": lambda words: self.env._(
                "Tags that no signer of the circuit uses: %(names)s.", **words
            ),
            "tag_repeated": lambda words: self.env._(
                "Tags that stand more than once: %(names)s. The first place counts.",
                **words,
            ),
            "tag_crowded": lambda words: self.env._(
                "There is no room for a block at these tags: %(names)s. It stands in the "
                "usual place.",
                **words,
            ),
        }

    def _informed(self, words):
        facts = self.facts or {}
        if self.code == "pages":
            papers = [
                name if count == facts["count"] else f"{name} ({count})"
                for name, count in facts["papers"].items()
            ]
            if facts["count"] == 1:
                return self.env._("One page, %(papers)s.", papers=", ".join(papers))
            return self.env._(
                "%(count)s pages, %(papers)s.",
                count=facts["count"],
                papers=", ".join(papers),
            )
        if self.code == "signed":
            return self.env._(
                "Signed elsewhere by %(names)s: kept as it is, byte for byte, nothing was "
                "changed.",
                **words,
            )
        if self.code == "ocr":
            return self.env._(
                "Scanned pages carry recognised text that is not shown (%(count)s pieces): "
                "the picture is what counts.",
                **words,
            )
        if self.code == "font_standard":
            return self.env._(
                "Standard fonts that are not in the file: %(names)s. Every reader has its "
                "own.",
                **words,
            )
        if self.code == "tag_missing":
            return self.env._(
                "No tag says where to sign: the blocks stand in the usual places (end of "
                "the document)."
            )
        return self.code
