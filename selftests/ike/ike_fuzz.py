#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native timeout=7200
"""ike_fuzz.py [pack DIRECTORY]: looks for inputs that the parsers of messages, of certificates,
and of what was encrypted do not take, by libFuzzer with ASan and UBSan, beginning with the corpus.
SECONDS= is how long with each of them; what it finds in the directory FOUND= stays there for the
next time. With "pack" what is new in such a directory becomes corpus/NAME.hex, without what adds
nothing, and the shortest of what does the same."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.realpath(os.path.join(HERE, "..", ".."))
OUTPUT = os.path.join(TOP, "build", "selftests", "ike")
#: name: octets that an input has at most
TARGETS = {"wire": 4096, "cert": 8192, "sa": 4096}
SECONDS = int(os.environ.get("SECONDS", 8))

HEAD = """# SPDX-License-Identifier: GPL-2.0
# Inputs of ike_fuzz_{name} that a fuzzer has found, each of which gets somewhere new; by
# ike_fuzz.py pack.
"""


def unpack(name, directory):
    """The corpus as files, as libFuzzer wants it."""
    os.makedirs(directory, exist_ok=True)
    corpus = os.path.join(HERE, "corpus")
    for entry in os.listdir(os.path.join(corpus, name)):
        if not entry.endswith(".license"):
            shutil.copy(os.path.join(corpus, name, entry), os.path.join(directory, entry))
    with open(os.path.join(corpus, f"{name}.hex"), encoding="ascii") as packed:
        for number, line in enumerate(packed, 1):
            if not line.startswith("#"):
                with open(os.path.join(directory, f"line-{number}"), "wb") as file:
                    file.write(bytes.fromhex(line))
    return directory


def build():
    subprocess.run(["make", "-s", "-C", HERE, "fuzz", f"OUTPUT={OUTPUT}"], check=True,
                   stdout=subprocess.DEVNULL)


def program(name):
    return os.path.join(OUTPUT, "fuzz", f"ike_fuzz_{name}")


def look(name, place):
    """Returns what libFuzzer says at its end, and whether it has found nothing."""
    found = os.path.join(os.environ.get("FOUND", place), name)
    os.makedirs(found, exist_ok=True)
    done = subprocess.run(
        [program(name), f"-max_total_time={SECONDS}", f"-max_len={TARGETS[name]}",
         "-print_final_stats=1", "-timeout=600", "-len_control=0",
         f"-artifact_prefix={found}-", found, unpack(name, os.path.join(place, f"{name}-corpus"))],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    lines = done.stdout.splitlines()
    good = done.returncode == 0
    # the input is there in base64, too
    return [line for line in lines if line.startswith(("INFO: Seed", "stat::number", "Done"))
            ] if good else lines[-80:], good


def pack(name, directory):
    """The corpus, without what the named inputs reach already."""
    with tempfile.TemporaryDirectory() as place:
        known, before, merged = (os.path.join(place, part)
                                 for part in ("known", "before", "merged"))
        os.makedirs(before)
        unpack(name, known)
        for entry in os.listdir(known):
            if entry.startswith("line-"):
                os.rename(os.path.join(known, entry), os.path.join(before, entry))
        shutil.copytree(known, merged, dirs_exist_ok=True)
        subprocess.run([program(name), "-merge=1", f"-max_len={TARGETS[name]}", merged, directory,
                        before], check=True, stderr=subprocess.DEVNULL)
        inputs = set()
        for entry in set(os.listdir(merged)) - set(os.listdir(known)):
            with open(os.path.join(merged, entry), "rb") as file:
                inputs.add(file.read())
    with open(os.path.join(HERE, "corpus", f"{name}.hex"), "w", encoding="ascii") as packed:
        packed.write(HEAD.format(name=name))
        packed.writelines(f"{data.hex()}\n" for data in sorted(inputs, key=lambda one: (len(one),
                                                                                        one)))
    return len(inputs)


def main():
    if sys.argv[1:2] == ["pack"]:
        build()
        for name in TARGETS:
            print(name, pack(name, os.path.join(sys.argv[2], name)))
        return
    print(f"TAP version 13\n1..{len(TARGETS)}", flush=True)
    if not shutil.which("clang"):
        for number, name in enumerate(TARGETS, 1):
            print(f"ok {number} {name} # SKIP there is no clang")
        return
    build()
    failed = False
    with tempfile.TemporaryDirectory() as place:
        for number, name in enumerate(TARGETS, 1):
            said, good = look(name, place)
            for line in said:
                print(f"# {line}")
            print(f"{'ok' if good else 'not ok'} {number} {name}: nothing new is found that "
                  "is a fault", flush=True)
            failed |= not good
    sys.exit(failed)


if __name__ == "__main__":
    main()
