# SPDX-License-Identifier: GPL-2.0
"""The lab's virtual machines.

    with Lab(out, kernel="6.12") as lab:
        net = lab.start("net", links=[Link("gw1", lab.socket("gw1"), listen=True)])
        gw1 = lab.start("gw1", links=[Link("eth0", lab.socket("gw1"))])
        net.check("ping", "-c1", "10.1.1.1")     # raises unless it exits with 0
        gw1.kill()                               # as when the power fails
        gw1.start()

Whatever a kernel of the lab had to report is raised at the end.
"""

import ctypes
import dataclasses
import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import console

LAB = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(LAB))
KERNELS = ("6.12", "6.1", "debug")
# Runs what the debug kernel runs and what names it; not one of "all": it takes long.
KCSAN = "kcsan"
# They look for defects, and take several times as long for everything.
SLOW = ("debug", KCSAN)

# These are no expectations of speed: a machine that has not answered by then hangs.
BOOT_HANGS = 900
#: of a machine that the emulator loses
BOOT_TRIES = 3
HANGS = 1800


class LabError(Exception):
    """The lab could not do what it was asked to, or a guest died."""


class KernelReport(LabError):
    """A guest's kernel reported a defect."""


def _script(name, *arguments):
    done = subprocess.run([os.path.join(LAB, name), *arguments], check=False,
                          stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise LabError(f"{name} {' '.join(arguments)} failed")
    return done.stdout.strip()


_paths = {}


def path_of(script, *arguments):
    """What a script of the lab prints, asked once."""
    key = (script, *arguments)
    if key not in _paths:
        _paths[key] = _script(script, *arguments)
    return _paths[key]


def kvm_works():
    """Whether KVM runs machines, which neither the device's existence nor that a
    virtual machine can be made says: a host that is a guest itself may have both
    and fail at the first instruction. VPNHA_ACCEL=kvm or tcg settles it."""
    asked = os.environ.get("VPNHA_ACCEL")
    if asked:
        return asked == "kvm"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as cpuinfo:
        if not re.search(r"^flags.*\b(vmx|svm)\b", cpuinfo.read(), re.MULTILINE):
            return False
    create_vm = 0xAE01
    try:
        device = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.close(fcntl.ioctl(device, create_vm, 0))
        return True
    except OSError:
        return False
    finally:
        os.close(device)


def side_by_side(kernel):
    """Whether the processors of a guest run at the same time: with KVM, and where defects
    are looked for, races among them. Else the emulator lets them take turns. At the same
    time it executes, once in many hours, half of an instruction that the kernel is
    patching, and they spin for one of theirs that another guest has pushed aside."""
    return kernel in SLOW or kvm_works()


def die_with_parent():
    """For a child between fork and exec: no machine outlives what drives it."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def give_way():
    """For a child between fork and exec: it gets what others leave of the processors."""
    die_with_parent()
    os.nice(5)


def hostname(name):
    """A machine's name as its kernel takes it: a test's file may have other letters."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "machine"


@dataclasses.dataclass
class Link:
    """An Ethernet cable between two machines: one listens, the other connects."""
    name: str
    path: str
    listen: bool = False


class Command:
    """A command that runs, or ran, in a machine."""

    def __init__(self, machine, number, argv, echo):
        self.machine = machine
        self.number = number
        self.argv = argv
        self.echo = echo
        self.data = bytearray()
        self.status = None
        self.over = threading.Event()

    @property
    def output(self):
        return self.data.decode("utf-8", errors="replace")

    def signal(self, number=signal.SIGTERM):
        self.machine.send(op="signal", id=self.number, signal=int(number))

    def wait(self, timeout=HANGS):
        """Returns the exit status. A command that hangs is killed, and raises."""
        if not self.over.wait(timeout):
            self.signal(signal.SIGKILL)
            self.over.wait(60)
            raise TimeoutError(f"{self.machine.name}: {' '.join(self.argv)} still ran "
                               f"after {timeout} s")
        if self.status is None:
            raise LabError(f"{self.machine.name} died while it ran {' '.join(self.argv)}")
        return self.status


class Machine:
    """A QEMU process with the lab's root file system, and an agent in it."""

    def __init__(self, name, out, kernel="6.12", smp=1, mem="1G", icount=False,
                 links=(), terminal=False, append=""):
        if icount and smp != 1:
            raise LabError("an instruction count needs a machine with one processor")
        self.name = name
        self.out = os.path.abspath(out)
        self.kernel = kernel
        self.smp = smp
        #: its processors do, for one that they have lost
        self.spins = smp > 1 and side_by_side(kernel)
        self.mem = mem
        self.icount = icount
        self.links = list(links)
        self.terminal = terminal
        self.append = append
        self.boots = 0
        self.ticks = 0
        self.process = None
        self.control = None
        self.reader = None
        self.ready = threading.Event()
        self.ended = threading.Event()
        self.answered = False
        self.taint = None
        self.commands = {}
        self.numbers = 0
        self.lock = threading.Lock()

    # -- its life ---------------------------------------------------------

    @property
    def console(self):
        """The console of the present boot; earlier ones stay beside it."""
        return os.path.join(self.out, f"{self.name}.{self.boots}.console")

    def console_text(self):
        try:
            with open(self.console, encoding="utf-8", errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def processor_time(self):
        """Seconds of the host's processors that the present boot has taken."""
        if self.running:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
            self.ticks = int(fields[11]) + int(fields[12])
        return self.ticks / os.sysconf("SC_CLK_TCK")

    def _command_line(self, control):
        kernel = path_of("kernel.sh", self.kernel)
        kvm = not self.icount and kvm_works()
        tcg = "tcg" if self.icount else \
            f"tcg,thread={'multi' if side_by_side(self.kernel) else 'single'}"
        append = ["console=ttyS0", "loglevel=7", "panic=-1", "oops=panic",
                  "printk.devkmsg=on", "mitigations=off", f"vpnha.name={hostname(self.name)}",
                  # a processor that others take away for half a minute is no lockup
                  "watchdog_thresh=60",
                  # nor is one whose timer does not tick for as long as the kernel counts
                  "no_timer_check",
                  # what is emulated is translated anew wherever it begins at another address
                  "norandmaps",
                  # the kernel's ciphers are not what is tested
                  "cryptomgr.notests",
                  # no interface that nobody asked for
                  "bonding.max_bonds=0", "ifb.numifbs=0", "dummy.numdummies=0",
                  "net.fb_tunnels=none"]
        line = ["qemu-system-x86_64", "-name", self.name, "-M", "q35", "-m", self.mem,
                "-smp", str(self.smp), "-nic", "none", "-display", "none", "-no-reboot",
                "-nodefaults", "-no-user-config",
                # a fifth level of page tables is one more to walk by software, and with erms the
                # kernel and libc copy by an instruction that software executes byte by byte
                "-cpu", "host" if kvm else "max,la57=off,erms=off",
                "-accel", "kvm" if kvm else tcg,
                "-kernel", os.path.join(kernel, "image"),
                "-initrd", os.path.join(kernel, "initrd"),
                "-chardev", f"file,id=console,path={self.console}",
                "-serial", "chardev:console",
                "-device", "virtio-serial-pci",
                "-chardev", f"socket,id=control,fd={control}",
                "-device", "virtserialport,chardev=control,name=org.vpnha.control"]
        if self.icount:
            line += ["-icount", "shift=0,sleep=off"]
        if self.terminal:
            line += ["-chardev", "stdio,id=terminal,signal=off",
                     "-device", "virtconsole,chardev=terminal"]
        line += ["-drive", f"file={path_of('root.sh', 'image')},format=raw,if=none,id=image,"
                           "readonly=on",
                 "-device", "virtio-blk-pci,drive=image"]
        for tag, path, readonly in (
                ("kernel", os.path.join(kernel, "root"), True),
                ("top", TOP, True),
                ("ksrc", path_of("kernel-source.sh"), True),
                ("out", self.out, False)):
            line += ["-fsdev", f"local,id={tag},path={path},security_model=none,"
                               f"multidevs=remap,readonly={'on' if readonly else 'off'}",
                     "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
        for index, link in enumerate(self.links):
            digest = hashlib.sha256(self.name.encode()).digest()
            mac = f"52:54:00:{digest[0]:02x}:{digest[1]:02x}:{index:02x}"
            line += ["-netdev", f"stream,id=link{index},server={'on' if link.listen else 'off'},"
                                f"addr.type=unix,addr.path={link.path}",
                     "-device", f"virtio-net-pci,netdev=link{index},mac={mac}"]
            append.append(f"vpnha.nic={mac},{link.name}")
        return line + ["-append", " ".join(append + [self.append]).strip()]

    def start(self):
        """Boots it, and returns when its agent answers."""
        if self.running:
            raise LabError(f"{self.name} runs already")
        tries = BOOT_TRIES
        while not self._boot():
            self.kill()
            tries -= 1
            if not tries or not self._lost_while_patching():
                tail = "\n".join(self.console_text().splitlines()[-20:])
                raise LabError(f"{self.name} did not boot; its console ends with\n{tail}")
            self.boots -= 1     # it leaves no console
        return self

    def _lost_while_patching(self):
        """Whether the emulator has executed half of an instruction that the kernel was
        patching, which it may where several processors run at once: no program had
        begun by then, and no module of ours."""
        text = self.console_text()
        return self.spins and "int3: 0000" in text and "Run /init" not in text

    def _boot(self):
        """Whether its agent has answered."""
        os.makedirs(self.out, exist_ok=True)
        self.boots += 1
        self.ready.clear()
        self.ended.clear()
        self.answered = False
        self.taint = None
        for link in self.links:
            if link.listen and os.path.exists(link.path):
                os.unlink(link.path)
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                self._command_line(theirs.fileno()), pass_fds=[theirs.fileno()],
                stdin=None if self.terminal else subprocess.DEVNULL,
                stdout=None if self.terminal else subprocess.DEVNULL,
                preexec_fn=die_with_parent if self.spins else give_way)
        self.reader = threading.Thread(target=self._read, args=(self.control,), daemon=True)
        self.reader.start()
        self.ready.wait(BOOT_HANGS)
        return self.answered

    def kill(self):
        """SIGKILL: the machine is gone as when its power fails."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.reader.join()

    def stop(self):
        """Has the guest make its last checks (leaks, taint), and switches it off."""
        if self.running:
            self.send(op="end")
            if not self.ended.wait(HANGS) or self.taint is None:
                self.kill()
                raise LabError(f"{self.name} died before its last checks were done")
            self.processor_time()       # nobody knows it later
            try:
                self.process.wait(BOOT_HANGS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise LabError(f"{self.name} could not be switched off") from None
            self.reader.join()

    def reports(self):
        """[(what ran, line)] that the kernel's consoles of all boots have against it."""
        found = []
        for boot in range(1, self.boots + 1):
            path = os.path.join(self.out, f"{self.name}.{boot}.console")
            with open(path, encoding="utf-8", errors="replace") as log:
                found += console.reports(log.read())
        found += [("", f"the kernel is tainted: {name}")
                  for name in console.taints(self.taint or 0)]
        return found

    # -- its agent --------------------------------------------------------

    def send(self, **message):
        try:
            self.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise LabError(f"{self.name} does not answer: {error}") from None

    def _read(self, control):
        with control, control.makefile("rb") as lines:
            try:
                for line in lines:
                    self._message(json.loads(line))
            except (OSError, ValueError):
                pass   # the machine died within a line
        self.ready.set()
        self.ended.set()
        with self.lock:
            for command in self.commands.values():
                command.over.set()
            self.commands.clear()

    def _message(self, message):
        operation = message["op"]
        if operation == "ready":
            self.answered = True
            self.ready.set()
        elif operation == "end":
            self.taint = message["taint"]
            self.ended.set()
        elif message["id"] in self.commands:
            command = self.commands[message["id"]]
            if operation == "out":
                data = message["data"].encode("latin-1")
                command.data += data
                if command.echo:
                    command.echo(data)
            else:
                with self.lock:
                    del self.commands[message["id"]]
                command.status = message["status"]
                command.over.set()

    def _ask(self, op, words, echo=None, **more):
        """A request that has output and a status."""
        if not self.running:
            raise LabError(f"{self.name} does not run")
        with self.lock:
            self.numbers += 1
            command = Command(self, self.numbers, words, echo)
            self.commands[command.number] = command
        self.send(op=op, id=command.number, **more)
        return command

    def begin(self, *argv, env=None, echo=None):
        """Starts a command and returns it; echo is called with its output as it comes."""
        argv = [str(word) for word in argv]
        return self._ask("run", argv, echo, argv=argv, env=env or {})

    def run(self, *argv, env=None, echo=None, timeout=HANGS):
        """Runs a command to its end: (status, output)."""
        command = self.begin(*argv, env=env, echo=echo)
        return command.wait(timeout), command.output

    def check(self, *argv, env=None, timeout=HANGS):
        """The output of a command that must succeed."""
        status, output = self.run(*argv, env=env, timeout=timeout)
        if status:
            raise LabError(f"{self.name}: {' '.join(map(str, argv))} exited with {status}\n{output}")
        return output

    def shell(self, script, **options):
        """As check, for a line of bash."""
        return self.check("bash", "-uc", script, **options)

    def wait_until(self, script, good=None, timeout=HANGS):
        """Waits until a line of bash succeeds, and what it printed is good(), and returns
        that. Without KVM a look is dear: it may take a tenth of the time."""
        deadline = time.monotonic() + timeout
        while True:
            began = time.monotonic()
            status, output = self.run("bash", "-uc", script, timeout=timeout)
            if status == 0 and (good is None or good(output)):
                return output
            now = time.monotonic()
            if now > deadline:
                raise TimeoutError(f"{self.name}: still not so after {timeout} s: {script}\n{output}")
            time.sleep(max(0.1, 9 * (now - began)))

    def mark(self, what):
        """Notes in the console what runs from here on."""
        self.send(op="mark", text=console.MARK + what)

    def tidy(self):
        """Removes what a test has left; returns what that was, a line for each."""
        command = self._ask("tidy", ["tidy"])
        command.wait()
        return command.output.splitlines()


class Lab:
    """Machines that live and end together."""

    def __init__(self, out=None, kernel=None):
        self.out = out or os.environ.get("VPNHA_OUT") or tempfile.mkdtemp(prefix="vpnha-out.")
        self.kernel = kernel or os.environ.get("KERNEL", "6.12")
        self.machines = []
        # of their own, for a socket's path may have no more than 107 characters
        self.sockets = tempfile.TemporaryDirectory(prefix="vpnha-lab.")

    def socket(self, name):
        return os.path.join(self.sockets.name, name)

    def start(self, name, **options):
        options.setdefault("kernel", self.kernel)
        machine = Machine(name, self.out, **options)
        self.machines.append(machine)
        return machine.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        failed = None
        for machine in self.machines:
            try:
                if kind is None:
                    machine.stop()
            except LabError as error:
                failed = error
            finally:
                machine.kill()
        self.sockets.cleanup()
        found = [(machine.name, line) for machine in self.machines
                 for _, line in machine.reports()]
        if found:
            lines = "\n".join(f"{name}: {line}" for name, line in found)
            if kind is None:
                raise KernelReport(lines)
            print(lines, file=sys.stderr)
        if failed:
            raise failed
