#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Whatever cannot be done is refused with the right error, a message and the
offending attribute, and leaves everything as it was: nothing is changed, and
nothing is told to anybody."""

from netlink_esp_refusals import complete
from netlink_family import Report, Topology
from netlink_raw import faults_of
from netlink_refusals import Place, by_operation, cases, each


def refuse(place, case):
    answer = place.raw.request(case.operation, case.attributes, dump=case.dump)
    return faults_of(answer, case, place.raw) + place.touched()


def main():
    with Topology() as topology:
        place = Place(topology.add("nl-refuse"))
        chosen = by_operation(cases(place.raw))
        report = Report(len(chosen) + 1)
        report.run("every operation on ESP's objects is refused for something", complete,
                   place.raw)
        for operation, some in chosen.items():
            report.run(f"{operation}: {len(some)} requests that cannot be done", each, some,
                       lambda case: refuse(place, case))
    report.end()


if __name__ == "__main__":
    main()
