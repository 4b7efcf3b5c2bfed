"""Delivering a message as a mail server would: through Odoo's gateway, over RPC."""

import re
import sys
import xmlrpc.client
from pathlib import Path

from .console import Failure, say
from .server import served

ADMIN = 2  # the demo's administrator, password admin
PASSWORD = "admin"


def deliver(databases, database, file):
    """Deliver the message in a file ("-" for standard input) and tell what Odoo made of it.

    :raise Failure: when the file cannot be read or Odoo refuses the message
    """
    message = read(file)
    with served(databases, database) as port:
        models = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{port}/xmlrpc/2/object", allow_none=True)

        def call(model, method, arguments, options=None):
            return models.execute_kw(database, ADMIN, PASSWORD, model, method, arguments, options or {})

        try:
            newest = call("mail.message", "search", [[]], {"order": "id desc", "limit": 1})
            call("mail.thread", "message_process", [False, xmlrpc.client.Binary(message)])
            tell(call, newest[0] if newest else 0)
        except xmlrpc.client.Fault as fault:
            said = [line for line in fault.faultString.strip().splitlines() if line.strip()][-1]
            raise Failure(f"Odoo refuses the message: {re.sub(r'^[A-Za-z.]+: ', '', said)[:300]}") from None
        except (OSError, xmlrpc.client.ProtocolError) as error:
            raise Failure(
                f"The server broke off ({error}): read its log in {databases.workspace.logs}."
            ) from None


def read(file):
    try:
        message = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Failure(
            f"The message {file} cannot be read ({error.strerror}): give the file of a raw message."
        ) from None
    if not message.strip():
        raise Failure(f"The message {file} is empty: give the file of a raw message, headers and all.")
    return message


def tell(call, newest):
    """Print the records that received a message newer than ``newest``."""
    criteria = [
        [["id", ">", newest], ["message_type", "in", ["email", "email_outgoing"]], ["model", "!=", False]]
    ]
    fields = ["model", "res_id", "subject", "record_name"]
    found = call("mail.message", "search_read", criteria, {"fields": fields, "order": "id"})
    if not found:
        say("Odoo took the message and made nothing of it (an auto-reply, a bounce, or one it already had).")
    for message in found:
        print(f"{message['model']} {message['res_id']}: {message['record_name'] or message['subject']}")
