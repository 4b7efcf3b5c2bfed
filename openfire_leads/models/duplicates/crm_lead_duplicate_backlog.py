"""How many leads are still to be compared, and how long that takes: one sentence for all pages."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, formatLang

from ...tools import remote_calls
from .match_queue_work import BATCH

# rows of the queue that are counted; of more it is estimated how many there are, on a share of the table
COUNTED = 10_000
SHARE = 20
# the last turns of the scheduled action that tell how fast it is
TURNS = 3
# from so many leads on a number is rounded
ROUND = 1000


class Backlog(NamedTuple):
    """What one part of the program has to do.

    :param waiting: how many leads it is to compare
    :param seconds: how long that takes, ``False`` where it is not known
    :param otherwise: what it does where it compares none, in words
    """

    waiting: int
    seconds: int | bool = False
    otherwise: str | bool = False


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    @remote_calls.checked()
    def backlog(self):
        """Return how many leads are still to be compared for the first time, or as they are now.

        :return: a dict::

            {
                "waiting": 18200,         # leads, estimated where they are many
                "seconds_left": 300,      # by the speed of the last batches, False where it is not known
                "message": "18,200 leads still to compare, about 5 minutes", # False where nothing waits
                "on_forms": True,         # whether the settings have leads' forms tell of duplicates
                "stopped": "Scheduled actions do not run…",   # False where they do
                "stopped_action": {…},    # for administrators the action that shows them, False for others
            }
        """
        self.check_access("read")
        # sudo: numbers, of leads that the user may not read as well
        parts = self.sudo()._backlog()
        waiting = sum(part.waiting for part in parts)
        # they are at it at the same time
        left = [part.seconds for part in parts if part.waiting]
        seconds = max(left) if left and False not in left else False
        message = self._backlog_message(waiting, seconds) if waiting else False
        return {
            "waiting": waiting,
            "seconds_left": seconds,
            "message": message or next((part.otherwise for part in parts if part.otherwise), False),
            "on_forms": self.env["crm.lead"]._duplicate_proposal() != "off",
            **self._told_of_stop(),
        }

    @api.model
    def _backlog(self):
        """Return a :class:`Backlog` of each part of the program that compares leads in the background."""
        queue = self.env["crm.lead.match.queue"]
        waiting = queue._count_waiting()
        return [Backlog(waiting, queue._seconds_for(waiting) if waiting else False)]

    @api.model
    def _backlog_message(self, waiting, seconds):
        shown = round(waiting, -2) if waiting >= ROUND else waiting
        leads = (
            self.env._("1 lead still to compare")
            if waiting == 1
            else self.env._("%s leads still to compare", formatLang(self.env, shown, digits=0))
        )
        if seconds is False:
            return leads
        return self.env._("%(leads)s, %(time)s", leads=leads, time=self._about(seconds))

    @api.model
    def _about(self, seconds):
        """Return in words how long something takes."""
        minutes = round(seconds / 60)
        if minutes < 1:
            return self.env._("less than a minute")
        if minutes == 1:
            return self.env._("about 1 minute")
        if minutes < 90:
            return self.env._("about %s minutes", minutes)
        return self.env._("about %s hours", round(minutes / 60))


class CrmLeadMatchQueue(models.Model):
    _inherit = "crm.lead.match.queue"

    @api.model
    def _count_waiting(self):
        """Return how many leads await the queue's next turns, about how many where they are many.

        Left out are those on which the comparison failed, those that are only looked at once more, and those that a
        scan is about to compare.
        """
        waiting = SQL(
            "NOT recheck AND failures = 0 AND (not_before IS NULL OR not_before <= now() AT TIME ZONE 'UTC')"
        )
        ((rows, leads),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(DISTINCT lead_id) FROM (
                    SELECT lead_id FROM crm_lead_match_queue WHERE %s LIMIT %s
                ) first
                """,
                waiting,
                COUNTED,
            )
        )
        if rows < COUNTED:
            return leads
        ((sampled,),) = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM crm_lead_match_queue TABLESAMPLE SYSTEM (%s) WHERE %s",
                100 / SHARE,
                waiting,
            )
        )
        return max(leads, sampled * SHARE)

    @api.model
    def _seconds_for(self, leads):
        """Return how long the queue takes for so many leads, by its last turns; ``False`` where these do not tell."""
        cron = self.env.ref("openfire_leads.ir_cron_match_queue", raise_if_not_found=False)
        if not cron:
            return False
        ((done, seconds),) = self.env.execute_query(
            SQL(
                """
                SELECT sum(done - %(batch)s), extract(epoch FROM sum(write_date - create_date))::float FROM (
                    SELECT done, write_date, create_date FROM ir_cron_progress
                     WHERE cron_id = %(cron)s AND done > 2 * %(batch)s ORDER BY id DESC LIMIT %(turns)s
                ) last
                """,
                # what is noted of a turn is when its last batch began
                batch=BATCH,
                cron=cron.id,
                turns=TURNS,
            )
        )
        return round(leads * seconds / done) if done and seconds else False
