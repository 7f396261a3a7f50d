#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native
"""vpnhactl and the control socket of vpnhad, which a few lines of Python stand
for: what is asked, and what becomes of the answers."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import ktap_unittest

TOP = os.environ.get("VPNHA_TOP", os.path.join(os.path.dirname(__file__), "..", ".."))
VPNHACTL = os.environ.get("VPNHACTL", os.path.join(TOP, "build/selftests/tools/vpnhactl"))

# A bound on waiting is there to notice a hang.
HANGS = 300

RUNNING = """\
crypto ikev2 keyring K
 peer A
  address 10.0.0.1
  pre-shared-key 0123456789abcdef
!
crypto ikev2 profile P
 match identity remote address 10.0.0.1
 authentication remote pre-share
 authentication local pre-share
 keyring local K
!
"""

SA = {
    "id": 7, "version": 2, "role": "initiator", "state": "established",
    "local": {"address": "172.16.172.53", "port": 4500},
    "remote": {"address": "172.16.172.69", "port": 4500},
    "local_id": "172.16.172.53", "remote_id": "gw.example.com",
    "spi_i": "0102030405060708", "spi_r": "1112131415161718",
    "encryption": "aes-gcm-256", "integrity": "", "prf": "sha512", "group": "19",
    "auth_local": "pre-share", "auth_remote": "rsa-sig", "profile": "P",
    "interface": "eth0", "map": "vpn", "redundancy_role": "active",
    "age_s": 60, "lifetime_s": 86400, "rekey_in_s": 80000, "reauth": 0,
    "dpd": {"interval_s": 10, "retry_s": 2, "mode": "on-demand", "outstanding": 0},
    "nat": {"local": True, "remote": False, "keepalive_s": 20},
    "fragmentation": True, "ppk": False, "message_ids": {"sent": 3, "received": 4},
    "retransmits": 1,
    "children": [{
        "interface": "eth0", "map": "vpn", "number": 10, "state": "installed",
        "spi_in": "0x1001", "spi_out": "0x2002", "local_ts": ["10.1.1.0/24"],
        "remote_ts": ["20.1.1.0/24", "20.1.2.0/24"], "encryption": "esp-gcm 256",
        "pfs": "group19", "esn": False, "mode": "tunnel", "age_s": 5, "rekey_in_s": 3000,
        "rekeys": 2,
    }],
}

STANDBY = dict(SA, id=8, role="responder", state="auth-sent", redundancy_role="standby",
               remote={"address": "2001:db8::1", "port": 500},
               local={"address": "2001:db8::2", "port": 500}, children=[],
               nat={"local": False, "remote": False}, dpd={},
               last_error={"text": "no proposal chosen\x1b[2J", "age_s": 61,
                           "theirs": ["aes-cbc-128", "sha1"], "ours": "aes-gcm-256"})

SESSION = {
    "interface": "eth0", "profile": "P", "uptime_s": 3661, "status": "UP-ACTIVE",
    "peer": {"address": "172.16.172.69", "port": 500}, "phase1_id": "gw.example.com",
    "ike_sas": [SA],
    "flows": [{"permit": "ip 10.1.1.0/255.255.255.0 20.1.1.0/255.255.255.0",
               "active_sas": 2, "origin": "crypto map",
               "counters": {"in_packets": 4, "in_drops": 1, "in_kb": 20085, "in_s": 171,
                            "out_packets": 5, "out_drops": 0, "out_kb": 20086,
                            "out_s": 172}}],
}


class Daemon(threading.Thread):
    """Answers each request by a function of it; remembers all of them."""

    def __init__(self, path, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.requests = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                for line in stream:
                    request = json.loads(line)
                    self.requests.append(request)
                    answers = self.answer(request)
                    if not isinstance(answers, list):
                        answers = [answers]
                    for answer in answers:
                        data = answer if isinstance(answer, bytes) else \
                            json.dumps(answer).encode() + b"\n"
                        stream.write(data)
                    stream.flush()
                    if request["op"] == "debug":
                        break

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join()


class Control(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # pylint: disable-next=consider-using-with
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = os.path.join(self.directory.name, "socket")
        self.running = RUNNING
        self.refuse = {}
        self.items = []
        self.daemon = Daemon(self.path, self.answer)
        self.daemon.start()
        self.addCleanup(self.daemon.close)

    def answer(self, request):
        """As vpnhad does."""
        op = request["op"]
        if op in self.refuse:
            return {"error": self.refuse[op]}
        if op == "running":
            return {"text": self.running}
        if op == "load":
            self.running = request["text"]
        if op == "show":
            return {"ok": True, "items": self.items}
        if op == "clear":
            return {"ok": True, "n": 2}
        if op == "debug":
            return [{"ok": True}] + self.items
        return {"ok": True}

    def ctl(self, *words, status=0, stdin=""):
        """Runs vpnhactl; returns what it says, the standard output first."""
        done = subprocess.run([VPNHACTL, *words], input=stdin, text=True, check=False,
                              capture_output=True, timeout=HANGS,
                              env=dict(os.environ, VPNHA_SOCKET=self.path))
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def ops(self):
        return [request["op"] for request in self.daemon.requests]


class Configured(Control):
    """What vpnhad goes by."""

    def test_proposals(self):
        self.running = "crypto ikev2 proposal p\n encryption aes-cbc-256\n integrity sha256\n" \
                       " group 14 19\n"
        self.assertEqual(self.ctl("show", "crypto", "ikev2", "proposal", "p"),
                         " IKEv2 proposal: p\n"
                         "     Encryption : aes-cbc-256\n"
                         "     Integrity  : sha256\n"
                         "     PRF        : sha256\n"
                         "     DH Group   : 14 19\n")
        told = json.loads(self.ctl("-j", "show", "crypto", "ikev2", "proposal"))
        self.assertEqual([one["proposal"] for one in told], ["p", "default"])
        self.assertIn("31", told[1]["group"])
        self.assertIn("there is no proposal q",
                      self.ctl("show", "crypto", "ikev2", "proposal", "q", status=1))

    def test_policies(self):
        self.running = "crypto ikev2 policy here\n match address local 10.0.0.1\n" \
                       " proposal default\n"
        self.assertEqual(self.ctl("show", "crypto", "ikev2", "policy"),
                         " IKEv2 policy: here\n"
                         "      Match fvrf : any\n"
                         "      Match address local : 10.0.0.1\n"
                         "      Proposal   : default\n"
                         " IKEv2 policy: default\n"
                         "      Match fvrf : any\n"
                         "      Match address local : any\n"
                         "      Proposal   : default\n")

    def test_profiles(self):
        self.running = "crypto ikev2 profile P\n match identity remote address 10.0.0.0/24\n" \
                       " match identity remote fqdn domain example\n" \
                       " authentication local pre-share key topsecret\n" \
                       " authentication remote rsa-sig\n keyring local K\n" \
                       " dpd 10 2 periodic\n initial-contact force\n"
        text = self.ctl("show", "crypto", "ikev2", "profile")
        for line in ("IKEv2 profile: P", "   address 10.0.0.0 255.255.255.0",
                     "   fqdn domain example", " Local identity: address",
                     " Local authentication method: pre-share",
                     " Remote authentication method(s): rsa-sig", " Keyring: K",
                     " Lifetime: 86400 seconds",
                     " DPD: interval 10 sec, retry-interval 2 sec, periodic",
                     " NAT-keepalive: 20 seconds", " Initial contact: forced"):
            self.assertIn(line + "\n", text)
        self.assertNotIn("topsecret", text + self.ctl("-j", "show", "crypto", "ikev2", "profile"))


class Lines(Control):
    """Lines of configuration."""

    def test_one_line(self):
        self.assertEqual(self.ctl("crypto", "ikev2", "dpd", "10", "3", "periodic"), "")
        self.assertEqual(self.ops(), ["running", "check", "load"])
        self.assertEqual(self.running, RUNNING + "crypto ikev2 dpd 10 3 periodic\n!\n")

    def test_both_headings_in_one_line(self):
        self.ctl("crypto", "ikev2", "keyring", "K", "peer", "B", "address", "10.0.0.2")
        self.assertIn(" peer B\n  address 10.0.0.2\n", self.running)
        self.ctl("crypto", "ikev2", "keyring", "K", "peer", "A", "no", "address")
        self.assertNotIn("10.0.0.1\n  pre", self.running)
        self.ctl("crypto", "ikev2", "keyring", "K", "no", "peer", "B")
        self.assertNotIn("peer B", self.running)
        self.ctl("no", "crypto", "ikev2", "keyring", "K")
        self.assertNotIn("crypto ikev2 keyring", self.running)

    def test_a_shell(self):
        self.ctl(stdin="configure terminal\ncrypto ikev2 keyring K\npeer B\n"
                       "pre-shared-key hex 00ff\nexit\npeer C\naddress 10.0.0.3\nend\n")
        self.assertIn(" peer B\n  pre-shared-key hex 00ff\n peer C\n  address 10.0.0.3\n",
                      self.running)

    def test_nothing_changes(self):
        said = json.loads(self.ctl("-j", "crypto", "ikev2", "profile", "P", "keyring", "local",
                                   "K"))
        self.assertEqual(said["changes"], 0)
        self.assertEqual(self.ops(), ["running"])

    def test_a_mistake_does_not_ask(self):
        self.ctl("crypto", "ikev2", "keyring", "K", "peer", "A", "identity", "fqdn", "@",
                 status=1)
        self.assertEqual(self.ops(), [])

    def test_refused_at_the_line(self):
        # The line is the last but one of what is sent.
        line = RUNNING.count("\n") + 1
        self.refuse["check"] = {"message": "not that often", "line": line, "column": 1}
        said = self.ctl("crypto", "ikev2", "dpd", "1", "1", "periodic", status=1)
        self.assertEqual(said, "vpnhactl: error: vpnhad: not that often\n"
                               "  crypto ikev2 dpd 1 1 periodic\n"
                               "                   ^\n")
        self.assertEqual(self.ops(), ["running", "check"])

    def test_refused_elsewhere(self):
        self.refuse["check"] = {"message": "weak", "line": 4, "column": 3}
        said = self.ctl("crypto", "ikev2", "dpd", "1", "1", "periodic", status=1)
        self.assertEqual(said, "vpnhactl: error: vpnhad: "
                               "'pre-shared-key ****************': weak\n")

    def test_refused_nowhere(self):
        self.refuse["load"] = {"message": "out of\x1b memory"}
        said = self.ctl("crypto", "ikev2", "dpd", "1", "1", "periodic", status=1)
        self.assertEqual(said, "vpnhactl: error: vpnhad: out of? memory\n")

    def test_removed_keys_are_not_loaded(self):
        self.running = RUNNING.replace("0123456789abcdef", "<removed>")
        said = self.ctl("crypto", "ikev2", "dpd", "1", "1", "periodic", status=1)
        self.assertIn("the key was removed", said)
        self.assertEqual(self.ops(), ["running"])


class Absent(Control):
    """No daemon, or one that makes no sense."""

    def test_not_running(self):
        where = os.path.join(self.directory.name, "nothing")
        line = f"vpnhactl: vpnhad is not running (no one listens on {where})\n"
        for words in (["show", "crypto", "session"], ["show", "crypto", "isakmp", "sa"],
                      ["show", "crypto", "ikev2", "sa", "detail"],
                      ["clear", "crypto", "session"], ["debug", "crypto", "ikev2"]):
            self.assertEqual(self.ctl("-s", where, *words, status=1), line)
        said = self.ctl("--socket", where, "crypto", "ikev2", "dpd", "1", "1", "periodic",
                        status=1)
        self.assertEqual(said, "vpnhactl: vpnhad is not running, and the line is one of its "
                               "configuration\n")

    def test_json(self):
        where = os.path.join(self.directory.name, "nothing")
        said = json.loads(self.ctl("-j", "-s", where, "show", "crypto", "session", status=1))
        self.assertIn("vpnhad is not running", said["errors"][0]["message"])

    def test_nonsense(self):
        self.daemon.answer = lambda request: b"nonsense\n"
        self.assertIn("something else than JSON", self.ctl("show", "crypto", "session", status=1))
        self.daemon.answer = lambda request: {"ok": True}
        self.assertIn("has no items", self.ctl("show", "crypto", "session", status=1))

    def test_a_name_that_is_too_long(self):
        self.assertIn("longer than the name of a socket",
                      self.ctl("-s", "/" + 200 * "x", "show", "crypto", "session", status=1))


class Show(Control):
    """What is shown, cleared and followed."""

    def test_isakmp_sa(self):
        self.items = [SA, STANDBY]
        self.assertEqual(self.ctl("show", "crypto", "isakmp", "sa"), """\
dst             src             state          conn-id slot status
172.16.172.69   172.16.172.53   QM_IDLE              7    0 ACTIVE
2001:db8::2     2001:db8::1     AUTH_SENT            8    0 STDBY
""")
        self.assertEqual(self.daemon.requests, [{"op": "show", "what": "ike-sa"}])

    def test_isakmp_sa_detail(self):
        self.items = [SA, STANDBY]
        said = self.ctl("show", "crypto", "isakmp", "sa", "active", "detail")
        self.assertEqual(self.daemon.requests, [
            {"op": "show", "what": "ike-sa", "role": "active", "detail": True}])
        self.assertIn("C-id  Local           Remote          I-VRF   Encr              Hash   "
                      "Auth DH  Lifetime Cap.\n"
                      "7     172.16.172.53   172.16.172.69           aes-gcm-256       sha512 "
                      "psk  19  23:59:00 DN\n", said)
        self.assertIn("      Last error, 00:01:01 ago: no proposal chosen?[2J\n"
                      "        theirs: aes-cbc-128, sha1\n"
                      "        ours:   aes-gcm-256\n", said)

    def test_ikev2_sa(self):
        self.items = [STANDBY, SA]
        said = self.ctl("show", "crypto", "ikev2", "sa", "remote", "2001:db8::1")
        self.assertEqual(self.daemon.requests, [
            {"op": "show", "what": "ike-sa", "peer": "2001:db8::1"}])
        self.assertTrue(said.startswith("""\
 IPv4 Crypto IKEv2 SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
7         172.16.172.53/4500    172.16.172.69/4500    none/none            READY
      Encr: aes-gcm-256, PRF: sha512, Hash: None, DH Grp:19, Auth sign: pre-share, Auth verify: rsa-sig
      Life/Active Time: 86400/60 sec

 IPv6 Crypto IKEv2 SA
"""), said)

    def test_ikev2_sa_detail(self):
        self.items = [SA]
        said = self.ctl("show", "crypto", "ikev2", "sa", "interface", "eth0", "detail")
        for line in ("      Local spi: 0102030405060708       Remote spi: 1112131415161718\n",
                     "      Remote id: gw.example.com\n",
                     "      DPD configured for 10 seconds, retry 2, on-demand\n",
                     "      NAT-T is detected inside\n", "      Initiator of SA : Yes\n",
                     "          remote selector 20.1.1.0/24, 20.1.2.0/24\n",
                     "          ESP spi in/out: 0x1001/0x2002\n"):
            self.assertIn(line, said)

    def test_session(self):
        self.items = [SESSION]
        self.assertEqual(self.ctl("show", "crypto", "session"), """\
Crypto session current status

Interface: eth0
Session status: UP-ACTIVE
Peer: 172.16.172.69 port 500
  IKE SA: local 172.16.172.53/4500 remote 172.16.172.69/4500 Active
  IPSEC FLOW: permit ip 10.1.1.0/255.255.255.0 20.1.1.0/255.255.255.0
        Active SAs: 2, origin: crypto map
""")

    def test_session_detail(self):
        self.items = [SESSION]
        self.assertTrue(self.ctl("show", "crypto", "session", "detail").endswith("""
Interface: eth0
Profile: P
Uptime: 01:01:01
Session status: UP-ACTIVE
Peer: 172.16.172.69 port 500 fvrf: (none) ivrf: (none)
      Phase1_id: gw.example.com
  IKE SA: local 172.16.172.53/4500 remote 172.16.172.69/4500 Active
          Capabilities:DN connid:7 lifetime:23:59:00
  IPSEC FLOW: permit ip 10.1.1.0/255.255.255.0 20.1.1.0/255.255.255.0
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 4 drop 1 life (KB/Sec) 20085/171
        Outbound: #pkts enc'ed 5 drop 0 life (KB/Sec) 20086/172
"""))

    def test_json(self):
        self.items = [SA, STANDBY]
        self.assertEqual(json.loads(self.ctl("show", "crypto", "ikev2", "sa", "-j")), self.items)

    def test_empty_objects(self):
        self.items = [{}]
        for words in ("isakmp sa detail", "ikev2 sa detail", "session detail", "ikev2 stats"):
            self.ctl("show", "crypto", *words.split())

    def test_counters(self):
        self.items = [{"half-open": 3, "text": "no"}]
        self.assertEqual(self.ctl("show", "crypto", "ikev2", "stats"), "half-open: 3\n")

    def test_clear(self):
        for words, request in (
                ("isakmp", {"what": "ike-sa"}), ("isakmp 7", {"what": "ike-sa", "id": 7}),
                ("ikev2 sa", {"what": "ike-sa"}),
                ("ikev2 sa id 9", {"what": "ike-sa", "id": 9}),
                ("ikev2 sa remote 10.0.0.1", {"what": "ike-sa", "peer": "10.0.0.1"}),
                ("ikev2 stats", {"what": "counters"}),
                ("session", {"what": "session"}),
                ("session remote 10.0.0.1", {"what": "session", "peer": "10.0.0.1"}),
                ("session interface eth0", {"what": "session", "interface": "eth0"})):
            self.assertEqual(self.ctl("clear", "crypto", *words.split()), "")
            self.assertEqual(self.daemon.requests.pop(), dict(request, op="clear"))
        self.assertEqual(json.loads(self.ctl("-j", "clear", "crypto", "session")), {"cleared": 2})

    def test_debug(self):
        self.items = [{"time": "12:00:00.5", "level": "info", "text": "up", "peer": "10.0.0.1"},
                      {"time": "12:00:01", "text": "gone\x1b"}]
        said = self.ctl("debug", "crypto", "isakmp", status=1)
        self.assertEqual(said, "12:00:00.5: ISAKMP: (10.0.0.1): up\n"
                               "12:00:01: ISAKMP: gone?\n"
                               "debugging is on\nvpnhactl: vpnhad has closed the connection\n")
        self.assertEqual(self.daemon.requests, [{"op": "debug", "what": "isakmp"}])
        self.assertIn("IKEv2: (10.0.0.1): up", self.ctl("debug", "crypto", "ikev2", status=1))


if __name__ == "__main__":
    ktap_unittest.main()
