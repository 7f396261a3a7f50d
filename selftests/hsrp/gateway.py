# SPDX-License-Identifier: GPL-2.0
"""What the HSRP tests in Python share: namespaces, the gateway's netlink family
through the kernel tree's own YNL client, a wire end to send and hear packets on,
and KTAP through the kernel tree's own kselftest module."""

import copy
import ctypes
import ipaddress
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback

TOP = os.environ.get("VPNHA_TOP") or os.path.realpath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.environ.get("YNL_DIR", ""))
sys.path.insert(0, os.path.join(os.environ.get("KSRC_SELFTESTS", ""), "kselftest"))

import ksft  # noqa: E402
import yaml  # noqa: E402

# The specification is read once in each process, in C.
yaml.safe_load = lambda stream: yaml.load(stream, Loader=yaml.CSafeLoader)

from lib import Netlink, NlError, YnlFamily, ynl  # noqa: E402

SPEC = os.path.join(TOP, "Documentation/netlink/specs/vpnha.yaml")

# No expectation of speed: what has not happened by then will not.
HANGS = int(os.environ.get("WAIT_LIMIT", 600))

INITIAL, LEARN, LISTEN, SPEAK, STANDBY, ACTIVE = STATES = (
    "initial", "learn", "listen", "speak", "standby", "active")

PORT = 1985
V1_GROUP = "224.0.0.2"
V2_GROUP = "224.0.0.102"

sys.stdout.reconfigure(line_buffering=True)


class Hang(Exception):
    """A condition did not come true."""


def wait(condition, what, hangs=HANGS, pause=0.05):
    """Returns what condition() returns once that is true. Without KVM a look is dear:
    it may take a tenth of the time."""
    deadline = time.monotonic() + hangs
    while True:
        began = time.monotonic()
        result = condition()
        if result:
            return result
        now = time.monotonic()
        if now > deadline:
            raise Hang(f"still not so after {hangs} s: {what}")
        time.sleep(max(pause, 9 * (now - began)))


def sh(command, check=True):
    """Output of a line of shell."""
    done = subprocess.run(["bash", "-uc", command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{command}: exit status {done.returncode}\n{done.stdout}")
    return done.stdout


def load_module():
    """Makes sure that the module is there; says whether it was not before."""
    if os.path.isdir("/sys/module/vpnha"):
        return False
    sh(os.path.join(TOP, "selftests", "lab", "guest", "load-module"))
    return True


def unreclaimable():
    """KiB of memory that the kernel can give to nobody else."""
    sh("sync; echo 3 > /proc/sys/vm/drop_caches")
    with open("/proc/meminfo", encoding="ascii") as meminfo:
        values = dict(line.split(":") for line in meminfo)
    return sum(int(values[name].split()[0]) for name in ("SUnreclaim", "Percpu", "VmallocUsed"))


def lose_nothing(sock, octets):
    """What comes waits in a socket while nobody reads, whatever the limit for others is."""
    so_rcvbufforce = 33
    sock.setsockopt(socket.SOL_SOCKET, so_rcvbufforce, octets)


def address(text):
    return int(ipaddress.ip_address(text))


# -- KTAP ------------------------------------------------------------------

class Report:
    """Prints the plan, and the test lines as they come."""

    def __init__(self, plan):
        ksft.print_header()
        ksft.set_plan(plan)

    def line(self, what, faults=()):
        """A test line; it fails when there are faults, which are printed."""
        for fault in faults:
            for text in str(fault).splitlines():
                ksft.print_msg(f"{what}: {text}")
        if faults:
            ksft.test_result_fail(what)
        else:
            ksft.test_result_pass(what)

    def check(self, what, condition, fault=""):
        self.line(what, () if condition else (fault or "it is not so",))

    def run(self, what, function, *arguments):
        """A test line of what function returns: faults, or nothing."""
        try:
            faults = function(*arguments)
        except Exception:
            faults = [traceback.format_exc()]
        self.line(what, faults or ())

    def follow(self, what, function, *arguments):
        """As run(), of what goes on from the lines before: none is tried after a failure."""
        if ksft.ksft_cnt["fail"]:
            self.line(what, ("not tried, for something before it failed",))
        else:
            self.run(what, function, *arguments)

    @staticmethod
    def end():
        ksft.finished()


# -- namespaces ------------------------------------------------------------

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


class Namespace:
    """A network namespace with a name."""

    def __init__(self, name, create=True):
        self.name = name
        if create:
            sh(f"ip netns add {name}")
            self.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "
                    "net.ipv6.conf.default.disable_ipv6=1; ip link set lo up")

    def sh(self, command, check=True):
        done = subprocess.run(["ip", "netns", "exec", self.name, "bash", "-uc", command],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {command}: exit status {done.returncode}\n"
                               f"{done.stdout}")
        return done.stdout

    def ip(self, command, check=True):
        return sh(f"ip -n {self.name} {command}", check)

    def json(self, command):
        """What `ip -j COMMAND` says."""
        return json.loads(sh(f"ip -n {self.name} -j {command}") or "[]")

    def popen(self, *argv, **options):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *argv], text=True, **options)

    def inside(self, function, *arguments, **options):
        """Calls a function with this thread in the namespace: its sockets stay there."""
        with open("/proc/thread-self/ns/net", "rb") as home, \
                open(f"/run/netns/{self.name}", "rb") as there:
            if _libc.setns(there.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"setns {self.name}")
            try:
                return function(*arguments, **options)
            finally:
                if _libc.setns(home.fileno(), _CLONE_NEWNET):
                    os.abort()

    def mac(self, ifname):
        return self.json(f"link show {ifname}")[0]["address"]

    def delete(self):
        sh(f"ip netns del {self.name}", check=False)


class Topology:
    """Namespaces that go away with the test, and the module with them if it was
    not there before."""

    def __init__(self):
        self.loaded = False
        self.namespaces = []
        self.processes = []

    def __enter__(self):
        self.loaded = load_module()
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
        for namespace in self.namespaces:
            namespace.delete()
        if self.loaded:
            wait(lambda: not sh("rmmod vpnha", check=False), "the module can be removed")

    def add(self, *names):
        made = [Namespace(name) for name in names]
        self.namespaces += made
        return made if len(made) > 1 else made[0]

    def start(self, namespace, *argv, **options):
        """A process that ends with the test at the latest."""
        process = namespace.popen(*argv, **options)
        self.processes.append(process)
        return process

    @staticmethod
    def cable(one, ifname1, other, ifname2):
        """A veth pair between two namespaces, up."""
        sh(f"ip link add {ifname1} netns {one.name} type veth peer name {ifname2} "
           f"netns {other.name}")
        one.ip(f"link set {ifname1} up")
        other.ip(f"link set {ifname2} up")


def run_tests(make, tests):
    """A test line of each (what, function), called with what make(topology) returns."""
    report = Report(len(tests))
    with Topology() as topology:
        lab = make(topology)
        for what, function in tests:
            report.run(what, function, lab)
    report.end()


class Switch:
    """A namespace with a bridge for each LAN. A member's port is named after both."""

    def __init__(self, topology, *lans):
        self.topology = topology
        self.namespace = topology.add("sw")
        for lan in lans:
            self.namespace.ip(f"link add {lan} type bridge forward_delay 0 stp_state 0 "
                              "mcast_snooping 0")
            self.namespace.ip(f"link set {lan} up")

    @staticmethod
    def port(lan, member):
        return f"{lan[:3]}-{member.name}"

    def join(self, lan, member, ifname, prefix=None):
        port = self.port(lan, member)
        self.topology.cable(self.namespace, port, member, ifname)
        self.namespace.ip(f"link set {port} master {lan}")
        if prefix:
            member.ip(f"addr add {prefix} dev {ifname}")
        wait(lambda: self.forwards(port), f"{port} forwards")

    def forwards(self, port):
        return self.namespace.sh(f"cat /sys/class/net/{port}/brport/state").strip() == "3"

    def unplug(self, lan, member):
        """Takes the carrier away."""
        self.namespace.ip(f"link set {self.port(lan, member)} down")

    def plug(self, lan, member):
        self.namespace.ip(f"link set {self.port(lan, member)} up")

    def cut(self, lan, member):
        """Drops the member's frames, both ways; the carrier stays."""
        self.namespace.sh(f"bridge link set dev {self.port(lan, member)} state 0")

    def heal(self, lan, member):
        self.namespace.sh(f"bridge link set dev {self.port(lan, member)} state 3")


# -- netlink ---------------------------------------------------------------

class RawNetlink:
    """A netlink socket in a namespace, for families of which there is no specification
    at hand, or none that is fast: requests and answers as octets behind their header."""

    NLM_F_DUMP_INTR = 0x10

    def __init__(self, namespace, protocol):
        self.socket = namespace.inside(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW,
                                       protocol)
        self.socket.bind((0, 0))
        self.seq = 0
        self.interrupted = False    # something changed while the last dump was under way

    def request(self, kind, flags, data):
        """The answers; raises OSError where it is refused."""
        self.seq += 1
        self.interrupted = False
        self.socket.send(struct.pack("=IHHII", 16 + len(data), kind,
                                     Netlink.NLM_F_REQUEST | flags, self.seq, 0) + data)
        answers = []
        while True:
            message = self.socket.recv(1 << 20)
            while message:
                length, kind, flags, seq, _ = struct.unpack_from("=IHHII", message)
                body, message = message[16:length], message[(length + 3) & ~3:]
                if seq != self.seq:
                    continue
                if kind == Netlink.NLMSG_ERROR:
                    error = -struct.unpack_from("=i", body)[0]
                    if error:
                        raise OSError(error, os.strerror(error))
                    return answers
                self.interrupted |= bool(flags & self.NLM_F_DUMP_INTR)
                if kind == Netlink.NLMSG_DONE:
                    return answers
                answers.append(body)


# -- the family ------------------------------------------------------------

_clients = {}


def open_client(namespace, schema=""):
    """A YNL client in a namespace. The specification is read, and held against its
    schema, for the first one; the others are the same but for their socket."""
    if schema not in _clients:
        _clients[schema] = namespace.inside(YnlFamily, SPEC, schema=schema)
    client = copy.copy(_clients[schema])
    client.sock = namespace.inside(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW,
                                   client.nlproto.proto_num)
    for option in (Netlink.NETLINK_CAP_ACK, Netlink.NETLINK_EXT_ACK,
                   Netlink.NETLINK_GET_STRICT_CHK):
        client.sock.setsockopt(Netlink.SOL_NETLINK, option, 1)
    client.async_msg_queue = []
    return client


class Family:
    """The netlink family vpnha in a namespace."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.ynl = open_client(namespace)

    def reload(self):
        """After the module was loaded again: the family has another number."""
        ynl.genl_family_name_to_id = None
        self.ynl.nlproto = self.namespace.inside(ynl.GenlProtocol, self.ynl.yaml["name"])
        for client in _clients.values():
            client.nlproto = self.ynl.nlproto

    def do(self, operation, **attributes):
        return self.ynl.do(operation, _request(attributes))

    def refused(self, operation, **attributes):
        """The error that a request must meet: (errno, message, attribute)."""
        try:
            self.do(operation, **attributes)
        except NlError as error:
            extack = error.nl_msg.extack or {}
            return -error.nl_msg.error, extack.get("msg"), extack.get("bad-attr")
        return None

    def dump(self, operation, **attributes):
        return self.ynl.dump(operation, _request(attributes)) or []

    def group(self, ifname, number):
        return self.do("group-get", ifname=ifname, number=number)

    def groups(self, ifname):
        return {group["number"]: group for group in self.dump("group-get", ifname=ifname)}

    def interface(self, ifname):
        return self.do("interface-get", ifname=ifname)

    def drops(self, ifname):
        return {drop["reason"]: drop["packets"]
                for drop in self.interface(ifname).get("drop", ())}

    def state(self, ifname, number):
        return self.group(ifname, number)["state"]

    def wait_state(self, ifname, number, state, hangs=HANGS):
        return wait(lambda: self.state(ifname, number) == state,
                    f"{self.namespace.name}: {ifname} group {number} is {state}", hangs)


def _request(attributes):
    """Python's names and addresses as the specification has them."""
    request = {}
    for name, value in attributes.items():
        if name in ("vip", "prefix") and isinstance(value, str):
            value = address(value)
        request[name.replace("_", "-")] = value
    return request


class Debug:
    """Collects the debug events of a namespace while it is open."""

    def __init__(self, namespace):
        self.ynl = open_client(namespace)
        self.ynl.ntf_subscribe("debug")
        lose_nothing(self.ynl.sock, 16 << 20)

    def events(self, **match):
        """What has come by now, of which the given values are true."""
        self.ynl.check_ntf()
        return [message["msg"] for message in self.ynl.async_msg_queue
                if all(message["msg"].get(key) == value for key, value in match.items())]

    def clear(self):
        self.events()
        self.ynl.async_msg_queue.clear()


# -- the wire --------------------------------------------------------------

def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


class Wire:
    """An interface of a namespace, as raw frames."""

    OUTGOING = 4

    def __init__(self, namespace, ifname):
        self.namespace = namespace
        self.ifname = ifname
        self.socket = namespace.inside(self._open)
        self.mac = mac_text(self.socket.getsockname()[4])
        self.heard = []

    def _open(self):
        eth_p_all = 3
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(eth_p_all))
        lose_nothing(sock, 64 << 20)
        sock.bind((self.ifname, eth_p_all))
        return sock

    def send(self, frame):
        self.socket.send(bytes(frame))

    def receive(self):
        return self.socket.recvfrom(65536)

    def pull(self, timeout=0):
        """Takes what has arrived into self.heard; returns the new frames."""
        new = []
        while select.select([self.socket], [], [], 0 if new else timeout)[0]:
            data, sender = self.receive()
            if sender[2] != self.OUTGOING:
                new.append(data)
        self.heard += new
        return new

    def drain(self):
        self.pull()
        self.heard.clear()

    def wait_for(self, match, what, hangs=HANGS):
        """The first frame from now on, or heard before, that match() likes."""
        deadline = time.monotonic() + hangs
        seen = 0
        while True:
            for frame in self.heard[seen:]:
                result = match(frame)
                if result:
                    return result
            seen = len(self.heard)
            if time.monotonic() > deadline:
                raise Hang(f"not heard within {hangs} s: {what}")
            self.pull(0.2)

    def flush(self, target, sender):
        """What has been heard when the other end has worked off what was sent to
        it: its stack answers in order."""
        def is_answer(frame):
            return arp_reply_of(frame) == (target, sender)

        self.heard = [frame for frame in self.heard if not is_answer(frame)]
        before = len(self.heard)
        self.send(arp_frame(self.mac, sender, "ff:ff:ff:ff:ff:ff", target, request=True))
        self.wait_for(is_answer, f"{target} answers {sender}")
        self.heard = [frame for frame in self.heard if not is_answer(frame)]
        return self.heard[before:]


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def mac_text(data):
    return data.hex(":")


def arp_frame(mac, sender, destination, target, request, target_mac="00:00:00:00:00:00"):
    return (mac_bytes(destination) + mac_bytes(mac) + bytes.fromhex("0806") +
            bytes.fromhex("0001080006040001" if request else "0001080006040002") +
            mac_bytes(mac) + socket.inet_aton(sender) +
            mac_bytes(target_mac) + socket.inet_aton(target))


def arp_of(frame):
    """(operation, Ethernet source, sender's MAC, sender's IP, target's MAC, target's IP)."""
    if frame[12:14] != b"\x08\x06" or len(frame) < 42:
        return None
    return (int.from_bytes(frame[20:22], "big"), mac_text(frame[6:12]),
            mac_text(frame[22:28]), socket.inet_ntoa(frame[28:32]),
            mac_text(frame[32:38]), socket.inet_ntoa(frame[38:42]))


def arp_reply_of(frame):
    arp = arp_of(frame)
    return (arp[3], arp[5]) if arp and arp[0] == 2 and arp[3] != arp[5] else None


def echo_frame(mac, sender, destination_mac, destination, number):
    """An ICMP echo request."""
    body = bytes([8, 0, 0, 0]) + number.to_bytes(2, "big") + b"\0\1vpnha"
    body = body[:2] + checksum(body).to_bytes(2, "big") + body[4:]
    head = (bytes([0x45, 0, 0, 20 + len(body), 0, 0, 0, 0, 64, 1, 0, 0]) +
            socket.inet_aton(sender) + socket.inet_aton(destination))
    head = head[:10] + checksum(head).to_bytes(2, "big") + head[12:]
    return mac_bytes(destination_mac) + mac_bytes(mac) + b"\x08\0" + head + body


def echo_reply_of(frame):
    """The number of the request that an ICMP echo reply is for."""
    if frame[12:14] != b"\x08\0" or frame[23] != 1 or frame[34]:
        return None
    return int.from_bytes(frame[38:40], "big")


class Ticker(threading.Thread):
    """Calls a function again and again until stopped."""

    def __init__(self, function, seconds):
        super().__init__(daemon=True)
        self.function = function
        self.seconds = seconds
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(self.seconds):
            self.function()

    def stop(self):
        self.over.set()
        self.join()
