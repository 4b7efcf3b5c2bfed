"""Clients that work on the same leads by HTTP, on a server with several workers."""

import http.client
import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from _databases import HERE, row_alone, run_worker
from _faults_own import own_database, tell

from devtools.workspace import free_port

WORKER = "_faults_rpc_worker.py"
WORKERS = 3


class Client:
    """A program that does one thing after the other to leads that others work on as well.

    :param places: what all of them know: the leads there are
    """

    def __init__(self, number, seed, url, key, places):
        self.random, self.url, self.key, self.places = random.Random(1000 * seed + number), url, key, places
        self.number, self.leads, self.messages = number, [], []
        self.done, self.refused, self.failed = dict.fromkeys(self.actions, 0), {}, []

    def work(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = self.random.choice(list(self.actions))
            try:
                self.actions[name](self)
                self.done[name] += 1
            except Refused as error:
                self.refused[str(error)] = self.refused.get(str(error), 0) + 1
            except Failed as error:
                self.failed.append((time.monotonic(), f"{name}: {error}"))
                time.sleep(0.2)

    def call(self, model, method, **arguments):
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            json.dumps(arguments).encode(),
            {"Authorization": f"bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                raise told(error.code, error.read()) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Failed(f"{type(error).__name__}: {error}") from None

    def some(self, count=1):
        return self.random.sample(self.places, min(count, len(self.places)))

    def create(self):
        person = self.random.randrange(20)
        values = {
            "type": "lead",
            "name": f"Stove {self.number}",
            "contact_name": f"Anna Roux{person} Bel{person}",
            "email_from": f"anna.roux{person}@mail{person}.example",
        }
        (lead_id,) = self.call("crm.lead", "create", vals_list=[values])
        self.leads.append(lead_id)
        self.places.append(lead_id)

    def convert(self):
        (lead_id,) = self.some()
        context = {"active_model": "crm.lead", "active_id": lead_id, "active_ids": [lead_id]}
        (window_id,) = self.call(
            "crm.lead2opportunity.partner", "create", vals_list=[{"name": "convert"}], context=context
        )
        self.call("crm.lead2opportunity.partner", "action_apply", ids=[window_id], context=context)

    def merge(self):
        self.call("crm.lead", "merge_opportunity", ids=self.some(self.random.randint(2, 4)))

    def merge_by_window(self):
        ids = self.some(2)
        context = {"active_model": "crm.lead", "active_ids": ids}
        (window_id,) = self.call(
            "crm.merge.opportunity", "create", vals_list=[{"opportunity_ids": [[6, 0, ids]]}], context=context
        )
        self.call("crm.merge.opportunity", "action_merge", ids=[window_id], context=context)

    def undo(self):
        found = self.call(
            "crm.lead.merge", "search", domain=[["state", "=", "done"], ["kind", "=", "merge"]], limit=5
        )
        if found:
            self.call("crm.lead.merge", "action_undo", ids=[self.random.choice(found)])

    def comment(self):
        self.messages += self.call("crm.lead", "message_post", ids=self.some(), body=f"by {self.number}")

    def change(self):
        self.call("crm.lead", "write", ids=self.some(), vals={"city": f"Lyon {self.random.random()}"})

    def look(self):
        self.call("crm.lead", "find_duplicates", ids=self.some())

    actions = {
        "leads created": create,
        "leads converted": convert,
        "merges": merge,
        "merges by the window": merge_by_window,
        "undos": undo,
        "comments": comment,
        "changed values": change,
        "looks for duplicates": look,
    }


# how Odoo begins what the database's own words follow
DATABASE_WORDS = "The operation cannot be completed"


class Refused(Exception):
    """A sentence for users."""


class Failed(Exception):
    """Anything else."""


def told(status, body):
    """Return the exception for an answer: what Odoo or the addon says in a sentence is refused, not failed."""
    try:
        error = json.loads(body)
    except ValueError:
        return Failed(f"{status}: {body[:200]!r}")
    name, message = error.get("name", ""), error.get("message", "")
    sentence = name.startswith("odoo.exceptions.") and message and not message.startswith(DATABASE_WORDS)
    return (
        Refused(f"{name.rpartition('.')[2]}: {shape(message)}")
        if sentence
        else Failed(f"{name}: {message[:300]}")
    )


def shape(message):
    """Return a message without names and numbers, to be counted."""
    words = message.replace("\n", " ").split("“")
    plain = "“…".join([words[0], *("”" + word.partition("”")[2] for word in words[1:])])
    return "".join("9" if char.isdigit() else char for char in plain).replace("99", "9")[:110]


def rpc(options, crashes=0):
    with own_database(options) as postgres:
        postgres.copy("base", "work")
        paths = os.pathsep.join([str(HERE), str(HERE.parent / "tests")])
        worker = {"PYTHONPATH": paths, "CLUSTER": postgres.home}
        begun = run_worker(WORKER, "work", postgres.options(), PART="fill", LEADS=options.leads, **worker)
        with Server(postgres) as server:
            clients = [
                Client(
                    number,
                    options.seed,
                    server.url,
                    begun["keys"][number % len(begun["keys"])],
                    begun["leads"],
                )
                for number in range(options.clients)
            ]
            down = []
            with ThreadPoolExecutor(options.clients) as pool:
                jobs = [pool.submit(client.work, options.seconds) for client in clients]
                for _crash in range(crashes):
                    time.sleep(options.seconds / (crashes + 1))
                    begin = time.monotonic()
                    postgres.kill()
                    postgres.bring_up()
                    server.bring_up()
                    down.append((begin, time.monotonic()))
                for job in jobs:
                    job.result()
            if crashes:
                row_alone(
                    "faults", "rpc: Odoo ended with PostgreSQL, and was started", server.ended, "times", None
                )
        tell_clients(clients, down)
        known = {
            "leads": sorted({*begun["leads"], *(one for client in clients for one in client.leads)}),
            "messages": sorted(
                {one for client in clients for one in client.messages} | set(begun["messages"])
            ),
            "files": [],
            "activities": [],
        }
        (postgres.home / "known.json").write_text(json.dumps(known), encoding="utf-8")
        found = run_worker(
            WORKER, "work", postgres.options(), PART="count", KNOWN=postgres.home / "known.json", **worker
        )
        for moment, broken in found.items():
            tell(f"rpc, {moment}", {"ends": {}, "broken": broken})


def tell_clients(clients, down):
    for what in Client.actions:
        row_alone("faults", f"rpc: {what}", sum(client.done[what] for client in clients), "done", None)
    refused = {}
    for client in clients:
        for sentence, times in client.refused.items():
            refused[sentence] = refused.get(sentence, 0) + times
    row_alone("faults", "rpc: refused with a sentence", sum(refused.values()), "", None)
    for sentence, times in sorted(refused.items(), key=lambda item: -item[1])[:25]:
        print(f"        | {times:4} {sentence}")
    failed = [failure for client in clients for failure in client.failed]
    while_down = [text for moment, text in failed if any(begin <= moment <= end for begin, end in down)]
    other = [text for moment, text in failed if not any(begin <= moment <= end for begin, end in down)]
    if down:
        row_alone("faults", "rpc: failed while there was no server", len(while_down), "", None)
        for text in sorted(set(while_down))[:10]:
            print(f"        | {text[:300]}")
    row_alone("faults", "rpc: failed otherwise", len(other), "", 0)
    for text in sorted(set(other))[:15]:
        print(f"        | {text[:300]}")


class Server:
    """Odoo with several workers, started again where it ends, as a service manager does."""

    def __init__(self, postgres):
        self.postgres, self.port, self.ended = postgres, free_port(), 0
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.process = self.start()
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()

    def start(self):
        options = ["-d", "work", "--db-filter=^work$", *self.postgres.options()]
        options += ["--http-interface=127.0.0.1", f"--http-port={self.port}", f"--gevent-port={free_port()}"]
        options += [f"--workers={WORKERS}", "--max-cron-threads=1", "--log-level=warn"]
        with (self.postgres.home / "server.log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, Path(sys.prefix, "bin/odoo-bin"), "server", *options], stdout=log, stderr=log
            )

    def bring_up(self):
        """Wait until it answers again; it may take a while until it ends."""
        for _moment in range(20):
            if self.process.poll() is not None:
                self.ended += 1
                self.process = self.start()
                break
            time.sleep(0.25)
        self.wait()

    def wait(self):
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/web/health?db_server_status=1", timeout=20).close()
            except OSError:
                time.sleep(0.5)
            else:
                return
        raise TimeoutError("the server does not answer")
