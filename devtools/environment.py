"""Everything set up: what the verbs work with."""

import os
from dataclasses import dataclass, replace

from . import javascript, prerequisites, proxies, source, venv
from .postgres import Cluster
from .workspace import Workspace, write_whole


@dataclass
class Environment:
    """A workspace with its Odoo, its virtual environment and its running cluster.

    ``conf`` is the name of the configuration file, ``addons`` are the folders of addons beside Odoo's: the checkout
    unless others are named.
    """

    workspace: Workspace
    odoo: source.Odoo
    cluster: Cluster
    python_key: str
    conf: str = "odoo.conf"
    addons: tuple = ()

    @property
    def python(self):
        return str(self.workspace.venv / "bin/python")

    def variables(self, conf=None):
        """Return the environment variables for programs: virtual environment first, then PostgreSQL."""
        variables = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")
        }
        path = [
            str(self.workspace.venv / "bin"),
            str(self.cluster.bin),
            variables.get("PATH", "/usr/bin:/bin"),
        ]
        variables.update(
            self.cluster.environment(),
            PATH=os.pathsep.join(path),
            VIRTUAL_ENV=str(self.workspace.venv),
            ODOO_RC=str(conf or self.workspace.home / self.conf),
            PYTHONDONTWRITEBYTECODE="1",
        )
        return variables

    def write_conf(self, name="odoo.conf", **options):
        """Write a configuration file of Odoo's for this environment; return its path."""
        values = {
            "addons_path": ",".join([*self.odoo.addons, *(self.addons or (str(self.workspace.root),))]),
            "data_dir": self.workspace.data,
            "db_host": self.cluster.sockets,
            "db_port": self.cluster.port,
            "db_user": "odoo",
            "db_password": self.cluster.password,
            "http_interface": "127.0.0.1",
            "http_port": self.workspace.http_port,
            "max_cron_threads": 1,
            **options,
        }
        path = self.workspace.home / name
        lines = [f"{key} = {value}" for key, value in values.items()]
        write_whole(path, "\n".join(["[options]", *lines, ""]), mode=0o600)
        return path

    def with_addons(self, conf, *folders):
        """Return an environment with these folders of addons beside Odoo's, in place of the checkout.

        :param str conf: the name of its configuration file
        """
        environment = replace(self, conf=conf, addons=tuple(map(str, folders)))
        environment.write_conf(conf)
        return environment

    def odoo_command(self, *arguments):
        return [self.python, str(self.workspace.venv / "bin/odoo-bin"), *map(str, arguments)]


def set_up(workspace, wishes=frozenset()):
    """Set up all that is missing, one caller at a time; a second call takes a moment.

    :param wishes: what the verb needs of the machine beyond what every verb does (see ``prerequisites``)
    """
    workspace.prepare()
    with workspace.locked():
        prerequisites.ensure(workspace, wishes)
        if will_fetch(workspace, wishes):
            proxies.check(workspace.environ)
        odoo = source.find(workspace)
        key = venv.ensure(workspace, odoo)
        cluster = Cluster(workspace)
        cluster.ensure()
        environment = Environment(workspace, odoo, cluster, key)
        environment.write_conf()
    return environment


def will_fetch(workspace, wishes):
    """Tell whether anything is missing that comes from the network."""
    there = source.origin(workspace) == source.HERE and venv.is_made(workspace)
    return not there or (prerequisites.JAVASCRIPT in wishes and not javascript.is_made(workspace))
