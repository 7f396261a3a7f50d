/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys in the form in which tshark takes them, for tests that look into captures. There
 * is none of this in a program that was not built with "make keylog".
 */
#ifndef VPNHAD_KEYLOG_H
#define VPNHAD_KEYLOG_H

#ifdef VPNHAD_KEYLOG

#include "ike/sa.h"

bool keylog_open(const char *dir);
void keylog_ike(const struct ike_sa *sa, const struct ike_suite *suite,
		const struct ike_keys *keys);
void keylog_esp(const struct ike_kernel_sa *k);

#endif

#endif
