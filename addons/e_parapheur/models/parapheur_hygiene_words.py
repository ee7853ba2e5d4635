from odoo import api, models

from odoo.addons.gov_base.lib import hygiene
from odoo.addons.gov_base.lib.text import clean_line

#: sides of paper in millimetres
PAPERS = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594)}
MILLIMETRE = 72 / 25.4
MAX_QUOTED = 160
#: more rows of one kind, or more ranges of pages in a row, are not read
MAX_GROUPS, MAX_RANGES = 5, 12


class ParapheurHygiene(models.Model):
    """What was found, in words that say what it means and what was done."""

    _inherit = "parapheur.hygiene"

    @api.model
    def _rows_of(self, report):
        """``(level, code, page, facts)`` of a report, clean enough to be stored and shown."""
        if report.refusal:
            return [(hygiene.REFUSED, report.refusal, 0, dict(report.facts))]
        rows = [
            (hygiene.LEVELS[code], code, page, facts)
            for code, page, facts in self._together(
                (code, page, self._plain(facts)) for code, page, facts in report.rows
            )
        ]
        summary = {
            "count": len(report.pages),
            "papers": self._papers(report.pages),
            "pages": report.pages,
            "before": report.before,
            "after": report.after,
            "tags": report.tags,
            "engine": report.engine,
        }
        return [*rows, (hygiene.INFO, "pages", 0, summary)]

    @api.model
    def _together(self, rows):
        """Pages of which the same is said share a row; so do pages that would fill a screen."""
        said, kinds = {}, {}
        for code, page, facts in rows:
            key = (code, facts.get("words"), tuple(facts.get("names") or ()), not page)
            said.setdefault(key, []).append((page, facts))
        for (code, *_words), found in said.items():
            kinds.setdefault(code, []).append(found)
        for code, groups in kinds.items():
            if len(groups) > MAX_GROUPS:
                groups = [[one for group in groups for one in group]]
            for group in groups:
                pages = sorted({page for page, _facts in group if page})
                facts = dict(group[0][1])
                facts["count"] = sum(one.get("count", 1) for _page, one in group)
                if len(pages) > 1:
                    facts["at"] = self._ranges(pages)
                yield code, pages[0] if pages else 0, facts

    @api.model
    def _ranges(self, pages):
        """``1-3, 7`` of 1, 2, 3, 7."""
        runs = []
        for page in pages:
            if runs and runs[-1][1] == page - 1:
                runs[-1][1] = page
            else:
                runs.append([page, page])
        told = [str(one) if one == two else f"{one}-{two}" for one, two in runs]
        more = [] if len(told) <= MAX_RANGES else ["…"]
        return ", ".join(told[:MAX_RANGES] + more)

    @api.model
    def _plain(self, facts):
        """Words of a hostile file as they may be stored."""
        plain = dict(facts)
        if "words" in plain:
            plain["words"] = clean_line(plain["words"], limit=MAX_QUOTED)
        if "names" in plain:
            plain["names"] = [clean_line(name, limit=80) for name in plain["names"]]
        return plain

    @api.model
    def _papers(self, pages):
        """Formats of the pages: ``{"A4": 3, "A3": 1}``; others by their sides in mm."""
        found = {}
        for page in pages:
            sides = sorted((page["width"], page["height"]))
            name = next(
                (
                    paper
                    for paper, known in PAPERS.items()
                    if all(
                        abs(side - one * MILLIMETRE) < 6
                        for side, one in zip(sides, known, strict=True)
                    )
                ),
                " × ".join(str(round(side / MILLIMETRE)) for side in sides) + " mm",
            )
            found[name] = found.get(name, 0) + 1
        return dict(list(found.items())[:6])

    def _sentence(self):
        self.ensure_one()
        facts = self.facts or {}
        words = {
            "count": facts.get("count", 1),
            "page": facts.get("at") or self.page,
            "words": facts.get("words", ""),
            "names": ", ".join(name for name in facts.get("names") or () if name),
            "limit": facts.get("limit", 0),
            "where": facts.get("page", self.page),
            "reason": facts.get("reason", ""),
        }
        for sentences in (self._refused(), self._changed(), self._warned()):
            if self.code in sentences:
                return sentences[self.code](words)
        return self._informed(words)
