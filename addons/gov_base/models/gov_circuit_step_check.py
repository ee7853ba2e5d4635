from odoo import api, models

#: rules by which superiors act one after the other
LADDERS = ("up_to", "up_to_head")
#: rules that leave nothing to vote about, or that only say in the course of things who acts
SINGLE = (*LADDERS, "platform", "previous_manager")


class GovCircuitStep(models.Model):
    """Why a step could not work, whoever starts the circuit."""

    _inherit = "gov.circuit.step"

    @api.model
    def _platform_kinds(self):
        """Kinds of steps that an application can do without any person; each application adds its own."""
        return ()

    def _problems(self):
        """Sentences that say why this step could not work, whoever starts the circuit."""
        self.ensure_one()
        found = (
            self._rule_problem(),
            self._role_problem(),
            self._ladder_problem(),
            self._platform_problem(),
            self._quorum_problem(),
            self._lost_condition(self.company_id),
        )
        return [problem for problem in found if problem]

    def _rule_problem(self):
        wanted = {
            "person": self.user_ids,
            "group": self.group_id,
            "unit_head": self.unit_id,
            "up_to_head": self.unit_id,
        }
        rule = self.actor_rule
        if rule in wanted and not wanted[rule]:
            return self.env._(
                "Step “%(step)s”: say which persons, role or unit.", step=self.name
            )
        if rule == "office" and not self.job_id:
            return self.env._("Step “%(step)s”: say which office.", step=self.name)
        if rule == "subject_user":
            known = {one["key"] for one in self._subject_lists("user_fields")}
            if self.subject_field not in known:
                return self.env._(
                    "Step “%(step)s”: say which field of the document names the person who "
                    "acts.",
                    step=self.name,
                )
        return None

    def _role_problem(self):
        category = self.env.ref("gov_base.module_category_gov_base")
        asked = self.group_id if self.actor_rule == "group" else self.group_id.browse()
        if any(
            role.privilege_id.category_id != category
            for role in asked | self.notify_group_id
        ):
            return self.env._(
                "Step “%(step)s”: choose a role of the mail office.", step=self.name
            )
        return None

    def _ladder_problem(self):
        beside = self.circuit_id.step_ids.filtered(
            lambda other: other.rank == self.rank and other != self
        )
        if self.actor_rule in LADDERS and beside:
            return self.env._(
                "Step “%(step)s”: superiors act one after the other, so no other step "
                "has the same order. Give it an order of its own.",
                step=self.name,
            )
        return None

    def _platform_problem(self):
        if self.actor_rule != "platform" or self.kind in self._platform_kinds():
            return None
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "Step “%(step)s”: %(kind)s is an act of a person. Say who does it.",
            step=self.name,
            kind=kinds[self.kind],
        )

    def _quorum_problem(self):
        if self.mode != "quorum":
            return None
        if self.actor_rule in SINGLE:
            return self.env._(
                "Step “%(step)s”: a number of persons who must agree needs several persons at "
                "once. Choose another rule, or “All of them”.",
                step=self.name,
            )
        if self.actor_rule == "person" and len(self.user_ids) < self.quorum:
            return self.env._(
                "Step “%(step)s”: %(needed)s persons must agree, and only %(found)s can act. "
                "Name more persons, or change the circuit.",
                step=self.name,
                needed=self.quorum,
                found=len(self.user_ids),
            )
        if self.actor_rule == "person" and self.chair_id not in (
            self.chair_id.browse(),
            *self.user_ids,
        ):
            return self.env._(
                "Step “%(step)s”: its president, %(name)s, is not one of those who act. Name "
                "this person among them, or another president.",
                step=self.name,
                name=self.chair_id.name,
            )
        return None
