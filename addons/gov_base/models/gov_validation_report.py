from odoo import api, models


class GovValidationReport(models.AbstractModel):
    _inherit = "gov.validation"

    @api.model
    def _report_pdf(self, told, lang):
        """Set the report as PDF/A-3 and seal it with the seal of this site.

        The report in XML (ETSI TS 119 102-2) lies inside as an attached file. Nothing
        is kept.
        """
        here = self.with_context(lang=lang)
        # Names and seals of administrations are public; visitors have no rights.
        company_sudo = self.env.company.sudo()
        title = here.env._("Report on a signed document")
        attachments = []
        if told.get("etsi_xml"):
            attachments.append(
                (
                    "report.xml",
                    told["etsi_xml"].encode(),
                    "application/xml",
                    "Validation report, ETSI TS 119 102-2",
                    "Data",
                )
            )
        pdf = here.env["gov.typeset"]._render_pdf(
            "gov_base.validation_report",
            {
                "report": here._report(told),
                "issuer": company_sudo._gov_identity(),
                "emblem": company_sudo._gov_emblem_uri(),
                "reference": told["sha256"],
            },
            lang=lang,
            title=title,
            attachments=attachments,
        )
        # A visitor does not make timestamp authorities work: the seal alone.
        return self.env["gov.seal"]._seal_pdf(
            company_sudo, pdf, reason=title, level="B-B"
        )
