"""Which mails go to leads, and what a lead takes from the mail that makes it."""

import re
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import email_normalize, email_split
from odoo.tools.mail import (
    decode_message_header,
    email_split_tuples,
    formataddr,
    parse_contact_from_email,
    unfold_references,
)

from odoo.addons.iap.tools import iap_tools

from ... import mails
from ...matching.providers import is_provider
from ...tools import languages

# the key under which the request passes from the route to the new lead
REQUEST = "openfire_request"
_RECEIVERS = {"to", "cc", "delivered-to", "resent-to", "resent-cc"}
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*/=?^_`{|}~+-]+@[a-z0-9.-]+")
_TAGGED = re.compile(r"^([^+@]+)\+[^@]*(@.+)$")
# what a form's labels fill, beside the name and the country
_FILLED = ("phone", "street", "street2", "zip", "city", "function", "website")


@dataclass(eq=False)
class MailRequest:
    """Who asks for something in a mail, and what its labelled lines tell of them.

    ``is_sender`` where that is whoever sent it; ``email`` is empty where it is somebody else whose address is
    not known. ``forwarded_by`` is the colleague who forwarded the mail.
    """

    is_sender: bool = True
    name: str = ""
    email: str = ""
    forwarded_by: str = ""
    labels: dict = field(default_factory=dict)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Which mails go to leads
    # ------------------------------------------------------------

    @api.model
    def _mail_goes_to_leads(self, message, model=None):
        """Return whether a mail goes to an alias of leads, answers one of their messages, or is meant for them.

        Looks at the headers as they came, for those of a broken mail cannot be parsed.

        :param message: :class:`email.message.EmailMessage`
        :param model: where mail goes that names no alias
        """
        if model == self._name:
            return True
        headers = [(name.lower(), str(value).lower()) for name, value in message.raw_items()]
        addresses = {
            address for name, value in headers if name in _RECEIVERS for address in _ADDRESS.findall(value)
        }
        if self._mail_lead_aliases(addresses | {_TAGGED.sub(r"\1\2", address) for address in addresses}):
            return True
        answered = [
            reference
            for name, value in message.raw_items()
            if name.lower() in ("references", "in-reply-to")
            for reference in unfold_references(str(value))
            if reference.isprintable()
        ]
        return self._mail_answers_lead(answered[-64:])

    @api.model
    def _mail_answers_lead(self, references):
        # sudo: the gateway's user may be anybody
        messages = self.env["mail.message"].sudo()
        return bool(references) and bool(
            messages.search_count([("message_id", "in", references), ("model", "=", self._name)], limit=1)
        )

    @api.model
    def _mail_lead_aliases(self, addresses):
        """Return the ``mail.alias`` records of leads to which mail for some normalized addresses goes."""
        return self._mail_aliases(addresses).filtered(lambda alias: alias.alias_model_id.model == self._name)

    @api.model
    def _mail_aliases(self, addresses):
        # sudo: the gateway's user may be anybody
        aliases = self.env["mail.alias"].sudo()
        addresses = [address for address in addresses if address]
        if not addresses:
            return aliases
        # sudo: as above
        allowed = self.env["ir.config_parameter"].sudo().get_param("mail.catchall.domain.allowed") or ""
        domains = {domain for domain in allowed.split(",") if domain}
        if domains:
            domains.update(aliases.env["mail.alias.domain"].search([]).mapped("name"))
        parts = [address.partition("@") for address in addresses]
        locals_ = [local for local, _at, domain in parts if not domains or domain in domains]
        return aliases.search(
            [
                *("|", ("alias_full_name", "in", addresses)),
                *("&", ("alias_name", "in", locals_), ("alias_incoming_local", "=", True)),
            ]
        )

    @api.model
    def _mail_prepare_routing(self, message_dict):
        """Put right by what Odoo finds the way of a mail for leads: the mail it answers, the alias."""
        references, in_reply_to = message_dict.get("references") or "", message_dict.get("in_reply_to") or ""
        if (
            references
            and in_reply_to
            and in_reply_to not in references
            and self._mail_answers_lead([in_reply_to])
        ):
            message_dict["references"] = f"{references} {in_reply_to}"
        receivers = {address.lower() for address in email_split(message_dict.get("recipients") or "")}
        tagged = {address: _TAGGED.sub(r"\1\2", address) for address in receivers if _TAGGED.match(address)}
        tagged = {
            address: plain
            for address, plain in tagged.items()
            if self._mail_lead_aliases([plain]) and not self._mail_aliases([address])
        }
        if not tagged:
            return
        message_dict["recipients"] = ",".join([message_dict["recipients"], *sorted(set(tagged.values()))])
        # an alias is nobody to answer to
        for name in ("to_filtered", "cc_filtered"):
            others = [
                one
                for one in (message_dict.get(name) or "").split(",")
                if (email_normalize(one) or "") not in tagged
            ]
            message_dict[name] = ",".join(others)

    # ------------------------------------------------------------
    # Requests, and what is none
    # ------------------------------------------------------------

    @api.model
    def _mail_why_aside(self, message, message_dict):
        """Return why a mail is no request, as a reason of ``crm.lead.mail.aside``, or False.

        The senders that the administrator allows (the gateway's “allowed senders”) always make a lead: the
        directories that send requests by machine. So does what a person chose among the mails set aside.
        """
        incoming = self.env["mail.thread"]._incoming_mail()
        if incoming and incoming.is_chosen:
            return False
        sender = email_normalize(message_dict.get("email_from") or "")
        # sudo: the gateway's user may be anybody
        allowed = self.env["mail.gateway.allowed"].sudo()
        if sender and allowed.search_count([("email_normalized", "=", sender)], limit=1):
            return False
        reason = mails.nature(message, message_dict.get("subject") or "")
        if reason:
            return reason
        reply_to = email_normalize(decode_message_header(message, "Reply-To")) or sender
        addresses = {sender, reply_to} - {False}
        if not addresses or not addresses <= self._mail_own_aliases(addresses):
            return False
        # a form that sends from the alias tells in its lines who asks
        labels = self._mail_labels(mails.texts_of(message), sender)
        return False if {"email", "phone"} & labels.keys() else "own"

    @api.model
    def _mail_route_of_request(self, route, request):
        """Return the route with the request among the values that the new lead is given."""
        model, res_id, values, user_id, alias = route
        return (model, res_id, {**(values or {}), REQUEST: request}, user_id, alias)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Extend: no leads are those of a sender whose address cannot be read; Odoo would count all that have no
        e-mail, and drop the mail as one of too many. Where there is no address, no answers come back either."""
        return bool(email_from_normalized) and super()._detect_loop_sender_domain(email_from_normalized)

    @api.model
    def _mail_own_aliases(self, addresses):
        """Return which of some normalized addresses are aliases of ours, as a set."""
        # sudo: the gateway's user may be anybody
        return set(self.env["mail.alias.domain"].sudo()._find_aliases(list(addresses)))

    @api.model
    def _mail_own_domains(self):
        """Return the mail domains that are ours: of the aliases, and of the companies unless a provider's."""
        # sudo: the gateway's user may be anybody
        companies = self.env["res.company"].sudo().search([]).mapped("email")
        domains = {(email_normalize(email) or "").rpartition("@")[2] for email in companies if email}
        domains = {domain for domain in domains - iap_tools._MAIL_PROVIDERS if not is_provider(domain)}
        # sudo: as above
        return (domains | set(self.env["mail.alias.domain"].sudo().search([]).mapped("name"))) - {"", False}

    @api.model
    def _mail_is_own(self, address):
        """Return whether a normalized address is one of our domains', or of a user who works with us."""
        domain = address.rpartition("@")[2]
        if any(domain == own or domain.endswith(f".{own}") for own in self._mail_own_domains()):
            return True
        return self._mail_is_user(address)

    @api.model
    def _mail_is_user(self, address):
        # sudo: the gateway's user may be anybody
        users = self.env["res.users"].sudo()
        return bool(users.search_count([("share", "=", False), ("email_normalized", "=", address)], limit=1))

    @api.model
    def _mail_is_site(self, address):
        """Return whether a normalized address is one from which a form or another machine sends."""
        if mails.is_machine(address) or self._mail_own_aliases([address]):
            return True
        return self._mail_is_own(address) and not self._mail_is_user(address)

    # ------------------------------------------------------------
    # Who asks
    # ------------------------------------------------------------

    @api.model
    def _mail_request(self, message, message_dict):
        """Return the :class:`MailRequest` of a mail.

        1. A colleague forwards it: whoever sent the forwarded mail.
        2. A form, another machine or one of our own addresses sends it: whom to reply to, else whose address the
           labelled lines give. Nobody's, rather than the form's, where neither tells.
        3. The sender; that of a machine elsewhere too, where nothing names anybody else.
        """
        name, sender = parse_contact_from_email(message_dict.get("email_from") or "")
        sender = email_normalize(sender) or ""
        texts = mails.texts_of(message)
        if sender and self._mail_is_own(sender) and not mails.is_machine(sender):
            forwarded = self._mail_forwarded(message, message_dict, sender)
            if forwarded:
                forwarded.forwarded_by = name or sender
                return forwarded
        labels = self._mail_labels(texts, sender)
        request = MailRequest(name=name if name and "@" not in name else "", email=sender, labels=labels)
        if sender and self._mail_speaks_for_another(message, sender, labels):
            return self._mail_other_requester(message, name, sender, labels) or request
        return request

    @api.model
    def _mail_labels(self, texts, sender):
        """Return what the labelled lines of a mail tell.

        Of a person's mail without what it quotes, and not one alone: it may be about anything.
        """
        by_site = bool(sender) and self._mail_is_site(sender)
        for text in texts:
            labels = mails.read_labels(text if by_site else mails.own_words(text))
            if len(labels) > 1 or (labels and by_site):
                return labels
        return {}

    @api.model
    def _mail_forwarded(self, message, message_dict, colleague):
        """Return the request in a mail that a colleague forwards, or None."""
        original = mails.original_of(message, message_dict.get("subject") or "", self._mail_is_own_address)
        if not original:
            return None
        address = email_normalize(original.address) or ""
        if address == colleague:
            return None
        labels = self._mail_labels(original.texts, address)
        request = MailRequest(False, original.name or labels.get("name", ""), address, labels=labels)
        if address and self._mail_is_site(address):
            other = self._mail_other_requester(original.message, original.name, address, labels)
            return other if other and (other.email or other.name) else None
        return None if address and self._mail_is_own(address) else request

    @api.model
    def _mail_is_own_address(self, address):
        address = email_normalize(address)
        return bool(address and self._mail_is_own(address) and not mails.is_machine(address))

    @api.model
    def _mail_speaks_for_another(self, message, sender, labels):
        """Return whether the sender is a form, another machine, or one of our own addresses."""
        if self._mail_is_site(sender) or self._mail_is_own(sender) or mails.is_relay(sender):
            return True
        submitted = (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
        by_program = submitted != "no" or any(name.lower().startswith("x-php") for name in message)
        reply_to = email_normalize(decode_message_header(message, "Reply-To"))
        return by_program or bool(reply_to and email_normalize(labels.get("email")) == reply_to)

    @api.model
    def _mail_other_requester(self, message, name, sender, labels):
        """Return the request of whom to reply to, or whom the labelled lines name; None where it is the sender's."""
        reply_to = email_split_tuples(decode_message_header(message, "Reply-To")) if message else []
        others = [
            (reply_name, address)
            for reply_name, address in [*reply_to, ("", labels.get("email") or "")]
            if self._mail_may_ask(address, sender)
        ]
        named = mails.person_in_display_name(name or "", sender) if self._mail_is_site(sender) else ""
        if self._mail_is_company_name(named):
            named = ""
        if others:
            reply_name, address = others[0]
            reply_name = reply_name if "@" not in reply_name else ""
            named = labels.get("name") or reply_name or named
            return MailRequest(False, named, email_normalize(address), labels=labels)
        own = self._mail_is_own(sender)
        is_nobody = own and (labels.get("name") or mails.is_machine(sender))
        if is_nobody or (labels and self._mail_is_site(sender)):
            return MailRequest(False, labels.get("name") or named, "", labels=labels)
        return None

    @api.model
    def _mail_may_ask(self, address, sender):
        address = email_normalize(address)
        return bool(
            address
            and address != sender
            and not mails.is_machine(address)
            and not self._mail_own_aliases([address])
            and not self._mail_is_own(address)
        )

    @api.model
    def _mail_is_company_name(self, name):
        # sudo: the gateway's user may be anybody
        companies = self.env["res.company"].sudo()
        return bool(name) and bool(companies.search_count([("name", "=ilike", name)], limit=1))

    # ------------------------------------------------------------
    # The new lead
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Extend: whoever asks is the lead's contact, and what the labelled lines tell fills what is empty.

        The message keeps its sender, so that it shows who sent it.
        """
        values = dict(custom_values or {})
        request = values.pop(REQUEST, None)
        if not isinstance(request, MailRequest):
            name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
            request = MailRequest(name=name if address and "@" not in name else "")
        msg_dict, values = self._mail_of_requester(request, msg_dict, values)
        lead = super().message_new(msg_dict, custom_values=values)
        filled = lead._mail_filled(request)
        if filled:
            lead.with_context(tracking_disable=True, openfire_keep_customer=True).write(filled)
        if request.forwarded_by:
            noted = lead.with_context(lang=languages.of_readers(self.env, lead.user_id, lead.team_id))
            noted._message_log(body=noted.env._("Forwarded by %(name)s", name=request.forwarded_by))
        return lead

    @api.model
    def _mail_of_requester(self, request, msg_dict, values):
        """Return what Odoo read of a mail, and the values of its lead, as if whoever asks had sent it."""
        values = dict(values)
        if not request.is_sender:
            email = formataddr((request.name, request.email)) if request.email else False
            partner = self._mail_partner(email, values) if email else self.env["res.partner"]
            msg_dict = {**msg_dict, "email_from": email, "from": email, "author_id": partner.id}
        name = request.name or request.labels.get("name")
        if name and not (msg_dict.get("author_id") or values.get("partner_id")):
            values.setdefault("contact_name", name)
        return msg_dict, values

    @api.model
    def _mail_partner(self, email, values):
        """Return the customer whose address this is, found as Odoo finds the author of a mail."""
        team = self.env["crm.team"].browse(values.get("team_id"))
        thread = (
            team if hasattr(team, "_partner_find_from_emails_single") and team else self.env["mail.thread"]
        )
        return thread._partner_find_from_emails_single([email], no_create=True)[:1]

    def _mail_filled(self, request):
        """Return the values by which the labelled lines of the mail fill what is empty on this lead.

        To be written so that the customer's record stays as it is.
        """
        self.ensure_one()
        labels = request.labels
        values = {name: labels[name] for name in _FILLED if labels.get(name)}
        values["contact_name"], values["partner_name"] = labels.get("name"), labels.get("company")
        values["country_id"] = self._mail_country(labels.get("country"))
        if any(self[name] for name in ("street", "street2", "zip", "city")):
            # an address is one thing: parts of two would be nobody's
            for name in ("street", "street2", "zip", "city", "country_id"):
                values.pop(name, None)
        return {name: value for name, value in values.items() if value and not self[name]}

    @api.model
    def _mail_country(self, name):
        """Return the id of the country that is called so in a language that is used here, or False."""
        if not name:
            return False
        countries = self.env["res.country"]
        for code, _label in self.env["res.lang"].get_installed():
            found = countries.with_context(lang=code).search([("name", "=ilike", name.strip())], limit=1)
            if found:
                return found.id
        return countries.search([("code", "=", name.strip().upper())], limit=1).id

    def _get_partner_phone_update(self, force_void=True):
        """Extend: what a mail claims does not change the customer; the form shows that the two differ."""
        if self.env.context.get("openfire_keep_customer"):
            return False
        return super()._get_partner_phone_update(force_void=force_void)

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Extend: a form's or another machine's address, which a mail came from, is nobody to answer to."""
        suggested = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        for lead in self:
            suggested[lead.id] = [
                one
                for one in suggested[lead.id]
                if not (
                    email_normalize(one["email"]) and lead._mail_is_only_sender(email_normalize(one["email"]))
                )
            ]
        return suggested

    def _mail_is_only_sender(self, address):
        """Return whether this lead has another address, and this one is a machine's or the form's that made it."""
        self.ensure_one()
        if not self.email_normalized or address == self.email_normalized:
            return False
        if mails.is_machine(address):
            return True
        first = self.message_ids.filtered(lambda message: message.message_type == "email")[-1:]
        return email_normalize(first.email_from) == address and self._mail_is_site(address)
