# SPDX-License-Identifier: GPL-2.0
"""A machine within the guest whose first process is systemd: namespaces of its own, of
the network, too, and directories that may be written and are forgotten."""

import os
import subprocess
import sys

for _area in ("hsrp", "lab"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", _area))

from gateway import TOP, sh, wait  # noqa: E402,F401
from scratch import scratch  # noqa: E402

# What a unit of the system wants by itself is not there: it would be the guest's.
_FIRST = scratch("/etc", "/usr/local", "/var/log", "/root") + r"""
# what lies under another mount cannot be mounted anew, as a unit's namespace has it
umount -l -R /run /tmp
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir /tmp/dev
mount -t tmpfs -o mode=755 tmpfs /tmp/dev
for name in null zero full random urandom tty kmsg; do
    touch /tmp/dev/$name
    mount --bind /dev/$name /tmp/dev/$name
done
mkdir /tmp/dev/pts /tmp/dev/shm /tmp/dev/mqueue
ln -s pts/ptmx /tmp/dev/ptmx
umount -l -R /dev /sys
mount --move /tmp/dev /dev
mount -t sysfs sys /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for target in sysinit basic local-fs multi-user sockets timers graphical; do
    if [ -d /usr/lib/systemd/system/$target.target.wants ]; then
        mount -t tmpfs tmpfs /usr/lib/systemd/system/$target.target.wants
    fi
done
rm -rf /etc/systemd/system/*.wants /etc/sysctl.d
: > /etc/machine-id
cat > /etc/systemd/system/lab.target << 'END'
[Unit]
DefaultDependencies=no
Wants=systemd-journald.service
END
ip link set lo up
exec env -i container=lab PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/lib/systemd/systemd --system --unit=lab.target --log-target=journal --log-level=info
"""


class Machine:
    """It is up when it is made."""

    def __init__(self, log):
        with open(log, "wb") as output:
            self.holder = subprocess.Popen(
                ["unshare", "--net", "--mount", "--uts", "--ipc", "--cgroup", "--pid", "--fork",
                 "--kill-child", "--mount-proc", "--propagation", "private",
                 "bash", "-euc", _FIRST], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT)
        self.log = log
        self.first = wait(self._child, "systemd is begun")
        wait(self._is_up, "systemd is up")

    def _ended(self):
        if self.holder.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"the machine ended: {log.read()}")

    def _child(self):
        self._ended()
        with open(f"/proc/{self.holder.pid}/task/{self.holder.pid}/children",
                  encoding="ascii") as children:
            found = children.read().split()
        return int(found[0]) if found else None

    def _is_up(self):
        self._ended()
        status, said = self.run("systemctl is-active lab.target")
        return status == 0 and said == "active\n"

    def run(self, script):
        """(status, output)"""
        done = subprocess.run(
            ["nsenter", "-t", str(self.first), "--net", "--mount", "--uts", "--ipc", "--cgroup",
             "--pid", "--root", "--wd=/", "env", "-i", "HOME=/root", "LANG=C.UTF-8",
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "bash", "-uc", script],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False)
        return done.returncode, done.stdout

    def sh(self, script):
        status, said = self.run(script)
        if status:
            raise RuntimeError(f"{script}: exit status {status}\n{said}")
        return said

    def write(self, path, text, mode=0o600, owner="root:root"):
        self.sh(f"cat > {path} << 'END'\n{text}END\nchown {owner} {path}; chmod {mode:o} {path}")

    def journal(self, unit):
        return self.sh(f"journalctl --no-pager -o cat -u {unit}")

    def end(self):
        self.holder.kill()
        self.holder.wait()
