"""What people's judgements taught: learnt in the background, kept with date and effect, taken back by one click."""

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ... import matching
from .crm_lead_duplicate_refresh import LEARNT

# the parameter by which learning is switched off
SWITCH = "openfire_leads.learn_from_judgements"
# learnt anew when there are so many more judgements, as a share of those of the last time and in any case
MORE, MORE_AT_LEAST = 0.1, 10
# a lesson that differs from the one in use by fewer bits in every number changes nothing
LEAST_CHANGE = 0.15


class CrmLeadMatchLesson(models.Model):
    """One time that something was learnt, or that it was tried and why not."""

    _name = "crm.lead.match.lesson"
    _inherit = ["openfire.plain.fields"]
    _description = "What Judgements Taught the Comparison of Leads"
    _order = "id desc"
    _rec_name = "date"
    _log_access = False

    _technical_fields = frozenset({"lesson", "known"})

    date = fields.Datetime(required=True, readonly=True)
    known = fields.Integer(readonly=True)
    judged = fields.Integer("Judged Pairs", readonly=True, aggregator=None)
    same = fields.Integer("One Requester", readonly=True, aggregator=None)
    verdict = fields.Selection(
        [
            ("start", "Learnt: how rare duplicates are"),
            ("levels", "Learnt: how rare duplicates are, and what comparisons weigh"),
            ("few", "Too few judgements"),
            ("few_of_each", "Too few of one kind"),
            ("unrelated", "Judgements do not follow the scores"),
            ("no gain", "Judgements held back are told no better"),
            ("worse", "More judgements held back are told wrongly"),
        ],
        "Result",
        required=True,
        readonly=True,
    )
    before = fields.Float(
        "Surprise Before",
        digits=(6, 3),
        readonly=True,
        aggregator=None,
        help="Bits by which a judgement held back surprises the model as it was: less is better.",
    )
    after = fields.Float(
        "Surprise After",
        digits=(6, 3),
        readonly=True,
        aggregator=None,
        help="The same for the model that learnt from the other judgements.",
    )
    error = fields.Float("Standard Error", digits=(6, 3), readonly=True, aggregator=None)
    lesson = fields.Text(readonly=True, prefetch=False)
    in_use = fields.Boolean(readonly=True)

    @api.model
    def _cron_learn(self):
        """Learn when people judged enough since the last time, and have the queue compare all leads by it."""
        if self._learn():
            self.env["crm.lead.duplicate"]._queue_all()

    @api.model
    def _learn(self, anew=False):
        """Learn from the judgements; return whether the comparison has changed.

        :param anew: also where there are hardly any new judgements
        """
        self.env["crm.lead.match.judgement"]._collect()
        if self.env["ir.config_parameter"].sudo().get_param(SWITCH) == "False":
            return False
        judgements = self.env["crm.lead.match.judgement"]._judgements()
        last = self.search([], limit=1)
        more = abs(len(judgements) - last.known)
        if len(judgements) < matching.FEWEST_JUDGEMENTS or not (
            anew or more >= max(MORE * last.known, MORE_AT_LEAST)
        ):
            return False
        # how many leads there are tells nothing of a single one
        statistics = self.env["crm.lead.match.term"]._statistics([])
        usual = self.env["crm.lead.duplicate"]._matching_model(learnt=False)
        learnt = matching.learn(judgements, usual, statistics)
        trial = next(iter(learnt.trials[::-1]), None)
        values = {
            "date": fields.Datetime.now(),
            "known": len(judgements),
            "judged": learnt.judged,
            "same": learnt.same,
            "verdict": learnt.verdict,
            "before": trial and learnt.trials[0].before,
            "after": trial and trial.after,
            "error": trial and trial.error,
            "lesson": learnt.lesson and learnt.lesson.dump(),
        }
        return self._use(self.create(values))

    @api.model
    def _use(self, lesson):
        """Compare by ``lesson`` from now on, by the standard weights where it is empty.

        :return: whether that changes anything
        """
        param = self.env["ir.config_parameter"].sudo()
        before = self._read(param.get_param(LEARNT))
        after = self._read(lesson.lesson)
        if before and after and before.distance(after) < LEAST_CHANGE:
            lesson.lesson, after = before.dump(), before
        self.search([("in_use", "=", True)]).in_use = False
        if after:
            lesson.in_use = True
        param.set_param(LEARNT, after.dump() if after else False)
        return before != after

    @api.model
    def _read(self, text):
        """Return the ``matching.Lesson`` in ``text``; ``None`` where there is none of this version of the engine."""
        try:
            return matching.Lesson.load(text) if text else None
        except matching.ModelError:  # spoilt by hand: the next lesson takes its place
            return None

    def _told(self):
        """Return in words what was learnt, or why nothing."""
        self.ensure_one()
        numbers = {
            "judged": self.judged,
            "same": self.same,
            "before": formatLang(self.env, self.before, digits=2),
            "after": formatLang(self.env, self.after, digits=2),
            "date": format_date(self.env, self.date),
        }
        if self.verdict == "few":
            return self.env._(
                "%(date)s: nothing was learnt. Too few of the judged pairs had been shown: %(judged)d.",
                **numbers,
            )
        if self.verdict == "few_of_each":
            return self.env._(
                "%(date)s: nothing was learnt. Of %(judged)d judged pairs %(same)d are one requester: "
                "it takes some of both kinds.",
                **numbers,
            )
        if self.verdict == "unrelated":
            return self.env._(
                "%(date)s: nothing was learnt. What was said of %(judged)d pairs has nothing to do with their scores.",
                **numbers,
            )
        if self.verdict in ("no gain", "worse"):
            return self.env._(
                "%(date)s: nothing was learnt. %(judged)d judgements, each told by what the others teach, "
                "are told no better than without it.",
                **numbers,
            )
        return self.env._(
            "%(date)s: learnt from %(judged)d judged pairs, %(same)d of them one requester. Each judgement, told by "
            "what the others teach, surprises by %(after)s instead of %(before)s bits.",
            **numbers,
        )
