"""Two databases with the same leads, one without the addon and one with it."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2

ADDON = "openfire_leads"
HERE = Path(__file__).parent


def parser(doc, leads):
    found = argparse.ArgumentParser(description=doc.splitlines()[0])
    found.add_argument("--template", help="the database to copy; dev's own template by default")
    found.add_argument("--leads", type=int, default=leads, help="how many leads the databases hold")
    found.add_argument("--rounds", type=int, default=3, help="how often the two take turns")
    found.add_argument(
        "--keep", action="store_true", help="keep the databases, and use them if they are there"
    )
    return found


def sql(statement, dbname="postgres"):
    connection = psycopg2.connect(dbname=dbname)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def template(name):
    """Return the database to copy: the one asked for, or dev's own template without French."""
    if name:
        return name
    names = [row[0] for row in sql("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'")]
    plain = [found for found in names if not found.endswith("_fr") and found != "template_building"]
    if not plain:
        sys.exit("There is no template database: run ./dev test once, or name one with --template.")
    return plain[0]


def odoo(database, *arguments, **options):
    command = [sys.executable, "-m", "odoo", *arguments, "-d", database, "--no-http", "--log-level=warn"]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def run_worker(worker, database, options=(), **environment):
    """Run ``worker`` in the Odoo shell of ``database``; return the figures it prints as ``FIGURES {json}``.

    :param options: further ones for Odoo
    """
    output = odoo(
        database,
        "shell",
        *options,
        input=(HERE / worker).read_text(encoding="utf-8"),
        env={
            **os.environ,
            "BENCHMARKS": str(HERE),
            **{name: str(value) for name, value in environment.items()},
        },
    )
    line = next(line for line in output.splitlines() if line.startswith("FIGURES "))
    return json.loads(line.removeprefix("FIGURES "))


def take_turns(worker, databases, rounds, **environment):
    """Run ``worker`` on the two databases in turn; return ``{side: {figure: value in each round}}``."""
    found = {side: {} for side in databases}
    for number in range(rounds):
        for side, database in databases.items():
            for figure, value in run_worker(worker, database, ROUND=number, **environment).items():
                found[side].setdefault(figure, []).append(value)
    return found


def typical(ours, theirs):
    """Return both values of the round whose ratio is the median one: what slows the machine weighs on both alike."""
    rounds = sorted(zip(ours, theirs, strict=True), key=lambda pair: pair[0] / pair[1])
    return rounds[len(rounds) // 2]


def prepare(options, name):
    """Make both databases; return their names as ``{"stock": ..., "addon": ...}``."""
    databases = {side: f"bench_{name}_{side}" for side in ("stock", "addon")}
    there = {row[0] for row in sql("SELECT datname FROM pg_database")}
    if options.keep and set(databases.values()) <= there:
        return databases
    copy(template(options.template), databases["stock"])
    if options.leads:
        run_worker("_fill_worker.py", databases["stock"], LEADS=options.leads)
    copy(databases["stock"], databases["addon"])
    odoo(databases["addon"], "-i", ADDON, "--stop-after-init")
    return databases


def analyze(databases):
    for database in databases.values():
        sql("VACUUM ANALYZE", database)


def copy(source, target):
    drop(target)
    sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def drop(database):
    sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def row(name, what, ours, theirs, target, peer="stock Odoo"):
    """Print one comparable row: the typical round of two lists of milliseconds, ``target`` as a ratio."""
    mine, other = typical(ours, theirs)
    verdict = "ok" if mine <= target * other else "MISSED"
    print(
        f"{name:7} | {what:52} | {mine:10.2f} ms | {peer:10} {other:10.2f} ms |"
        f" {mine / other:6.3f} x | to reach {target:.3f} x | {verdict}",
        flush=True,
    )


def row_alone(name, what, ours, unit, target):
    """Print one row without a peer."""
    verdict = (
        "" if target is None else f" | to reach {target} {unit} | {'ok' if ours <= target else 'MISSED'}"
    )
    print(f"{name:7} | {what:52} | {ours:10.2f} {unit}{verdict}", flush=True)
