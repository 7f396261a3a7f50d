# SPDX-License-Identifier: GPL-2.0
"""All that the family says to a test, against what its specification lists; and
what a follower of its events believes."""

from netlink_family import SCHEMA, Client, key_of, kind_of, strip


def of_hsrp(operation):
    """Whether an operation is HSRP's; what is nobody else's is ESP's."""
    return operation.startswith(("interface-", "group-", "track-", "object-", "debug-"))


def of_rri(operation):
    """Whether an operation is about routes; these have tests of their own."""
    return operation.startswith("route-")


class Seen:
    """All that came, of every client, against what the specification lists."""

    def __init__(self):
        self.used = set()		# (operation, mode)
        self.attributes = {}		# operation: names that came
        self.nested = {}		# attribute set: names that came in nests
        self.kinds = {}			# kind of debug event: attributes that came
        self.faults = set()
        self.spec = None

    def listed(self, operation, mode):
        """Attributes of an answer, as the specification lists them."""
        yaml = self.spec.msgs[operation].yaml
        if mode == "ntf":
            if "event" in yaml:
                return yaml["event"]["attributes"]
            return self.spec.msgs[yaml["notify"]].yaml["do"]["reply"]["attributes"]
        return yaml[mode].get("reply", {}).get("attributes", ())

    def message(self, operation, mode, message):
        self.used.add((operation, mode))
        listed = set(self.listed(operation, mode))
        for name in (message or {}).keys() - listed:
            self.faults.add(f"{operation} ({mode}): attribute {name} is not listed")
        self.attributes.setdefault(operation, set()).update(message or ())
        self._nests(self.spec.msgs[operation].attr_set.name, message or {})
        if operation == "debug-event":
            self.kinds.setdefault(message["kind"], set()).update(message)

    def _nests(self, space, message):
        for name, value in message.items():
            spec = self.spec.attr_sets[space][name]
            if spec["type"] != "nest":
                continue
            inner = spec["nested-attributes"]
            for one in value if isinstance(value, list) else [value]:
                self.nested.setdefault(inner, set()).update(one)
                self._nests(inner, one)

    def missing(self, exceptions, belongs, spaces):
        """What the specification has and never came: of operations that belong
        here, and of nests of these spaces."""
        faults = set(self.faults)
        for name, operation in self.spec.msgs.items():
            if not belongs(name):
                continue
            modes = ["ntf"] if operation.is_async else \
                [mode for mode in ("do", "dump") if mode in operation.yaml]
            faults.update(f"{name} ({mode}) was not exercised"
                          for mode in modes if (name, mode) not in self.used)
            listed = set(self.listed(name, modes[0]))
            faults.update(f"{name}: attribute {attribute} never came" for attribute in
                          listed - self.attributes.get(name, set()) - exceptions.get(name, set()))
        for space in spaces:
            faults.update(f"nest {space}: attribute {attribute} never came" for attribute in
                          set(self.spec.attr_sets[space]) - self.nested.get(space, set()) -
                          {"pad"})
        return sorted(faults)


SEEN = Seen()


class Watched(Client):
    """A client whose answers are all looked at."""

    def __init__(self, namespace):
        super().__init__(namespace, schema=SCHEMA)
        SEEN.spec = self.ynl

    def saw(self, operation, mode, message):
        SEEN.message(operation, mode, message)

    def batch(self, *operations):
        super().batch(*operations)
        self.saw("batch", "do", None)

    def get(self, kind, **key):
        return self.do(f"{kind}-get", **key)


def limits(client, space, name):
    """Least and most, of values or of lengths, that the specification states."""
    checks = client.ynl.attr_sets[space][name].yaml.get("checks", {})

    def number(value):
        return client.ynl.consts[value]["value"] if isinstance(value, str) else value
    return {kind: number(checks[kind]) for kind in ("min", "max", "max-len") if kind in checks}


class Interposed:
    """Stands between a client and its socket."""

    def __init__(self, client):
        self.sock = client.ynl.sock
        client.ynl.sock = self

    def recv(self, *arguments):
        """To be overridden."""
        return self.sock.recv(*arguments)

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def __setattr__(self, name, value):
        if name == "interrupted":
            self.sock.interrupted = value
        else:
            super().__setattr__(name, value)


class Followed:
    """What a follower of "events" believes: kept up by notifications alone."""

    def __init__(self, client, watcher, kinds, untold):
        self.client, self.watcher, self.kinds = client, watcher, kinds
        self.untold = untold		# attributes that may be other than they were told
        self.objects = {}
        self.last = []

    def follow(self):
        self.last = self.watcher.notifications()
        for name, message in self.last:
            if not name.endswith("-ntf"):
                continue
            kind = kind_of(name)
            if kind not in self.kinds:
                continue
            key = (kind, *key_of(kind, message))
            if name.endswith("-del-ntf"):
                self.objects.pop(key, None)
            else:
                self.objects[key] = message

    def faults(self, what):
        """Where a get says something else."""
        self.follow()
        there, faults = {}, []
        for kind in self.kinds:
            for message in self.client.dump(f"{kind}-get"):
                there[kind, *key_of(kind, message)] = message
        for key in there.keys() - self.objects.keys():
            faults.append(f"{what}: nobody was told of {key}")
        for key in self.objects.keys() - there.keys():
            faults.append(f"{what}: nobody was told of the end of {key}")
        for key in self.objects.keys() & there.keys():
            told, now = self._comparable(self.objects[key]), self._comparable(there[key])
            faults += [f"{what}: {key}: {name} was told as {told.get(name)}, is {now.get(name)}"
                       for name in told.keys() | now.keys() if told.get(name) != now.get(name)]
        return faults

    def _comparable(self, message):
        return {name: value for name, value in strip(message).items()
                if name not in self.untold}

    def expect(self, what, *names):
        """Faults of a change that has just been made."""
        faults = self.faults(what)
        told = {name for name, _ in self.last}
        return faults + [f"{what}: no {name}" for name in names if name not in told]
