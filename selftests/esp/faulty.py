# SPDX-License-Identifier: GPL-2.0
"""The module esp_faulty, whose ciphers are late, busy or fail on demand: its
parameters are what it says there."""

import os

from esplab import sh, wait

NAME = "esp_faulty"
PARAMETERS = {"enrol": 0, "later": 0, "busy": 0, "error": 0, "every": 1, "hold": 0}


def _path(what):
    return f"/sys/module/{NAME}/{what}"


def load():
    # built beside the module under test, for the same kernel
    directory = os.path.dirname(os.environ["VPNHA_KO"])
    sh(f"insmod {directory}/selftests/esp/faulty/{NAME}.ko")


def unload():
    sh(f"rmmod {NAME}")


def loaded():
    return os.path.exists(_path(""))


def be(**parameters):
    """What is not named is as it is in the beginning."""
    for name, value in {**PARAMETERS, **parameters}.items():
        put(name, value)


def put(name, value):
    with open(_path(f"parameters/{name}"), "w", encoding="ascii") as file:
        file.write(str(int(value)))


def get(name):
    with open(_path(f"parameters/{name}"), encoding="ascii") as file:
        return int(file.read())


def users():
    """Transforms that somebody has; each has its memory."""
    with open(_path("refcnt"), encoding="ascii") as file:
        return int(file.read())


def wait_for_waiting(count):
    wait(lambda: get("waiting") >= count, f"{count} requests are under way")


def release():
    """Lets all go that is held, and waits until it is through."""
    put("hold", 0)
    wait(lambda: not get("waiting"), "no request is under way any more")
