# SPDX-License-Identifier: GPL-2.0
"""unittest whose results are KTAP: ktap_unittest.main() in place of unittest.main()."""

import sys
import unittest


class _Result(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.broken = False

    def stopTest(self, test):
        super().stopTest(test)
        if self.broken:
            self._point(test, False)

    def _point(self, test, ok, directive=""):
        name = test.shortDescription() or test.id().split(".", 1)[-1]
        print(f"{'ok' if ok else 'not ok'} {self.testsRun} {name}{directive}", flush=True)

    def _trace(self, text):
        for line in text.splitlines():
            print("# " + line, flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._point(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._trace(self.failures[-1][1])
        self._point(test, False)

    def addError(self, test, err):
        super().addError(test, err)
        self._trace(self.errors[-1][1])
        self._point(test, False)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            failure = issubclass(err[0], test.failureException)
            self._trace(f"{subtest}\n{(self.failures if failure else self.errors)[-1][1]}")
            self.broken = True

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._point(test, True, f" # SKIP {reason}")


def main(module="__main__"):
    """Runs the tests of a module and exits as kselftests do."""
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    print(f"KTAP version 1\n1..{suite.countTestCases()}", flush=True)
    result = _Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
